/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The matrix of an active device, changed in one step that is checked and undone on failure.
 */
#ifndef APMATRIX_LIVE_H
#define APMATRIX_LIVE_H

#include "host.h"

AP_PUBLIC gboolean ap_live_set(const ApHost *host, const char *uuid, const struct ap_matrix *matrix,
			       GError **error);

AP_PUBLIC gboolean ap_live_verify(const ApHost *host, const char *uuid,
				  const struct ap_matrix *matrix, GError **error);

#endif
