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
 * @filtered: outcome of the last filtering: where @shadow is going, and the reasons
 * @waiting: queues that it is to gain are being reset
 */
struct ap_device {
	struct ap_matrix assigned;
	struct ap_matrix shadow;
	struct ap_filtered filtered;
	bool waiting;
};

/**
 * apm_device_next() - filter anew, and say what the guest is to have now
 * @d: the device; @filtered and @waiting are brought up to date, @shadow is left alone
 * @host: the host's configuration
 * @queues: bound, clean and resetting queues
 * @together: what is gained is to come in one step: as long as @d waits for resets,
 *            only losses go ahead
 *
 * Post: the result has the properties of apm_filter()'s shadow. With @together and
 * @waiting, it is a subset of @d->shadow. A queue of
 * @d->shadow that is still assigned, present, and whose adapter is wholly bound, is in
 * the result.
 *
 * Return: the next shadow.
 */
struct ap_matrix apm_device_next(struct ap_device *d, const struct ap_matrix *host,
				 const struct ap_queues *queues, bool together);

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
