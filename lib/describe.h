/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ids in words, for messages.
 */
#ifndef APMATRIX_DESCRIBE_H
#define APMATRIX_DESCRIBE_H

#include "public.h"

/**
 * ap_describe_matrix:
 * @matrix: a matrix
 *
 * Returns: (transfer full): its ids, "adapters 05 06, domains 0004 0047"; "nothing"
 */
AP_PUBLIC char *ap_describe_matrix(const struct ap_matrix *matrix);

/**
 * ap_describe_difference:
 * @wanted: what should be
 * @found: what is
 *
 * Returns: (transfer full): "missing adapters 06; too many domains 0047"
 */
AP_PUBLIC char *ap_describe_difference(const struct ap_matrix *wanted,
				       const struct ap_matrix *found);

/**
 * ap_describe_change:
 * @from: what is
 * @to: what will be
 *
 * Returns: (transfer full): "adapters +06 -05, domains +0047"; "nothing"
 */
AP_PUBLIC char *ap_describe_change(const struct ap_matrix *from, const struct ap_matrix *to);

/**
 * ap_describe_overflow:
 * @matrix: a matrix
 * @limits: a host's highest numbers
 *
 * Returns: (transfer full) (nullable): a sentence with all ids above @limits; %NULL if
 *   there are none
 */
AP_PUBLIC char *ap_describe_overflow(const struct ap_matrix *matrix,
				     const struct ap_limits *limits);

#endif
