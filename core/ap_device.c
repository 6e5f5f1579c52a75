// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
#include "ap_device.h"

/* Something is withheld: which of the queues that the device would have are being reset? */
static void find_resets(struct ap_device *d, const struct ap_queues *queues)
{
	const struct ap_filtered *f = &d->filtered;
	struct ap_mask apm = apm_mask_or(&f->shadow.apm, &f->unclean_apm);
	struct ap_mask aqm = apm_mask_or(&f->shadow.aqm, &f->unclean_aqm);
	struct ap_mask resetting;
	unsigned int apid;

	apm_mask_for_each(apid, &apm) {
		resetting = apm_mask_and(&queues->resetting[apid], &aqm);
		if (apm_mask_empty(&resetting))
			continue;
		d->waiting = true;
		if (apm_mask_test(&d->newcomers.apm, apid) ||
		    apm_mask_intersects(&d->newcomers.aqm, &resetting))
			d->pending = true;
	}
}

struct ap_matrix apm_device_next(struct ap_device *d, const struct ap_matrix *host,
				 const struct ap_queues *queues)
{
	struct ap_matrix wait;

	apm_filter(&d->assigned, host, queues, &d->shadow, &d->filtered);
	d->waiting = false;
	d->pending = false;
	if (!apm_mask_empty(&d->filtered.unclean_apm) || !apm_mask_empty(&d->filtered.unclean_aqm))
		find_resets(d, queues);
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
