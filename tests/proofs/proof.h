/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the proofs share. Each function named proof_… is the entry of one proof: CBMC
 * takes it with every value that nondet_…() can return, and tries to break what it claims.
 *
 * "For every queue" is said with a witness: one adapter and one domain that CBMC chooses.
 */
#ifndef APMATRIX_TESTS_PROOFS_PROOF_H
#define APMATRIX_TESTS_PROOFS_PROOF_H

#include "ap_device.h"
#include "ap_text.h"

/* Functions without a body return any value. */
unsigned int nondet_uint(void);
_Bool nondet_bool(void);
char nondet_char(void);
struct ap_mask nondet_mask(void);
struct ap_filtered nondet_filtered(void);

#define assume(cond) __CPROVER_assume(cond)
#define claim(cond) __CPROVER_assert(cond, #cond)
#define implies(a, b) (!(a) || (b))

/*
 * Bound: adapters are multiples of STEP, 17 for 16 adapters from 0 to 255; 1 is no bound.
 * Domains have no bound.
 */
#ifndef STEP
#define STEP 17
#endif

/*
 * The proof mask_next shows that apm_mask_next() gives the members in ascending order.
 * So a loop over a set of adapters that stands still is this one, whose indices are
 * constants: that makes proofs over so many queues possible. Those that define
 * PROOF_REAL_LOOPS keep the original.
 */
#ifndef PROOF_REAL_LOOPS
#undef apm_mask_for_each
#define apm_mask_for_each(id, m)                    \
	for ((id) = 0; (id) < AP_IDS; (id) += STEP) \
		if (!apm_mask_test((m), (id)))      \
			;                           \
		else
#endif

static inline unsigned int any_id(void)
{
	unsigned int id = nondet_uint();

	assume(id < AP_IDS);
	return id;
}

static inline struct ap_mask any_adapters(void)
{
	struct ap_mask any = nondet_mask(), m = APM_MASK_NONE;
	unsigned int id;

	for (id = 0; id < AP_IDS; id += STEP)
		m.w[id >> 6] |= any.w[id >> 6] & apm_mask_bit(id);
	return m;
}

static inline struct ap_matrix any_matrix(void)
{
	return (struct ap_matrix){
		.apm = any_adapters(),
		.aqm = nondet_mask(),
		.adm = nondet_mask(),
	};
}

/* The witness, and the queues of its adapter. */
struct witness {
	unsigned int apid, apqi;
	struct ap_mask bound, clean, resetting;
};

static inline struct witness any_witness(void)
{
	struct witness w = { .apid = any_id(), .apqi = any_id() };

	assume(w.apid % STEP == 0);
	return w;
}

/* Any state that queues can be in: clean and resetting ones are bound, and not both. */
static inline void any_queues(struct ap_queues *q, struct witness *w)
{
	struct ap_mask bound, clean, resetting;
	unsigned int apid;

	for (apid = 0; apid < AP_IDS; apid += STEP) {
		bound = nondet_mask();
		clean = nondet_mask();
		resetting = nondet_mask();
		clean = apm_mask_and(&clean, &bound);
		resetting = apm_mask_and(&resetting, &bound);
		q->bound[apid] = bound;
		q->clean[apid] = clean;
		q->resetting[apid] = apm_mask_andnot(&resetting, &clean);
		if (apid == w->apid) {
			w->bound = q->bound[apid];
			w->clean = q->clean[apid];
			w->resetting = q->resetting[apid];
		}
	}
}

static inline _Bool matrix_subset(const struct ap_matrix *a, const struct ap_matrix *b)
{
	return apm_mask_subset(&a->apm, &b->apm) && apm_mask_subset(&a->aqm, &b->aqm) &&
	       apm_mask_subset(&a->adm, &b->adm);
}

/* Is the witness one of the queues of a matrix? */
static inline _Bool has(const struct ap_matrix *m, const struct witness *w)
{
	return apm_matrix_has(m, w->apid, w->apqi);
}

/* Is every queue that the witness' adapter would have bound? */
static inline _Bool wholly_bound(const struct ap_matrix *wanted, const struct witness *w)
{
	return apm_mask_subset(&wanted->aqm, &w->bound);
}

#endif
