// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
#include "ap_filter.h"

static void filter_absent(const struct ap_matrix *assigned, const struct ap_matrix *host,
			  struct ap_filtered *out)
{
	out->shadow = apm_matrix_and(assigned, host);
	out->absent.apm = apm_mask_andnot(&assigned->apm, &host->apm);
	out->absent.aqm = apm_mask_andnot(&assigned->aqm, &host->aqm);
	out->absent.adm = apm_mask_andnot(&assigned->adm, &host->adm);
}

static void filter_unbound(const struct ap_queues *queues, struct ap_filtered *out)
{
	struct ap_mask present = out->shadow.apm;
	unsigned int apid;

	apm_mask_for_each(apid, &present) {
		if (!apm_mask_subset(&out->shadow.aqm, &queues->bound[apid])) {
			apm_mask_clear(&out->shadow.apm, apid);
			apm_mask_set(&out->unbound, apid);
		}
	}
}

/*
 * Domains that would be new to an adapter the guest has. They are taken out
 * before the new adapters are looked at: a new adapter is not to be blamed for
 * a domain that does not come anyway.
 */
static void withhold_domains(const struct ap_queues *queues, const struct ap_matrix *prev,
			     struct ap_filtered *out)
{
	struct ap_mask staying = apm_mask_and(&out->shadow.apm, &prev->apm);
	struct ap_mask dirty;
	unsigned int apid;

	apm_mask_for_each(apid, &staying) {
		dirty = apm_mask_andnot(&out->shadow.aqm, &queues->clean[apid]);
		dirty = apm_mask_andnot(&dirty, &prev->aqm);
		out->unclean_aqm = apm_mask_or(&out->unclean_aqm, &dirty);
		out->shadow.aqm = apm_mask_andnot(&out->shadow.aqm, &dirty);
	}
}

static void withhold_adapters(const struct ap_queues *queues, const struct ap_matrix *prev,
			      struct ap_filtered *out)
{
	struct ap_mask coming = apm_mask_andnot(&out->shadow.apm, &prev->apm);
	unsigned int apid;

	apm_mask_for_each(apid, &coming) {
		if (!apm_mask_subset(&out->shadow.aqm, &queues->clean[apid])) {
			apm_mask_clear(&out->shadow.apm, apid);
			apm_mask_set(&out->unclean_apm, apid);
		}
	}
}

void apm_filter(const struct ap_matrix *assigned, const struct ap_matrix *host,
		const struct ap_queues *queues, const struct ap_matrix *prev,
		struct ap_filtered *out)
{
	memset(out, 0, sizeof(*out));
	filter_absent(assigned, host, out);
	filter_unbound(queues, out);
	withhold_domains(queues, prev, out);
	withhold_adapters(queues, prev, out);
}
