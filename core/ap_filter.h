/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * From the assigned matrix to the effective one (the shadow APCB), with reasons.
 */
#ifndef APMATRIX_AP_FILTER_H
#define APMATRIX_AP_FILTER_H

#include "ap_matrix.h"

/**
 * struct ap_queues - what is known of all queues of a host, by adapter
 * @bound: for each adapter, the domains whose queue is bound to vfio_ap
 * @clean: for each adapter, the domains whose queue was reset and verified since
 *         its last user; a subset of @bound
 * @resetting: for each adapter, the domains whose queue is being reset; not clean
 */
struct ap_queues {
	struct ap_mask bound[AP_IDS];
	struct ap_mask clean[AP_IDS];
	struct ap_mask resetting[AP_IDS];
};

/**
 * struct ap_filtered - the outcome of apm_filter()
 * @shadow: the effective matrix
 * @absent: assigned, but not in the host's configuration
 * @unbound: adapters filtered since at least one of their queues is not bound to vfio_ap
 * @unclean_apm: adapters withheld until the reset of at least one queue is verified
 * @unclean_aqm: usage domains withheld for the same reason
 *
 * Every assigned id is in exactly one place: shadow.apm, absent.apm, unbound and
 * unclean_apm partition assigned.apm; shadow.aqm, absent.aqm and unclean_aqm
 * partition assigned.aqm; shadow.adm and absent.adm partition assigned.adm.
 */
struct ap_filtered {
	struct ap_matrix shadow;
	struct ap_matrix absent;
	struct ap_mask unbound;
	struct ap_mask unclean_apm;
	struct ap_mask unclean_aqm;
};

/**
 * apm_filter() - compute what a guest may have of what it is assigned
 * @assigned: the matrix assigned to the mediated device
 * @host: the host's AP configuration (QCI)
 * @queues: bound and clean queues
 * @prev: the matrix the guest has at present; empty when there is no guest
 * @out: the result, completely written
 *
 * Rules (docs/matrix.md):
 *  1. Ids that the host does not have are left out.
 *  2. An adapter is left out when the queue of any remaining domain is not bound,
 *     as in Linux' vfio_ap (Documentation/arch/s390/vfio-ap.rst): an APCB can pass
 *     on full products only.
 *  3. A queue that is bound but not clean withholds the newcomer only: its domain,
 *     when its adapter is in @prev and the domain is not; otherwise its adapter,
 *     when that is not in @prev. A queue whose adapter and domain are both in
 *     @prev is the guest's own and is never judged by its cleanness.
 *
 * Post: shadow is a subset of assigned and of host; every APQN of shadow is bound,
 * and clean or already in @prev; an APQN of @prev that is still assigned, present and
 * whose adapter is wholly bound is in shadow.
 */
void apm_filter(const struct ap_matrix *assigned, const struct ap_matrix *host,
		const struct ap_queues *queues, const struct ap_matrix *prev,
		struct ap_filtered *out);

#endif
