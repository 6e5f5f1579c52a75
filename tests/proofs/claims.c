// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * apm_claims_add(): a set of devices is accepted exactly when no two of them conflict.
 */
#include "proof.h"
#include "../../core/ap_filter.c"
#include "../../core/ap_device.c"

static struct ap_claims claims, before;

/*
 * One more matrix, after any others. By induction: what is taken is exactly what those
 * accepted so far have, and the next one is accepted exactly when it shares no queue.
 */
void proof_claims_step(void)
{
	unsigned int apid = nondet_uint(), apqi = nondet_uint(), id;
	struct ap_mask had = APM_MASK_NONE, has_now = APM_MASK_NONE;
	struct witness w = any_witness();
	struct ap_matrix m = any_matrix();
	_Bool free = 1, accepted;

	for (id = 0; id < AP_IDS; id += STEP) {
		claims.taken[id] = nondet_mask();
		if (apm_mask_test(&m.apm, id) && apm_mask_intersects(&claims.taken[id], &m.aqm))
			free = 0;
		if (id == w.apid)
			had = claims.taken[id];
	}
	before = claims;
	accepted = apm_claims_add(&claims, &m, &apid, &apqi);
	for (id = 0; id < AP_IDS; id += STEP)
		if (id == w.apid)
			has_now = claims.taken[id];
	claim(accepted == free);
	claim(apm_mask_test(&has_now, w.apqi) ==
	      (apm_mask_test(&had, w.apqi) || (accepted && has(&m, &w))));
	if (!accepted) {
		claim(apid < AP_IDS && apqi < AP_IDS && apm_matrix_has(&m, apid, apqi));
		if (apid == w.apid)
			claim(apm_mask_test(&had, apqi));
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
