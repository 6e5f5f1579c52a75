/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The names of the devices that were made from a host definition. mdevctl keeps none.
 */
#ifndef APMATRIX_NAMES_H
#define APMATRIX_NAMES_H

#include "host.h"

/**
 * ap_names_load:
 * @host: a host
 * @warnings: (nullable): gets a text for a file or line that cannot be read
 *
 * Returns: (transfer full) (element-type utf8 utf8): names by UUID
 */
GHashTable *ap_names_load(const ApHost *host, GPtrArray *warnings);

/**
 * ap_names_save:
 * @host: a host
 * @names: (element-type utf8 utf8): names by UUID
 * @error: G_FILE_ERROR
 *
 * Returns: whether it succeeded
 */
gboolean ap_names_save(const ApHost *host, GHashTable *names, GError **error);

#endif
