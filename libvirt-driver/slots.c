// SPDX-License-Identifier: LGPL-2.1-or-later
#include <config.h>

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "slots.h"

typedef void (*apmatrixFunction)(void);

#define SLOT(member, function) { offsetof(virNodeDeviceDriver, member), #function }

/* libvirt 11.3, src/node_device/node_device_udev.c, udevNodeDeviceDriver. */
static const struct {
    size_t offset;
    const char *function;
} slots[] = {
    SLOT(nodeNumOfDevices, nodeNumOfDevices),
    SLOT(nodeListDevices, nodeListDevices),
    SLOT(connectListAllNodeDevices, nodeConnectListAllNodeDevices),
    SLOT(connectNodeDeviceEventRegisterAny, nodeConnectNodeDeviceEventRegisterAny),
    SLOT(connectNodeDeviceEventDeregisterAny, nodeConnectNodeDeviceEventDeregisterAny),
    SLOT(nodeDeviceLookupByName, nodeDeviceLookupByName),
    SLOT(nodeDeviceLookupSCSIHostByWWN, nodeDeviceLookupSCSIHostByWWN),
    SLOT(nodeDeviceGetXMLDesc, nodeDeviceGetXMLDesc),
    SLOT(nodeDeviceGetParent, nodeDeviceGetParent),
    SLOT(nodeDeviceNumOfCaps, nodeDeviceNumOfCaps),
    SLOT(nodeDeviceListCaps, nodeDeviceListCaps),
    SLOT(nodeDeviceCreateXML, nodeDeviceCreateXML),
    SLOT(nodeDeviceDestroy, nodeDeviceDestroy),
    SLOT(nodeDeviceDefineXML, nodeDeviceDefineXML),
    SLOT(nodeDeviceUndefine, nodeDeviceUndefine),
    SLOT(nodeDeviceCreate, nodeDeviceCreate),
    SLOT(nodeDeviceSetAutostart, nodeDeviceSetAutostart),
    SLOT(nodeDeviceGetAutostart, nodeDeviceGetAutostart),
    SLOT(nodeDeviceIsPersistent, nodeDeviceIsPersistent),
    SLOT(nodeDeviceIsActive, nodeDeviceIsActive),
    SLOT(nodeDeviceUpdate, nodeDeviceUpdate),
};

/* The name and the functions are all that there is. */
G_STATIC_ASSERT(G_N_ELEMENTS(slots) == 21);
G_STATIC_ASSERT(sizeof(virNodeDeviceDriver) ==
                sizeof(const char *) + G_N_ELEMENTS(slots) * sizeof(apmatrixFunction));


const char *
apmatrixSlotsCheck(const virNodeDeviceDriver *table,
                   void *stock)
{
    size_t i;

    for (i = 0; i < G_N_ELEMENTS(slots); i++) {
        void *expected = dlsym(stock, slots[i].function);
        void *found;

        memcpy(&found, (const char *)table + slots[i].offset, sizeof(found));
        if (!expected || found != expected)
            return slots[i].function;
    }

    return NULL;
}
