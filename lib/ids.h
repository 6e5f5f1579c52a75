/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ids as people write them in XML and on command lines.
 */
#ifndef APMATRIX_IDS_H
#define APMATRIX_IDS_H

#include "public.h"

AP_PUBLIC gboolean ap_ids_parse(const char *text, struct ap_mask *ids, GError **error);

AP_PUBLIC gboolean ap_ids_parse_list(const char *text, struct ap_mask *ids, GError **error);

AP_PUBLIC gboolean ap_apqn_parse(const char *text, unsigned int *apid, unsigned int *apqi,
				 GError **error);

AP_PUBLIC char *ap_ids_to_text(const struct ap_mask *ids, int digits);

#endif
