// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * apm_claims_add(): a set of devices is accepted exactly when no two of them conflict.
 */
#include "proof.h"
#include "../../core/ap_filter.c"
#include "../../core/ap_device.c"

static struct ap_claims claims;
static struct ap_mask before, after;

static struct ap_mask taken_of(unsigned int apid)
{
	struct ap_mask m = APM_MASK_NONE;
	unsigned int id;

	for (id = 0; id < AP_IDS; id += STEP)
		if (id == apid)
			m = claims.taken[id];
	return m;
}

/*
 * One more matrix, after any others. By induction: what is taken is exactly what those
 * accepted so far have; the next one is accepted when none of its queues is taken, and
 * else one is named that is.
 */
void proof_claims_step(void)
{
	unsigned int apid = nondet_uint(), apqi = nondet_uint(), id;
	struct witness w = any_witness();
	struct ap_matrix m = any_matrix();
	_Bool accepted, had, has_now;

	for (id = 0; id < AP_IDS; id += STEP)
		claims.taken[id] = nondet_mask();
	before = taken_of(w.apid);
	had = apm_mask_test(&before, w.apqi);
	accepted = apm_claims_add(&claims, &m, &apid, &apqi);
	after = taken_of(w.apid);
	has_now = apm_mask_test(&after, w.apqi);
	claim(implies(accepted, !(had && has(&m, &w))));
	claim(has_now == (had || (accepted && has(&m, &w))));
	if (!accepted) {
		claim(apid < AP_IDS && apqi < AP_IDS && apm_matrix_has(&m, apid, apqi));
		claim(implies(apid == w.apid && apqi == w.apqi, had));
	}
}

/* Three matrices at once. */
void proof_claims_three(void)
{
	struct ap_matrix a = any_matrix(), b = any_matrix(), c = any_matrix();
	unsigned int apid, apqi;
	_Bool accepted;

	accepted = apm_claims_add(&claims, &a, &apid, &apqi) &&
		   apm_claims_add(&claims, &b, &apid, &apqi) &&
		   apm_claims_add(&claims, &c, &apid, &apqi);
	claim(accepted ==
	      !(apm_matrix_conflict(&a, &b, NULL) || apm_matrix_conflict(&a, &c, NULL) ||
		apm_matrix_conflict(&b, &c, NULL)));
}
