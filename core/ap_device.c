// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
#include "ap_device.h"

/*
 * Of the queues of an adapter that are being reset, those that newcomers wait for. An adapter or a
 * domain that is no newcomer, and is withheld for another queue that is none's either, does not come
 * by that: its other queues are nothing to wait for.
 */
static struct ap_mask awaited(const struct ap_filtered *f, const struct ap_queues *queues,
			      const struct ap_matrix *newcomers, unsigned int apid,
			      const struct ap_mask *resetting)
{
	struct ap_mask old = apm_mask_andnot(&f->shadow.aqm, &newcomers->aqm);

	if (apm_mask_test(&newcomers->apm, apid)) {
		old = apm_mask_andnot(&f->unclean_aqm, &newcomers->aqm);
		return apm_mask_andnot(resetting, &old);
	}
	if (apm_mask_test(&f->unclean_apm, apid) && !apm_mask_subset(&old, &queues->clean[apid]))
		return APM_MASK_NONE;
	return apm_mask_and(resetting, &newcomers->aqm);
}

bool apm_device_awaits(const struct ap_device *d, const struct ap_queues *queues,
		       const struct ap_matrix *newcomers)
{
	const struct ap_filtered *f = &d->filtered;
	struct ap_mask apm = apm_mask_or(&f->shadow.apm, &f->unclean_apm);
	struct ap_mask aqm = apm_mask_or(&f->shadow.aqm, &f->unclean_aqm);
	struct ap_mask resetting;
	unsigned int apid;

	if (apm_mask_empty(&f->unclean_apm) && apm_mask_empty(&f->unclean_aqm))
		return false;
	apm_mask_for_each(apid, &apm) {
		resetting = apm_mask_and(&queues->resetting[apid], &aqm);
		resetting = awaited(f, queues, newcomers, apid, &resetting);
		if (!apm_mask_empty(&resetting))
			return true;
	}
	return false;
}

struct ap_matrix apm_device_next(struct ap_device *d, const struct ap_matrix *host,
				 const struct ap_queues *queues)
{
	struct ap_matrix wait;

	apm_filter(&d->assigned, host, queues, &d->shadow, &d->filtered);
	d->waiting = apm_device_awaits(d, queues, &d->assigned);
	d->pending = d->waiting && apm_device_awaits(d, queues, &d->newcomers);
	if (!d->pending)
		return d->filtered.shadow;
	wait = apm_matrix_andnot(&d->newcomers, &d->shadow);
	return apm_matrix_andnot(&d->filtered.shadow, &wait);
}

bool apm_claims_add(struct ap_claims *c, const struct ap_matrix *m, unsigned int *apid,
		    unsigned int *apqi)
{
	struct ap_mask both;
	unsigned int id;

	apm_mask_for_each(id, &m->apm) {
		both = apm_mask_and(&c->taken[id], &m->aqm);
		if (!apm_mask_empty(&both)) {
			*apid = id;
			*apqi = apm_mask_next(&both, 0);
			return false;
		}
	}
	apm_mask_for_each(id, &m->apm)
		c->taken[id] = apm_mask_or(&c->taken[id], &m->aqm);
	return true;
}
