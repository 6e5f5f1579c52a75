/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A definition of a mediated device, as mdevctl keeps it in /etc/mdevctl.d/matrix/UUID
 * and hands it to callouts.
 */
#ifndef APMATRIX_DEFINITION_H
#define APMATRIX_DEFINITION_H

#include "public.h"

/* No definition needs more: 768 attributes are about 40 KiB. */
#define AP_DEFINITION_MAX (1024 * 1024)

typedef struct ApDefinition ApDefinition;

AP_PUBLIC ApDefinition *ap_definition_parse(const char *uuid, const char *text, gsize len,
					    GError **error);

AP_PUBLIC ApDefinition *ap_definition_load(const char *uuid, const char *path, GError **error);

AP_PUBLIC void ap_definition_free(ApDefinition *def);

AP_PUBLIC const char *ap_definition_get_uuid(const ApDefinition *def);

AP_PUBLIC gboolean ap_definition_get_autostart(const ApDefinition *def);

AP_PUBLIC const GPtrArray *ap_definition_get_attrs(const ApDefinition *def);

AP_PUBLIC const struct ap_matrix *ap_definition_get_matrix(const ApDefinition *def);

AP_PUBLIC char *ap_definition_to_json(const ApDefinition *def);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApDefinition, ap_definition_free)

#endif
