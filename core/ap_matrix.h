/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * A matrix: adapters × usage domains, and control domains.
 */
#ifndef APMATRIX_AP_MATRIX_H
#define APMATRIX_AP_MATRIX_H

#include "ap_mask.h"

/**
 * struct ap_matrix - what a guest is assigned, or has
 * @apm: adapters (APIDs)
 * @aqm: usage domains (APQIs); every pair of @apm × @aqm is an APQN of the matrix
 * @adm: control domains; they form no APQNs and may be shared
 *
 * The three masks of the AP control block (APCB) of a guest.
 */
struct ap_matrix {
	struct ap_mask apm;
	struct ap_mask aqm;
	struct ap_mask adm;
};

/**
 * struct ap_limits - highest usable numbers of a host
 * @apm_max: highest adapter number
 * @aqm_max: highest usage domain number
 * @adm_max: highest control domain number
 */
struct ap_limits {
	unsigned int apm_max;
	unsigned int aqm_max;
	unsigned int adm_max;
};

static inline bool apm_matrix_equal(const struct ap_matrix *a, const struct ap_matrix *b)
{
	return apm_mask_equal(&a->apm, &b->apm) && apm_mask_equal(&a->aqm, &b->aqm) &&
	       apm_mask_equal(&a->adm, &b->adm);
}

static inline struct ap_matrix apm_matrix_and(const struct ap_matrix *a, const struct ap_matrix *b)
{
	return (struct ap_matrix){
		.apm = apm_mask_and(&a->apm, &b->apm),
		.aqm = apm_mask_and(&a->aqm, &b->aqm),
		.adm = apm_mask_and(&a->adm, &b->adm),
	};
}

static inline struct ap_matrix apm_matrix_or(const struct ap_matrix *a, const struct ap_matrix *b)
{
	return (struct ap_matrix){
		.apm = apm_mask_or(&a->apm, &b->apm),
		.aqm = apm_mask_or(&a->aqm, &b->aqm),
		.adm = apm_mask_or(&a->adm, &b->adm),
	};
}

/* By mask, not by queue: for the queues that a change takes, see apm_matrix_left(). */
static inline struct ap_matrix apm_matrix_andnot(const struct ap_matrix *a,
						 const struct ap_matrix *b)
{
	return (struct ap_matrix){
		.apm = apm_mask_andnot(&a->apm, &b->apm),
		.aqm = apm_mask_andnot(&a->aqm, &b->aqm),
		.adm = apm_mask_andnot(&a->adm, &b->adm),
	};
}

#define APM_MATRIX_NONE ((struct ap_matrix){ APM_MASK_NONE, APM_MASK_NONE, APM_MASK_NONE })

static inline bool apm_matrix_has(const struct ap_matrix *m, unsigned int apid, unsigned int apqi)
{
	return apm_mask_test(&m->apm, apid) && apm_mask_test(&m->aqm, apqi);
}

static inline unsigned int apm_matrix_queues(const struct ap_matrix *m)
{
	return apm_mask_weight(&m->apm) * apm_mask_weight(&m->aqm);
}

/**
 * apm_matrix_domains_of() - the usage domains that an adapter offers in a matrix
 * @m: the matrix
 * @apid: an adapter, <= AP_ID_MAX
 *
 * Return: @m's usage domains when @apid is in @m, the empty set otherwise.
 */
static inline struct ap_mask apm_matrix_domains_of(const struct ap_matrix *m, unsigned int apid)
{
	return apm_mask_test(&m->apm, apid) ? m->aqm : APM_MASK_NONE;
}

/**
 * apm_matrix_left() - the queues of one adapter that a change takes away
 * @from: matrix before
 * @to: matrix after
 * @apid: adapter, <= AP_ID_MAX
 *
 * Swap @from and @to for the queues that are gained.
 *
 * Return: every domain d with (@apid,d) an APQN of @from and not of @to.
 */
static inline struct ap_mask apm_matrix_left(const struct ap_matrix *from,
					     const struct ap_matrix *to, unsigned int apid)
{
	struct ap_mask old = apm_matrix_domains_of(from, apid);
	struct ap_mask kept = apm_matrix_domains_of(to, apid);

	return apm_mask_andnot(&old, &kept);
}

/**
 * apm_matrix_conflict() - the APQNs that two matrices share
 * @a: a matrix
 * @b: a matrix
 * @shared: set to the product that both contain; may be NULL
 *
 * Control domains are shareable and never conflict: @shared->adm is empty.
 *
 * Return: true when there is at least one shared APQN.
 */
static inline bool apm_matrix_conflict(const struct ap_matrix *a, const struct ap_matrix *b,
				       struct ap_matrix *shared)
{
	bool hit = apm_mask_intersects(&a->apm, &b->apm) && apm_mask_intersects(&a->aqm, &b->aqm);

	if (shared) {
		*shared = (struct ap_matrix){ .adm = APM_MASK_NONE };
		if (hit) {
			shared->apm = apm_mask_and(&a->apm, &b->apm);
			shared->aqm = apm_mask_and(&a->aqm, &b->aqm);
		}
	}
	return hit;
}

static inline bool apm_mask_above(const struct ap_mask *m, unsigned int max)
{
	return max < AP_ID_MAX && apm_mask_next(m, max + 1) < AP_IDS;
}

/**
 * apm_matrix_overflow() - does a matrix name an id above the host's limits?
 * @m: the matrix
 * @max: the limits
 *
 * Return: true when any of the three masks has a bit above its limit.
 */
static inline bool apm_matrix_overflow(const struct ap_matrix *m, const struct ap_limits *max)
{
	return apm_mask_above(&m->apm, max->apm_max) || apm_mask_above(&m->aqm, max->aqm_max) ||
	       apm_mask_above(&m->adm, max->adm_max);
}

#endif
