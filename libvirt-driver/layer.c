// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Our functions in place of some of the stock driver's. Linked to private functions of one
 * version of libvirt: with another one it cannot be loaded.
 */
#include <config.h>

#include <dlfcn.h>

#include "define.h"
#include "domain.h"
#include "event.h"
#include "layer.h"
#include "showxml.h"
#include "stock.h"


/* The stock function comes first, and with it its access check. */
static char *
layerGetXMLDesc(virNodeDevicePtr dev,
                unsigned int flags)
{
    g_autofree char *xml = apmatrixUnder.driver.nodeDeviceGetXMLDesc(dev, flags);

    if (!xml)
        return NULL;

    return ap_show_any(apmatrixUnder.host, xml, !!(flags & VIR_NODE_DEVICE_XML_INACTIVE));
}


int
apmatrixLayerStart(virNodeDeviceDriver *table,
                   void *stock)
{
    virNodeDeviceDriverState **state = dlsym(stock, "driver");

    if (!state)
        return -1;

    apmatrixUnder.driver = *table;
    apmatrixUnder.state = state;
    apmatrixUnder.host = ap_host_new(NULL);

    table->nodeDeviceGetXMLDesc = layerGetXMLDesc;
    table->nodeDeviceDefineXML = apmatrixNodeDeviceDefineXML;
    table->nodeDeviceCreateXML = apmatrixNodeDeviceCreateXML;
    table->nodeDeviceCreate = apmatrixNodeDeviceCreate;
    table->nodeDeviceUpdate = apmatrixNodeDeviceUpdate;
    table->connectNodeDeviceEventRegisterAny = apmatrixConnectNodeDeviceEventRegisterAny;
    apmatrixDomainStart();

    return 0;
}
