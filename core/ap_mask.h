/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * A set of adapter or domain numbers, 0 to 255.
 *
 * Bit 0 is the most significant bit of w[0], as in the masks of the CRYCB and
 * of QCI. The layout as numbers is the same on every byte order; only a copy
 * to the guest's control block has to store big-endian words.
 */
#ifndef APMATRIX_AP_MASK_H
#define APMATRIX_AP_MASK_H

#include "ap_core.h"

#define AP_MASK_WORDS (AP_IDS / 64)

/**
 * struct ap_mask - set of 8-bit ids
 * @w: 256 bits, id 0 in the most significant bit of @w[0]
 */
struct ap_mask {
	__u64 w[AP_MASK_WORDS];
};

static inline __u64 apm_mask_bit(unsigned int id)
{
	return 1ULL << (63 - (id & 63));
}

/* All functions below that take @id require id <= AP_ID_MAX. */

static inline bool apm_mask_test(const struct ap_mask *m, unsigned int id)
{
	return m->w[id >> 6] & apm_mask_bit(id);
}

static inline void apm_mask_set(struct ap_mask *m, unsigned int id)
{
	m->w[id >> 6] |= apm_mask_bit(id);
}

static inline void apm_mask_clear(struct ap_mask *m, unsigned int id)
{
	m->w[id >> 6] &= ~apm_mask_bit(id);
}

static inline void apm_mask_assign(struct ap_mask *m, unsigned int id, bool on)
{
	if (on)
		apm_mask_set(m, id);
	else
		apm_mask_clear(m, id);
}

static inline struct ap_mask apm_mask_and(const struct ap_mask *a, const struct ap_mask *b)
{
	struct ap_mask r;
	int i;

	for (i = 0; i < AP_MASK_WORDS; i++)
		r.w[i] = a->w[i] & b->w[i];
	return r;
}

static inline struct ap_mask apm_mask_or(const struct ap_mask *a, const struct ap_mask *b)
{
	struct ap_mask r;
	int i;

	for (i = 0; i < AP_MASK_WORDS; i++)
		r.w[i] = a->w[i] | b->w[i];
	return r;
}

static inline struct ap_mask apm_mask_andnot(const struct ap_mask *a, const struct ap_mask *b)
{
	struct ap_mask r;
	int i;

	for (i = 0; i < AP_MASK_WORDS; i++)
		r.w[i] = a->w[i] & ~b->w[i];
	return r;
}

static inline bool apm_mask_empty(const struct ap_mask *m)
{
	return !(m->w[0] | m->w[1] | m->w[2] | m->w[3]);
}

static inline bool apm_mask_equal(const struct ap_mask *a, const struct ap_mask *b)
{
	return !((a->w[0] ^ b->w[0]) | (a->w[1] ^ b->w[1]) | (a->w[2] ^ b->w[2]) |
		 (a->w[3] ^ b->w[3]));
}

static inline bool apm_mask_intersects(const struct ap_mask *a, const struct ap_mask *b)
{
	return (a->w[0] & b->w[0]) | (a->w[1] & b->w[1]) | (a->w[2] & b->w[2]) |
	       (a->w[3] & b->w[3]);
}

static inline bool apm_mask_subset(const struct ap_mask *a, const struct ap_mask *b)
{
	return !((a->w[0] & ~b->w[0]) | (a->w[1] & ~b->w[1]) | (a->w[2] & ~b->w[2]) |
		 (a->w[3] & ~b->w[3]));
}

static inline unsigned int apm_mask_weight(const struct ap_mask *m)
{
	unsigned int i, n = 0;
	__u64 w;

	for (i = 0; i < AP_MASK_WORDS; i++)
		for (w = m->w[i]; w; w &= w - 1)
			n++;
	return n;
}

/**
 * apm_mask_next() - find a member
 * @m: the set
 * @from: first id to consider, 0 to AP_IDS
 *
 * Return: the smallest member that is >= @from, or AP_IDS when there is none.
 */
static inline unsigned int apm_mask_next(const struct ap_mask *m, unsigned int from)
{
	unsigned int i;
	__u64 w;

	for (i = from >> 6; i < AP_MASK_WORDS; i++) {
		w = m->w[i];
		if (i == from >> 6)
			w &= ~0ULL >> (from & 63);
		if (w)
			return i * 64 + __builtin_clzll(w);
	}
	return AP_IDS;
}

#define apm_mask_for_each(id, m) \
	for ((id) = apm_mask_next(m, 0); (id) < AP_IDS; (id) = apm_mask_next(m, (id) + 1))

#define APM_MASK_NONE ((struct ap_mask){ { 0, 0, 0, 0 } })
#define APM_MASK_ALL ((struct ap_mask){ { ~0ULL, ~0ULL, ~0ULL, ~0ULL } })

/**
 * apm_mask_upto() - all ids from 0 to @max
 * @max: 0 to AP_ID_MAX
 */
static inline struct ap_mask apm_mask_upto(unsigned int max)
{
	struct ap_mask r = APM_MASK_NONE;
	unsigned int id;

	for (id = 0; id <= max; id++)
		apm_mask_set(&r, id);
	return r;
}

#endif
