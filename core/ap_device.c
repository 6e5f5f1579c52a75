// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
#include "ap_device.h"

/* Is any queue that the device would have, but for its reset, being reset? */
static bool gains_resetting(const struct ap_filtered *f, const struct ap_queues *queues)
{
	struct ap_mask apm = apm_mask_or(&f->shadow.apm, &f->unclean_apm);
	struct ap_mask aqm = apm_mask_or(&f->shadow.aqm, &f->unclean_aqm);
	unsigned int apid;

	if (apm_mask_empty(&f->unclean_apm) && apm_mask_empty(&f->unclean_aqm))
		return false;
	apm_mask_for_each(apid, &apm)
		if (apm_mask_intersects(&queues->resetting[apid], &aqm))
			return true;
	return false;
}

struct ap_matrix apm_device_next(struct ap_device *d, const struct ap_matrix *host,
				 const struct ap_queues *queues, bool together)
{
	struct ap_matrix next;

	apm_filter(&d->assigned, host, queues, &d->shadow, &d->filtered);
	d->waiting = gains_resetting(&d->filtered, queues);
	next = d->filtered.shadow;
	if (d->waiting && together)
		next = apm_matrix_and(&next, &d->shadow);
	return next;
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
