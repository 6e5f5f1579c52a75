/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Repeatable randomness: the seed is printed, AP_SEED=N repeats a run.
 */
#ifndef APMATRIX_TESTS_RANDOM_H
#define APMATRIX_TESTS_RANDOM_H

#include <glib.h>

#include "ap_matrix.h"

#define DEFAULT_SEED 20250301

static guint64 random_state;

static inline void random_init(void)
{
	const char *seed = g_getenv("AP_SEED");

	random_state = seed ? g_ascii_strtoull(seed, NULL, 0) : DEFAULT_SEED;
	g_test_message("AP_SEED=%" G_GUINT64_FORMAT, random_state);
}

/* splitmix64 */
static inline guint64 random_u64(void)
{
	guint64 z = random_state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static inline unsigned int random_below(unsigned int n)
{
	return random_u64() % n;
}

/* A mask in which an id is set with a chance of percent/100. */
static inline struct ap_mask random_mask(unsigned int percent)
{
	struct ap_mask m = APM_MASK_NONE;
	unsigned int id;

	for (id = 0; id < AP_IDS; id++)
		if (random_below(100) < percent)
			apm_mask_set(&m, id);
	return m;
}

static inline struct ap_matrix random_matrix(unsigned int percent)
{
	return (struct ap_matrix){
		.apm = random_mask(percent),
		.aqm = random_mask(percent),
		.adm = random_mask(percent),
	};
}

#endif
