// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What libvirt loads in place of its node device module: it loads that first, and then
 * tries to put our layer over it. Whatever is not as it should be, the stock driver is
 * there.
 *
 * It is compiled with libvirt's private types, but linked to public functions only: it can
 * be loaded into any version of libvirt. The one visible symbol is nodedevRegister(): a
 * function named like one of the stock module's would be taken for it, as libvirt loads
 * modules with RTLD_GLOBAL (src/util/virmodule.c).
 */
#include <config.h>

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include "layer.h"
#include "slots.h"

#define STOCK_MODULE APMATRIX_STOCK_DIR "/libvirt_driver_nodedev.so"

#define REGISTER "nodedevRegister"

int
nodedevRegister(void);


/* Goes to the journal, whatever libvirt's log filters are. */
static void
shimRefuse(const char *reason,
           const char *detail)
{
    fprintf(stderr, "apmatrix: libvirt works without the AP layer: %s%s%s\n",
            reason, detail ? ": " : "", detail ? detail : "");
}


static bool
shimCheckVersion(void)
{
    unsigned long version = 0;
    char detail[64];

    if (virGetVersion(&version, NULL, NULL) == 0 && version == LIBVIR_VERSION_NUMBER)
        return true;

    snprintf(detail, sizeof(detail), "%lu, not %lu", version,
             (unsigned long)LIBVIR_VERSION_NUMBER);
    shimRefuse("it is another version", detail);
    return false;
}


/* Drivers that are registered so get the shared node device driver put in: the stock one. A
 * list of schemes that is empty means that it is never asked for a connection. */
static virNodeDeviceDriver *
shimFindTable(void)
{
    static const char *schemes[] = { NULL };
    static virHypervisorDriver hypervisor = { .name = "apmatrix" };
    static virConnectDriver probe = {
        .localOnly = true,
        .uriSchemes = schemes,
        .hypervisorDriver = &hypervisor,
    };
    int (*enroll)(virConnectDriver *, bool);

    *(void **)&enroll = dlsym(RTLD_DEFAULT, "virRegisterConnectDriver");
    if (!enroll || enroll(&probe, true) < 0) {
        virResetLastError();
        return NULL;
    }

    return probe.nodeDeviceDriver;
}


static void
shimStartLayer(virNodeDeviceDriver *table,
               void *stock)
{
    void *layer = dlopen(APMATRIX_LAYER, RTLD_NOW | RTLD_LOCAL);
    apmatrixLayerStartFunc start;

    if (!layer) {
        shimRefuse("it cannot be loaded", dlerror());
        return;
    }

    *(void **)&start = dlsym(layer, APMATRIX_LAYER_START);
    if (start && start(table, stock) == 0)
        return;

    shimRefuse(start ? "it did not start" : "it has no " APMATRIX_LAYER_START, NULL);
    dlclose(layer);
}


static void
shimTry(void *stock)
{
    virNodeDeviceDriver *table;
    const char *wrong;

    if (!shimCheckVersion())
        return;

    table = shimFindTable();
    if (!table) {
        shimRefuse("the stock driver's table was not found", NULL);
        return;
    }

    wrong = apmatrixSlotsCheck(table, stock);
    if (wrong) {
        shimRefuse("not where it was in the stock driver", wrong);
        return;
    }

    shimStartLayer(table, stock);
}


int
nodedevRegister(void)
{
    /* As libvirt itself would (src/util/virmodule.c, virModuleLoadFile). */
    void *stock = dlopen(STOCK_MODULE, RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE);
    int (*enroll)(void);

    if (!stock) {
        shimRefuse("its node device driver cannot be loaded either", dlerror());
        return -1;
    }

    *(void **)&enroll = dlsym(stock, REGISTER);
    if (!enroll) {
        shimRefuse("its node device driver is none", dlerror());
        return -1;
    }

    if (enroll() < 0)
        return -1;

    shimTry(stock);
    return 0;
}
