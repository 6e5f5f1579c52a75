// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * libvirt hands the QEMU driver's table to nobody but connections to it. So there is a driver
 * for the same URIs before it (libvirtd loads node devices first, src/remote/remote_daemon.c),
 * which declines each connection, as drivers may, and takes the table from one of its own.
 */
#include <config.h>

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "datatypes.h"
#include "domain.h"
#include "driver.h"
#include "hostdev.h"
#include "stock.h"
#include "virerror.h"
#include "virlog.h"

#define VIR_FROM_THIS VIR_FROM_QEMU

VIR_LOG_INIT("apmatrix.domain");

#define DOMAIN_URI "qemu:///system"
#define DOMAIN_MODULE "/libvirt_driver_qemu.so"

typedef enum {
    DOMAIN_NEW,
    DOMAIN_BUSY, /* a connection is looking for the table */
    DOMAIN_DONE, /* it has our functions, or never gets them */
} domainProgress;

static gint domainState = DOMAIN_NEW;

/* The QEMU driver's functions as they were; before its table has one of ours. */
static virHypervisorDriver domainStock;


/* @xml: the device or the domain that the stock function has refused, with its error set. */
static void
domainAdvise(const char *xml)
{
    virErrorPtr error = virGetLastError();
    g_autofree char *said = NULL;
    g_autofree char *advice = NULL;

    if (!xml || !error || error->code != VIR_ERR_DEVICE_MISSING || !error->str2)
        return;

    said = g_strdup(error->str2);
    advice = ap_hostdev_advise(apmatrixUnder.host, xml, said);
    if (advice) {
        virReportErrorHelper(error->domain, error->code, __FILE__, __FUNCTION__, __LINE__,
                             "%s: %s", said, advice);
    }
}


/* Who may start a domain may not be allowed to read it: then the stock error stays. While
 * somebody else starts it the stock function waits for that, half a minute at most. */
static void
domainAdviseOn(virDomainPtr dom)
{
    virErrorPtr error = NULL;
    g_autofree char *xml = NULL;

    if (virGetLastErrorCode() != VIR_ERR_DEVICE_MISSING)
        return;

    virErrorPreserveLast(&error);
    xml = domainStock.domainGetXMLDesc(dom, VIR_DOMAIN_XML_INACTIVE);
    virErrorRestore(&error);
    domainAdvise(xml);
}


static int
domainAttachDevice(virDomainPtr dom,
                   const char *xml)
{
    int ret = domainStock.domainAttachDevice(dom, xml);

    if (ret < 0)
        domainAdvise(xml);
    return ret;
}


static int
domainAttachDeviceFlags(virDomainPtr dom,
                        const char *xml,
                        unsigned int flags)
{
    int ret = domainStock.domainAttachDeviceFlags(dom, xml, flags);

    if (ret < 0)
        domainAdvise(xml);
    return ret;
}


static int
domainCreate(virDomainPtr dom)
{
    int ret = domainStock.domainCreate(dom);

    if (ret < 0)
        domainAdviseOn(dom);
    return ret;
}


static int
domainCreateWithFlags(virDomainPtr dom,
                      unsigned int flags)
{
    int ret = domainStock.domainCreateWithFlags(dom, flags);

    if (ret < 0)
        domainAdviseOn(dom);
    return ret;
}


static virDomainPtr
domainCreateXML(virConnectPtr conn,
                const char *xml,
                unsigned int flags)
{
    virDomainPtr ret = domainStock.domainCreateXML(conn, xml, flags);

    if (!ret)
        domainAdvise(xml);
    return ret;
}


static bool
domainIsStock(void *function)
{
    Dl_info info;

    return dladdr(function, &info) && g_str_has_suffix(info.dli_fname, DOMAIN_MODULE);
}


/* Every slot after the name is empty or a function of the QEMU driver's own module. */
static bool
domainIsTable(const virHypervisorDriver *table)
{
    const char *slot = (const char *)table + sizeof(table->name);
    const char *end = (const char *)(table + 1);

    G_STATIC_ASSERT(offsetof(virHypervisorDriver, name) == 0);

    if (STRNEQ_NULLABLE(table->name, "QEMU"))
        return false;

    for (; slot < end; slot += sizeof(void *)) {
        void *function;

        memcpy(&function, slot, sizeof(function));
        if (function && !domainIsStock(function))
            return false;
    }

    return true;
}


static void
domainTake(virHypervisorDriver *table)
{
    if (!domainIsTable(table) || !table->domainAttachDevice || !table->domainAttachDeviceFlags ||
        !table->domainCreate || !table->domainCreateWithFlags || !table->domainCreateXML ||
        !table->domainGetXMLDesc) {
        VIR_WARN("the QEMU driver's table is not as it was: its messages stay as they are");
        return;
    }

    domainStock = *table;
    /* Others call by it at the same time. */
    g_atomic_pointer_set(&table->domainAttachDevice, domainAttachDevice);
    g_atomic_pointer_set(&table->domainAttachDeviceFlags, domainAttachDeviceFlags);
    g_atomic_pointer_set(&table->domainCreate, domainCreate);
    g_atomic_pointer_set(&table->domainCreateWithFlags, domainCreateWithFlags);
    g_atomic_pointer_set(&table->domainCreateXML, domainCreateXML);
}


static bool
domainIsDenied(int code)
{
    return code == VIR_ERR_ACCESS_DENIED || code == VIR_ERR_AUTH_CANCELLED ||
           code == VIR_ERR_AUTH_UNAVAILABLE || code == VIR_ERR_AUTH_FAILED;
}


/* Whoever may not connect is told so by the QEMU driver itself, soon; the next one tries. */
static domainProgress
domainFind(void)
{
    virConnectPtr conn = virConnectOpenReadOnly(DOMAIN_URI);

    if (!conn) {
        domainProgress next = domainIsDenied(virGetLastErrorCode()) ? DOMAIN_NEW : DOMAIN_DONE;

        virResetLastError();
        return next;
    }

    domainTake(conn->driver);
    virConnectClose(conn);

    return DOMAIN_DONE;
}


static virDrvOpenStatus
domainOpen(virConnectPtr conn G_GNUC_UNUSED,
           virConnectAuthPtr auth G_GNUC_UNUSED,
           virConf *conf G_GNUC_UNUSED,
           unsigned int flags G_GNUC_UNUSED)
{
    if (g_atomic_int_compare_and_exchange(&domainState, DOMAIN_NEW, DOMAIN_BUSY))
        g_atomic_int_set(&domainState, domainFind());

    return VIR_DRV_OPEN_DECLINED;
}


void
apmatrixDomainStart(void)
{
    static const char *schemes[] = { "qemu", NULL };
    static virHypervisorDriver hypervisor = {
        .name = "apmatrix-domain",
        .connectOpen = domainOpen,
    };
    static virConnectDriver driver = {
        .localOnly = true,
        .uriSchemes = schemes,
        .hypervisorDriver = &hypervisor,
    };

    /* In another daemon these URIs are somebody else's, to be reached by a socket. */
    if (STRNEQ(program_invocation_short_name, "libvirtd") || geteuid() != 0)
        return;

    /* There is room for 21 (src/libvirt.c, MAX_DRIVERS), and libvirt has at most 19. */
    if (virRegisterConnectDriver(&driver, false) < 0)
        virResetLastError();
}
