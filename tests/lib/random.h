/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_TESTS_RANDOM_H
#define APMATRIX_TESTS_RANDOM_H

#include "apmatrix.h"

/* Up to @n ids, often neighbours. */
static inline struct ap_mask random_mask(guint n)
{
	struct ap_mask m = APM_MASK_NONE;
	guint id = g_test_rand_int_range(0, AP_IDS);

	while (n-- && id < AP_IDS) {
		apm_mask_set(&m, id);
		id += g_test_rand_int_range(0, 2) ? 1 : g_test_rand_int_range(1, 60);
	}
	return m;
}

static inline struct ap_matrix random_matrix(void)
{
	struct ap_matrix m = {
		.apm = random_mask(g_test_rand_int_range(0, 8)),
		.aqm = random_mask(g_test_rand_int_range(1, 8)),
		.adm = random_mask(g_test_rand_int_range(0, 8)),
	};

	return m;
}

#endif
