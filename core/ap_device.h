/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * A matrix device as far as its mechanics go: what it is assigned, what its guest has,
 * and the next step between the two.
 */
#ifndef APMATRIX_AP_DEVICE_H
#define APMATRIX_AP_DEVICE_H

#include "ap_filter.h"

/**
 * struct ap_device - the matrices of one matrix device
 * @assigned: what was asked for
 * @shadow: what the guest has, or would have
 * @newcomers: the ids that recent changes brought: what is gained of them comes in one step
 * @filtered: outcome of the last filtering: where @shadow is going, and the reasons
 * @waiting: something is withheld, and a queue that it would have is being reset
 * @pending: newcomers wait for one of these
 */
struct ap_device {
	struct ap_matrix assigned;
	struct ap_matrix shadow;
	struct ap_matrix newcomers;
	struct ap_filtered filtered;
	bool waiting;
	bool pending;
};

/**
 * apm_device_next() - filter anew, and say what the guest is to have now
 * @d: the device; @filtered, @waiting and @pending are brought up to date, the rest is left alone
 * @host: the host's configuration
 * @queues: bound, clean and resetting queues
 *
 * As long as @pending, no newcomer goes ahead: they come together. A queue is a newcomer's when
 * its adapter or its domain is one; it is waited for unless the other of the two is no newcomer and
 * is withheld for another queue that is none's. Whoever calls this decides how long that lasts, by
 * what is in @newcomers.
 *
 * Post: the result has the properties of apm_filter()'s shadow and is a subset of it, without
 * @pending all of it. With @pending, an id of it is in @d->shadow or no newcomer, and all that
 * is not a newcomer is in it. A queue of @d->shadow that is still assigned, present, and whose
 * adapter is wholly bound, is in the result.
 *
 * Return: the next shadow.
 */
struct ap_matrix apm_device_next(struct ap_device *d, const struct ap_matrix *host,
				 const struct ap_queues *queues);

/**
 * apm_device_awaits() - do newcomers wait for a reset?
 * @d: the device, as apm_device_next() left it
 * @queues: clean and resetting queues
 * @newcomers: ids that some change brought to @d
 *
 * Return: whether a queue that @d would have is being reset and would bring any of @newcomers:
 * see @pending, which is this for @d's own.
 */
bool apm_device_awaits(const struct ap_device *d, const struct ap_queues *queues,
		       const struct ap_matrix *newcomers);

/**
 * struct ap_claims - the queues that some set of devices claims
 * @taken: for each adapter the claimed domains
 */
struct ap_claims {
	struct ap_mask taken[AP_IDS];
};

/**
 * apm_claims_add() - claim the queues of one more matrix
 * @c: the claims
 * @m: the matrix
 * @apid: set to the adapter of a queue that is claimed already
 * @apqi: set to its domain
 *
 * A set of matrices is free of conflicts exactly when all of them can be claimed one
 * after the other, in any order. The cost does not depend on how many there are.
 *
 * Return: true when all were free; false when one was not: @c is unchanged then.
 */
bool apm_claims_add(struct ap_claims *c, const struct ap_matrix *m, unsigned int *apid,
		    unsigned int *apqi);

#endif
