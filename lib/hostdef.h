/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A host definition: what is reserved for guests, and the guests' matrices.
 */
#ifndef APMATRIX_HOSTDEF_H
#define APMATRIX_HOSTDEF_H

#include "guest.h"

typedef struct ApHostDef ApHostDef;

AP_PUBLIC ApHostDef *ap_host_def_new(const char *source);

AP_PUBLIC void ap_host_def_free(ApHostDef *def);

AP_PUBLIC ApHostDef *ap_host_def_parse(const char *text, gsize len, const char *source,
				       GError **error);

AP_PUBLIC char *ap_host_def_to_xml(const ApHostDef *def);

AP_PUBLIC void ap_host_def_set_reserve(ApHostDef *def, const struct ap_matrix *reserve);

AP_PUBLIC const struct ap_matrix *ap_host_def_get_reserve(const ApHostDef *def);

AP_PUBLIC void ap_host_def_add(ApHostDef *def, ApGuest *guest);

AP_PUBLIC const GPtrArray *ap_host_def_get_guests(const ApHostDef *def);

AP_PUBLIC gboolean ap_host_def_check(const ApHostDef *def, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApHostDef, ap_host_def_free)

#endif
