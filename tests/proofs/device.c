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
static _Bool together;

static void take(void)
{
	w = any_witness();
	device.assigned = any_matrix();
	device.shadow = any_matrix();
	device.filtered = nondet_filtered();
	device.waiting = nondet_bool();
	host = any_matrix();
	together = nondet_bool();
	any_queues(&queues, &w);
	before = device;
	next = apm_device_next(&device, &host, &queues, together);
}

void proof_device_subset(void)
{
	take();
	claim(matrix_subset(&next, &device.assigned));
	claim(matrix_subset(&next, &host));
	claim(matrix_subset(&next, &device.filtered.shadow));
	claim(apm_matrix_equal(&before.assigned, &device.assigned));
	claim(apm_matrix_equal(&before.shadow, &device.shadow));
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

/* While it waits together it only loses; when it does not, it is where filtering leads. */
void proof_device_together(void)
{
	take();
	if (device.waiting && together) {
		claim(matrix_subset(&next, &device.shadow));
	} else {
		claim(apm_matrix_equal(&next, &device.filtered.shadow));
	}
}

/* It waits exactly when something is withheld and a queue that it would have is being reset. */
void proof_device_waiting(void)
{
	_Bool withheld, resetting = 0;
	struct ap_matrix wanted;
	unsigned int apid;

	take();
	withheld = !apm_mask_empty(&device.filtered.unclean_apm) ||
		   !apm_mask_empty(&device.filtered.unclean_aqm);
	wanted = apm_matrix_and(&device.assigned, &host);
	wanted.apm = apm_mask_andnot(&wanted.apm, &device.filtered.unbound);
	apm_mask_for_each(apid, &wanted.apm)
		resetting |= apm_mask_intersects(&wanted.aqm, &queues.resetting[apid]);
	claim(device.waiting == (withheld && resetting));
}

/* A second step without a change of anything is no second transition. */
void proof_device_settles(void)
{
	struct ap_matrix again;
	unsigned int id = any_id();

	take();
	device.shadow = next;
	again = apm_device_next(&device, &host, &queues, together);
	claim(apm_mask_test(&next.apm, id) == apm_mask_test(&again.apm, id));
	claim(apm_mask_test(&next.aqm, id) == apm_mask_test(&again.aqm, id));
	claim(apm_mask_test(&next.adm, id) == apm_mask_test(&again.adm, id));
}

/* Two guests, at any moment after each of them was filtered. */
void proof_device_two_guests(void)
{
	struct ap_device other = { .assigned = any_matrix(), .shadow = any_matrix() };
	struct ap_matrix others;

	take();
	assume(!apm_matrix_conflict(&device.assigned, &other.assigned, NULL));
	others = apm_device_next(&other, &host, &queues, nondet_bool());
	claim(!apm_matrix_conflict(&next, &others, NULL));
}
