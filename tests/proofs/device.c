// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * apm_device_next(): one step of a device, from any state of it.
 */
#include "proof.h"
#include "../../core/ap_filter.c"
#include "../../core/ap_device.c"

static struct ap_matrix host, next;
static struct ap_device device, before;
static struct ap_queues queues;
static struct witness w;

static void take(void)
{
	w = any_witness();
	device.assigned = any_matrix();
	device.shadow = any_matrix();
	device.newcomers = any_matrix();
	device.filtered = nondet_filtered();
	device.waiting = nondet_bool();
	device.pending = nondet_bool();
	host = any_matrix();
	any_queues(&queues, &w);
	before = device;
	next = apm_device_next(&device, &host, &queues);
}

void proof_device_subset(void)
{
	take();
	claim(matrix_subset(&next, &device.assigned));
	claim(matrix_subset(&next, &host));
	claim(matrix_subset(&next, &device.filtered.shadow));
	claim(apm_matrix_equal(&before.assigned, &device.assigned));
	claim(apm_matrix_equal(&before.shadow, &device.shadow));
	claim(apm_matrix_equal(&before.newcomers, &device.newcomers));
}

/* Every queue passed is bound; it is clean, or the guest has it already. */
void proof_device_passable(void)
{
	take();
	claim(implies(has(&next, &w), apm_mask_test(&w.bound, w.apqi)));
	claim(implies(has(&next, &w), has(&device.shadow, &w) || apm_mask_test(&w.clean, w.apqi)));
}

/* What the guest has stays, as far as it is assigned, present and wholly bound. */
void proof_device_stays(void)
{
	struct ap_matrix wanted;

	take();
	wanted = apm_matrix_and(&device.assigned, &host);
	claim(implies(has(&wanted, &w) && has(&device.shadow, &w) && wholly_bound(&wanted, &w),
		      has(&next, &w)));
}

/*
 * While newcomers are waited for, those that the guest has not stay away, and nothing else does;
 * when they are not, it is where filtering leads.
 */
void proof_device_together(void)
{
	struct ap_matrix away;

	take();
	away = apm_matrix_andnot(&device.newcomers, &device.shadow);
	if (!device.pending)
		away = APM_MATRIX_NONE;
	claim(!apm_mask_intersects(&next.apm, &away.apm));
	claim(!apm_mask_intersects(&next.aqm, &away.aqm));
	claim(!apm_mask_intersects(&next.adm, &away.adm));
	away = apm_matrix_or(&next, &away);
	claim(matrix_subset(&device.filtered.shadow, &away));
}

/* With a queue that is no newcomer's being reset, as long as it may be, nobody waits: it is passed by. */
void proof_device_passed_by(void)
{
	unsigned int apid;

	take();
	for (apid = 0; apid < AP_IDS; apid += STEP) {
		assume(!apm_mask_test(&device.newcomers.apm, apid) ||
		       apm_mask_empty(&queues.resetting[apid]));
		assume(!apm_mask_intersects(&device.newcomers.aqm, &queues.resetting[apid]));
	}
	claim(!device.pending);
	claim(apm_matrix_equal(&next, &device.filtered.shadow));
}

/* Can the adapter, which is no newcomer, not come for want of a queue in a domain that is none? */
static _Bool stuck(unsigned int apid)
{
	unsigned int i;
	__u64 missing = 0;

	for (i = 0; i < AP_MASK_WORDS; i++)
		missing |= device.filtered.shadow.aqm.w[i] & ~device.newcomers.aqm.w[i] &
			   ~queues.clean[apid].w[i];
	return apm_mask_test(&device.filtered.unclean_apm, apid) && missing;
}

/* Does any newcomer wait for one of these queues of an adapter, which are being reset? */
static _Bool waits_for(unsigned int apid, const struct ap_mask *resetting)
{
	__u64 any = 0, of_new = 0, come_later = 0;
	unsigned int i;

	for (i = 0; i < AP_MASK_WORDS; i++) {
		any |= resetting->w[i];
		of_new |= resetting->w[i] & device.newcomers.aqm.w[i];
		come_later |= resetting->w[i] &
			      (device.newcomers.aqm.w[i] | ~device.filtered.unclean_aqm.w[i]);
	}
	if (apm_mask_test(&device.newcomers.apm, apid))
		return come_later != 0;
	return any && of_new && !stuck(apid);
}

/*
 * It waits exactly when something is withheld and a queue that it would have is being reset, for its
 * newcomers exactly when one of these queues is one of theirs and brings them something.
 */
void proof_device_waiting(void)
{
	_Bool withheld, resetting = 0, of_newcomers = 0;
	struct ap_matrix wanted;
	struct ap_mask both;
	unsigned int apid;

	take();
	withheld = !apm_mask_empty(&device.filtered.unclean_apm) ||
		   !apm_mask_empty(&device.filtered.unclean_aqm);
	wanted = apm_matrix_and(&device.assigned, &host);
	wanted.apm = apm_mask_andnot(&wanted.apm, &device.filtered.unbound);
	apm_mask_for_each(apid, &wanted.apm) {
		both = apm_mask_and(&wanted.aqm, &queues.resetting[apid]);
		resetting |= !apm_mask_empty(&both);
		of_newcomers |= waits_for(apid, &both);
	}
	claim(device.waiting == (withheld && resetting));
	claim(device.pending == (withheld && of_newcomers));
}

/* A second step without a change of anything is no second transition. */
void proof_device_settles(void)
{
	struct ap_matrix again;
	unsigned int id = any_id();

	take();
	device.shadow = next;
	again = apm_device_next(&device, &host, &queues);
	claim(apm_mask_test(&next.apm, id) == apm_mask_test(&again.apm, id));
	claim(apm_mask_test(&next.aqm, id) == apm_mask_test(&again.aqm, id));
	claim(apm_mask_test(&next.adm, id) == apm_mask_test(&again.adm, id));
}

/* Two guests, at any moment after each of them was filtered. */
void proof_device_two_guests(void)
{
	struct ap_device other = { .assigned = any_matrix(),
				   .shadow = any_matrix(),
				   .newcomers = any_matrix() };
	struct ap_matrix others;

	take();
	assume(!apm_matrix_conflict(&device.assigned, &other.assigned, NULL));
	others = apm_device_next(&other, &host, &queues);
	claim(!apm_matrix_conflict(&next, &others, NULL));
}
