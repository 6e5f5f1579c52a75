// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * apm_filter(): what a guest may have, for every assigned matrix, host, state of all
 * queues and present guest.
 */
#include "proof.h"
#include "../../core/ap_filter.c"

static struct ap_matrix assigned, host, prev;
static struct ap_queues queues;
static struct ap_filtered out;
static struct witness w;

/* Any question that apm_filter() can be asked, and its answer. */
static void ask(void)
{
	w = any_witness();
	assigned = any_matrix();
	host = any_matrix();
	prev = any_matrix();
	out = nondet_filtered();
	any_queues(&queues, &w);
	apm_filter(&assigned, &host, &queues, &prev, &out);
}

void proof_filter_subset(void)
{
	ask();
	claim(matrix_subset(&out.shadow, &assigned));
	claim(matrix_subset(&out.shadow, &host));
}

/* Every queue passed is bound; it is clean, or the guest has it already. */
void proof_filter_passable(void)
{
	ask();
	claim(implies(has(&out.shadow, &w), apm_mask_test(&w.bound, w.apqi)));
	claim(implies(has(&out.shadow, &w), has(&prev, &w) || apm_mask_test(&w.clean, w.apqi)));
}

/* What the guest has stays, as far as it is assigned, present and wholly bound. */
void proof_filter_stays(void)
{
	struct ap_matrix wanted;

	ask();
	wanted = apm_matrix_and(&assigned, &host);
	claim(implies(has(&wanted, &w) && has(&prev, &w) && wholly_bound(&wanted, &w),
		      has(&out.shadow, &w)));
}

static int among(unsigned int id, const struct ap_mask *a, const struct ap_mask *b)
{
	return apm_mask_test(a, id) + apm_mask_test(b, id);
}

/* Every assigned id is passed or has one reason, no other id has any. */
void proof_filter_reasons(void)
{
	ask();
	claim(apm_mask_test(&assigned.apm, w.apid) ==
	      among(w.apid, &out.shadow.apm, &out.absent.apm) +
		      among(w.apid, &out.unbound, &out.unclean_apm));
	claim(apm_mask_test(&assigned.aqm, w.apqi) ==
	      among(w.apqi, &out.shadow.aqm, &out.absent.aqm) +
		      apm_mask_test(&out.unclean_aqm, w.apqi));
	claim(apm_mask_test(&assigned.adm, w.apqi) ==
	      among(w.apqi, &out.shadow.adm, &out.absent.adm));
}

/* No reason without its cause. */
void proof_filter_causes(void)
{
	struct ap_matrix wanted;

	ask();
	wanted = apm_matrix_and(&assigned, &host);
	claim(apm_mask_test(&out.unbound, w.apid) ==
	      (apm_mask_test(&wanted.apm, w.apid) && !wholly_bound(&wanted, &w)));
	claim(implies(apm_mask_test(&out.unclean_apm, w.apid),
		      !apm_mask_test(&prev.apm, w.apid) &&
			      !apm_mask_subset(&out.shadow.aqm, &w.clean)));
	claim(!apm_mask_intersects(&out.unclean_aqm, &prev.aqm));
}

/* Guests of matrices that do not conflict never share a queue. */
void proof_filter_two_guests(void)
{
	struct ap_matrix other = any_matrix(), had = any_matrix();
	struct ap_filtered others;

	ask();
	assume(!apm_matrix_conflict(&assigned, &other, NULL));
	apm_filter(&other, &host, &queues, &had, &others);
	claim(!apm_matrix_conflict(&out.shadow, &others.shadow, NULL));
}

static _Bool same(const struct ap_mask *a, const struct ap_mask *b, unsigned int id)
{
	return apm_mask_test(a, id) == apm_mask_test(b, id);
}

/* Filtering again changes nothing, the reasons neither. */
void proof_filter_idempotent(void)
{
	struct ap_filtered again;
	unsigned int id = any_id();

	ask();
	apm_filter(&assigned, &host, &queues, &out.shadow, &again);
	claim(same(&out.shadow.apm, &again.shadow.apm, id));
	claim(same(&out.shadow.aqm, &again.shadow.aqm, id));
	claim(same(&out.shadow.adm, &again.shadow.adm, id));
	claim(same(&out.absent.apm, &again.absent.apm, id));
	claim(same(&out.absent.aqm, &again.absent.aqm, id));
	claim(same(&out.absent.adm, &again.absent.adm, id));
	claim(same(&out.unbound, &again.unbound, id));
	claim(same(&out.unclean_apm, &again.unclean_apm, id));
	claim(same(&out.unclean_aqm, &again.unclean_aqm, id));
}

/* Some more queues are bound, and some more are clean. */
static void improve(void)
{
	struct ap_mask bound, clean;
	unsigned int apid;

	for (apid = 0; apid < AP_IDS; apid += STEP) {
		bound = nondet_mask();
		clean = nondet_mask();
		queues.bound[apid] = apm_mask_or(&queues.bound[apid], &bound);
		clean = apm_mask_and(&clean, &queues.bound[apid]);
		queues.clean[apid] = apm_mask_or(&queues.clean[apid], &clean);
	}
}

/* More queues that can be passed take nothing away from the guest. */
void proof_filter_monotone(void)
{
	struct ap_filtered then;

	ask();
	improve();
	apm_filter(&assigned, &host, &queues, &out.shadow, &then);
	claim(matrix_subset(&out.shadow, &then.shadow));
}

/* Nor from one who is to have its first matrix. */
void proof_filter_monotone_first(void)
{
	const struct ap_matrix none = { .apm = APM_MASK_NONE };
	struct ap_filtered before, then;

	ask();
	apm_filter(&assigned, &host, &queues, &none, &before);
	improve();
	apm_filter(&assigned, &host, &queues, &none, &then);
	claim(implies(apm_mask_test(&before.shadow.apm, w.apid),
		      apm_mask_test(&then.shadow.apm, w.apid)));
	claim(apm_mask_subset(&before.shadow.aqm, &then.shadow.aqm));
	claim(apm_mask_subset(&before.shadow.adm, &then.shadow.adm));
}

/* Refuted: asked with the same past, more clean queues may favour a domain over an adapter. */
void proof_filter_monotone_same_past(void)
{
	struct ap_filtered then;

	ask();
	improve();
	apm_filter(&assigned, &host, &queues, &prev, &then);
	claim(apm_mask_subset(&out.shadow.apm, &then.shadow.apm));
}

/* When all is clean, all that is present is passed, whatever was before. */
void proof_filter_complete(void)
{
	struct ap_matrix wanted;
	_Bool passable = 1;
	unsigned int apid;

	ask();
	wanted = apm_matrix_and(&assigned, &host);
	apm_mask_for_each(apid, &wanted.apm)
		passable &= apm_mask_subset(&wanted.aqm, &queues.clean[apid]);
	assume(passable);
	claim(apm_matrix_equal(&out.shadow, &wanted));
}
