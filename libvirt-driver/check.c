// SPDX-License-Identifier: LGPL-2.1-or-later
#include <config.h>

#include "check.h"
#include "policy.h"
#include "report.h"
#include "stock.h"
#include "virerror.h"
#include "virxml.h"
#include "xml.h"

#define VIR_FROM_THIS VIR_FROM_NODEDEV

/* What messages call a document that has no name. */
#define SOURCE "XML"


static int
checkElement(xmlNode *node)
{
    g_autoptr(xmlDoc) doc = xmlNewDoc(NULL);

    xmlDocSetRootElement(doc, xmlDocCopyNode(node, doc, 1));
    return virXMLValidateAgainstSchema(APMATRIX_SCHEMA, doc);
}


/* The schema says less than libapmatrix does, in words that help less: it comes second. */
static int
checkSchema(const char *xml)
{
    g_autoptr(xmlDoc) doc = ap_xml_parse(xml, strlen(xml), SOURCE, NULL);
    xmlNode *node = doc ? ap_xml_first(xmlDocGetRootElement(doc)) : NULL;
    xmlNode *child;

    for (; node; node = ap_xml_next(node)) {
        for (child = ap_xml_first(node); child; child = ap_xml_next(child)) {
            if (ap_xml_is(child, "matrix") && checkElement(child) < 0)
                return -1;
        }
    }

    return 0;
}


static bool
checkPolicy(ApDefinition *def,
            unsigned int scope,
            GError **error)
{
    g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
    bool ok = true;

    if (scope & APMATRIX_CHECK_LIVE)
        ok = ap_policy_start(apmatrixUnder.host, def, warnings, error);
    if (ok && (scope & APMATRIX_CHECK_CONFIG))
        ok = ap_policy_define(apmatrixUnder.host, def, warnings, error);
    apmatrixReportWarnings(warnings);

    return ok;
}


static bool
checkAutostart(const char *uuid)
{
    g_autoptr(ApDefinition) def = NULL;

    if (!uuid)
        return false;

    def = ap_host_load_definition(apmatrixUnder.host, uuid, NULL);
    return def && ap_definition_get_autostart(def);
}


static int
checkGuest(const ApGuest *guest,
           const char *uuid,
           unsigned int scope,
           GError **error)
{
    g_autofree char *json = ap_guest_to_json(guest);
    g_autoptr(ApDefinition) def = ap_definition_parse(uuid, json, strlen(json), error);

    return def && checkPolicy(def, scope, error) ? 0 : -1;
}


void
apmatrixCheckFree(apmatrixCheck *check)
{
    if (!check)
        return;

    g_free(check->xml);
    g_free(check->uuid);
    g_free(check);
}


apmatrixCheck *
apmatrixCheckXML(const char *xml,
                 const char *uuid,
                 unsigned int scope)
{
    g_autoptr(apmatrixCheck) check = g_new0(apmatrixCheck, 1);
    g_autoptr(ApGuest) guest = NULL;
    g_autoptr(GError) error = NULL;

    check->xml = ap_nodedev_translate(xml, strlen(xml), SOURCE, &guest, &error);
    if (!check->xml) {
        apmatrixReportError(error);
        return NULL;
    }

    if (checkSchema(xml) < 0)
        return NULL;

    check->uuid = g_strdup(uuid ? uuid : guest->uuid);
    check->autostart = (scope & APMATRIX_CHECK_CONFIG) && checkAutostart(check->uuid);
    guest->autostart = check->autostart;
    if (checkGuest(guest, check->uuid, scope, &error) < 0) {
        apmatrixReportError(error);
        return NULL;
    }

    return g_steal_pointer(&check);
}


int
apmatrixCheckStart(const char *uuid)
{
    g_autoptr(ApDefinition) def = NULL;
    g_autoptr(GError) error = NULL;

    def = ap_host_load_definition(apmatrixUnder.host, uuid, &error);
    if (!def || !checkPolicy(def, APMATRIX_CHECK_LIVE, &error)) {
        apmatrixReportError(error);
        return -1;
    }

    return 0;
}
