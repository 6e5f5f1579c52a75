// SPDX-License-Identifier: LGPL-2.1-or-later
#include <config.h>

#include "access.h"
#include "check.h"
#include "datatypes.h"
#include "define.h"
#include "event.h"
#include "stock.h"
#include "virerror.h"
#include "xml.h"

#define VIR_FROM_THIS VIR_FROM_NODEDEV

typedef int
(*defineEnsureACL)(virConnectPtr conn,
                   virNodeDeviceDef *def);

typedef enum {
    DEFINE_REFUSED = -1, /* with an error reported */
    DEFINE_STOCK, /* nothing of ours: as it is to the stock function */
    DEFINE_CHECKED,
} defineResult;


/* The stock functions parse first, too: the access check is about what the XML names. It is
 * parsed without their schema, which knows no elements of ours. */
static defineResult
defineCheck(virConnectPtr conn,
            const char *xmlDesc,
            defineEnsureACL ensureACL,
            unsigned int scope,
            apmatrixCheck **check)
{
    virNodeDeviceDriverState *state = *apmatrixUnder.state;
    g_autoptr(virNodeDeviceDef) def = NULL;

    if (apmatrixStockWait() < 0)
        return DEFINE_REFUSED;

    def = virNodeDeviceDefParse(xmlDesc, NULL, CREATE_DEVICE, virConnectGetType(conn),
                                &state->parserCallbacks, NULL, false);
    if (!strstr(xmlDesc, AP_XML_NAMESPACE) && !(def && apmatrixStockIsMatrix(def))) {
        /* What is wrong with it the stock function says in its own words. */
        virResetLastError();
        return DEFINE_STOCK;
    }

    if (!def || ensureACL(conn, def) < 0)
        return DEFINE_REFUSED;

    *check = apmatrixCheckXML(xmlDesc, NULL, scope);
    return *check ? DEFINE_CHECKED : DEFINE_REFUSED;
}


/* The stock functions write every definition as one that is started by hand. What libvirt
 * remembers may be what was before: it is told both, so that it does set the one. */
static int
defineKeepAutostart(virNodeDevicePtr dev)
{
    if (apmatrixUnder.driver.nodeDeviceSetAutostart(dev, 0) < 0)
        return -1;

    return apmatrixUnder.driver.nodeDeviceSetAutostart(dev, 1);
}


static virNodeDevicePtr
defineStock(virConnectPtr conn,
            const apmatrixCheck *check,
            unsigned int flags)
{
    virNodeDevicePtr dev;

    if (!check->autostart)
        return apmatrixUnder.driver.nodeDeviceDefineXML(conn, check->xml, flags);

    /* In between it is without autostart, which is nobody's change. */
    apmatrixEventHold(check->uuid);
    dev = apmatrixUnder.driver.nodeDeviceDefineXML(conn, check->xml, flags);
    if (dev && defineKeepAutostart(dev) < 0) {
        virErrorPtr err;

        virErrorPreserveLast(&err);
        virObjectUnref(dev);
        virErrorRestore(&err);
        dev = NULL;
    }
    apmatrixEventRelease(check->uuid);

    return dev;
}


virNodeDevicePtr
apmatrixNodeDeviceDefineXML(virConnectPtr conn,
                            const char *xmlDesc,
                            unsigned int flags)
{
    g_autoptr(apmatrixCheck) check = NULL;

    switch (defineCheck(conn, xmlDesc, virNodeDeviceDefineXMLEnsureACL,
                        APMATRIX_CHECK_CONFIG, &check)) {
    case DEFINE_STOCK:
        return apmatrixUnder.driver.nodeDeviceDefineXML(conn, xmlDesc, flags);
    case DEFINE_CHECKED:
        return defineStock(conn, check, flags);
    case DEFINE_REFUSED:
    default:
        return NULL;
    }
}


virNodeDevicePtr
apmatrixNodeDeviceCreateXML(virConnectPtr conn,
                            const char *xmlDesc,
                            unsigned int flags)
{
    g_autoptr(apmatrixCheck) check = NULL;

    switch (defineCheck(conn, xmlDesc, virNodeDeviceCreateXMLEnsureACL,
                        APMATRIX_CHECK_LIVE, &check)) {
    case DEFINE_STOCK:
        return apmatrixUnder.driver.nodeDeviceCreateXML(conn, xmlDesc, flags);
    case DEFINE_CHECKED:
        return apmatrixUnder.driver.nodeDeviceCreateXML(conn, check->xml, flags);
    case DEFINE_REFUSED:
    default:
        return NULL;
    }
}


/* A device of ours that is defined and not active may be looked at by the client: its UUID.
 * In all other cases the stock function has something to say, or does all of it. */
int
apmatrixNodeDeviceCreate(virNodeDevicePtr dev,
                         unsigned int flags)
{
    g_autofree char *uuid = ap_nodedev_read_name(dev->name);
    virNodeDeviceObj *obj = NULL;
    bool check = false;
    int rc = 0;

    if (uuid && apmatrixStockWait() < 0)
        return -1;

    if (uuid)
        obj = virNodeDeviceObjListFindByName((*apmatrixUnder.state)->devs, dev->name);
    if (obj && !virNodeDeviceObjIsActive(obj) && virNodeDeviceObjIsPersistent(obj)) {
        check = true;
        rc = virNodeDeviceCreateEnsureACL(dev->conn, virNodeDeviceObjGetDef(obj));
    }
    virNodeDeviceObjEndAPI(&obj);

    if (rc < 0 || (check && apmatrixCheckStart(uuid) < 0))
        return -1;

    return apmatrixUnder.driver.nodeDeviceCreate(dev, flags);
}


/* Whether the device is ours, and what the update is going to change; -1 with an error. */
static int
updateScope(virNodeDevicePtr dev,
            unsigned int flags,
            bool *ours,
            unsigned int *scope)
{
    virNodeDeviceObj *obj = virNodeDeviceObjListFindByName((*apmatrixUnder.state)->devs,
                                                           dev->name);
    virNodeDeviceDef *def;
    unsigned int impact = flags;
    int ret = -1;

    *ours = false;
    /* The stock function says so. */
    if (!obj)
        return 0;

    def = virNodeDeviceObjGetDef(obj);
    if (!apmatrixStockIsMatrix(def)) {
        ret = 0;
        goto cleanup;
    }

    if (virNodeDeviceUpdateEnsureACL(dev->conn, def, flags) < 0 ||
        virNodeDeviceObjUpdateModificationImpact(obj, &impact) < 0)
        goto cleanup;

    *ours = true;
    *scope = (impact & VIR_NODE_DEVICE_UPDATE_AFFECT_LIVE) ? APMATRIX_CHECK_LIVE : 0;
    if (impact & VIR_NODE_DEVICE_UPDATE_AFFECT_CONFIG)
        *scope |= APMATRIX_CHECK_CONFIG;
    ret = 0;

 cleanup:
    virNodeDeviceObjEndAPI(&obj);
    return ret;
}


static int
updateStock(virNodeDevicePtr dev,
            const apmatrixCheck *check,
            unsigned int flags)
{
    int rc;

    if (!check->autostart)
        return apmatrixUnder.driver.nodeDeviceUpdate(dev, check->xml, flags);

    apmatrixEventHold(check->uuid);
    rc = apmatrixUnder.driver.nodeDeviceUpdate(dev, check->xml, flags);
    if (rc == 0)
        rc = defineKeepAutostart(dev);
    apmatrixEventRelease(check->uuid);

    return rc;
}


int
apmatrixNodeDeviceUpdate(virNodeDevicePtr dev,
                         const char *xmlDesc,
                         unsigned int flags)
{
    g_autofree char *uuid = ap_nodedev_read_name(dev->name);
    g_autoptr(apmatrixCheck) check = NULL;
    unsigned int scope = 0;
    bool ours = false;

    if (uuid && (apmatrixStockWait() < 0 || updateScope(dev, flags, &ours, &scope) < 0))
        return -1;

    if (!ours)
        return apmatrixUnder.driver.nodeDeviceUpdate(dev, xmlDesc, flags);

    check = apmatrixCheckXML(xmlDesc, uuid, scope);
    if (!check)
        return -1;

    return updateStock(dev, check, flags);
}
