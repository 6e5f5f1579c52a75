// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Sets of ids are sets: every operation against its meaning for any one id.
 */
#define PROOF_REAL_LOOPS
#define STEP 1
#include "proof.h"

/* The smallest member from a place on, or none. */
void proof_mask_next(void)
{
	struct ap_mask m = nondet_mask();
	unsigned int from = nondet_uint(), id = any_id(), next;

	assume(from <= AP_IDS);
	next = apm_mask_next(&m, from);
	claim(next >= from && next <= AP_IDS);
	claim(implies(next < AP_IDS, apm_mask_test(&m, next)));
	claim(implies(id >= from && id < next, !apm_mask_test(&m, id)));
}

/* The loop itself: ascending, members only, none left out; ids below 4 or from 252 on. */
void proof_mask_loop(void)
{
	struct ap_mask m = nondet_mask(), seen = APM_MASK_NONE;
	unsigned int id, before = 0, count = 0;

	m.w[0] &= 0xf000000000000000;
	m.w[1] = m.w[2] = 0;
	m.w[3] &= 0xf;
	apm_mask_for_each(id, &m) {
		claim(count == 0 || id > before);
		before = id;
		count++;
		apm_mask_set(&seen, id);
	}
	claim(id == AP_IDS);
	claim(apm_mask_equal(&m, &seen));
}

void proof_mask_bits(void)
{
	struct ap_mask m = nondet_mask(), on = m, off = m, put = m;
	unsigned int id = any_id(), other = any_id();
	_Bool value = nondet_bool();

	apm_mask_set(&on, id);
	apm_mask_clear(&off, id);
	apm_mask_assign(&put, id, value);
	claim(apm_mask_test(&on, id) && !apm_mask_test(&off, id));
	claim(apm_mask_test(&put, id) == value);
	if (other != id) {
		claim(apm_mask_test(&on, other) == apm_mask_test(&m, other));
		claim(apm_mask_test(&off, other) == apm_mask_test(&m, other));
		claim(apm_mask_test(&put, other) == apm_mask_test(&m, other));
	}
}

void proof_mask_ops(void)
{
	struct ap_mask a = nondet_mask(), b = nondet_mask();
	struct ap_mask and = apm_mask_and(&a, &b), or = apm_mask_or(&a, &b);
	struct ap_mask andnot = apm_mask_andnot(&a, &b);
	unsigned int id = any_id();
	_Bool in_a = apm_mask_test(&a, id), in_b = apm_mask_test(&b, id);

	claim(apm_mask_test(&and, id) == (in_a && in_b));
	claim(apm_mask_test(& or, id) == (in_a || in_b));
	claim(apm_mask_test(&andnot, id) == (in_a && !in_b));
	claim(implies(apm_mask_empty(&a), !in_a));
	claim(apm_mask_empty(&a) == (apm_mask_next(&a, 0) == AP_IDS));
	claim(apm_mask_equal(&a, &b) == (apm_mask_subset(&a, &b) && apm_mask_subset(&b, &a)));
	claim(apm_mask_subset(&a, &b) == apm_mask_empty(&andnot));
	claim(apm_mask_intersects(&a, &b) == !apm_mask_empty(&and));
}

void proof_mask_upto(void)
{
	unsigned int max = any_id(), id = any_id();
	struct ap_mask m = nondet_mask(), upto = apm_mask_upto(max);

	claim(apm_mask_test(&upto, id) == (id <= max));
	claim(apm_mask_above(&m, max) == !apm_mask_subset(&m, &upto));
}

/* Two matrices conflict exactly when they share a queue, and what is shared is all of it. */
void proof_matrix_conflict(void)
{
	struct ap_matrix a = any_matrix(), b = any_matrix(), shared;
	unsigned int apid = any_id(), apqi = any_id();
	_Bool hit = apm_matrix_conflict(&a, &b, &shared);

	claim(hit == apm_matrix_conflict(&b, &a, NULL));
	claim(apm_matrix_has(&shared, apid, apqi) ==
	      (apm_matrix_has(&a, apid, apqi) && apm_matrix_has(&b, apid, apqi)));
	claim(hit == (apm_mask_next(&shared.apm, 0) < AP_IDS));
	claim(hit == (apm_mask_next(&shared.aqm, 0) < AP_IDS));
	claim(apm_mask_empty(&shared.adm));
}

/* What a change takes away, queue by queue. */
void proof_matrix_left(void)
{
	struct ap_matrix from = any_matrix(), to = any_matrix();
	unsigned int apid = any_id(), apqi = any_id();
	struct ap_mask left = apm_matrix_left(&from, &to, apid);

	claim(apm_mask_test(&left, apqi) ==
	      (apm_matrix_has(&from, apid, apqi) && !apm_matrix_has(&to, apid, apqi)));
}
