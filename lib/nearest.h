/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_NEAREST_H
#define APMATRIX_NEAREST_H

#include <glib.h>

/**
 * ap_nearest:
 * @name: a name that somebody wrote
 * @candidates: the names that are known, with %NULL behind them
 *
 * Returns: (nullable): the candidate that was probably meant; %NULL when none is like @name
 */
const char *ap_nearest(const char *name, const char *const *candidates);

#endif
