// SPDX-License-Identifier: GPL-2.0-only
/*
 * The live machine follows a profile: one change of the host's configuration.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include "ap_sim.h"

/* Serializes changes; outermost of ap_sim's locks. */
DEFINE_MUTEX(ap_sim_live_mutex);

/*
 * Adapters on their way in, later those on their way out; all NULL between changes;
 * under ap_sim_live_mutex.
 */
static struct ap_machine_adapter *moving[AP_IDS];

static void free_adapters(void)
{
	unsigned int apid;

	for (apid = 0; apid < AP_IDS; apid++) {
		if (!moving[apid])
			continue;
		ap_sender_free(to_sim_adapter(moving[apid]));
		kvfree(moving[apid]->fault);
		kvfree(to_sim_adapter(moving[apid]));
		moving[apid] = NULL;
	}
}

static struct ap_machine_adapter *new_adapter(const struct ap_card_spec *spec)
{
	struct ap_sim_adapter *sim = kvzalloc(sizeof(*sim), GFP_KERNEL);
	struct ap_machine_adapter *a;

	if (!sim)
		return NULL;
	a = &sim->machine;
	a->type = spec->type;
	a->mode = spec->mode;
	a->depth = spec->depth;
	a->deconfigured = spec->deconfigured;
	a->checkstopped = spec->checkstopped;
	return a;
}

/* Adapters come and go only with the mutex held: they can be looked at without the spinlock. */
static int prepare(const struct ap_profile *p)
{
	unsigned int apid;

	apm_mask_for_each(apid, &p->config.apm) {
		if (ap_sim_machine.adapter[apid])
			continue;
		moving[apid] = new_adapter(&p->card[apid]);
		if (!moving[apid]) {
			free_adapters();
			return -ENOMEM;
		}
	}
	return 0;
}

static void swap_adapter(const struct ap_profile *p, unsigned int apid,
			 struct ap_machine_adapter **a)
{
	struct ap_machine_adapter *fresh = *a;

	*a = NULL;
	if (!apm_mask_test(&p->config.apm, apid))
		*a = ap_machine_unplug(&ap_sim_machine, apid);
	else if (fresh)
		ap_machine_plug(&ap_sim_machine, apid, fresh);
}

/**
 * ap_live_apply() - make the machine what a profile says
 * @p: the profile
 *
 * Adapters that stay are not touched. The devices follow at the next scan.
 *
 * Context: ap_sim_live_mutex.
 *
 * Return: 0 or -ENOMEM.
 */
int ap_live_apply(const struct ap_profile *p)
{
	struct ap_message *flushed;
	unsigned int apid;
	int rc;

	lockdep_assert_held(&ap_sim_live_mutex);
	rc = prepare(p);
	if (rc)
		return rc;
	for (apid = 0; apid < AP_IDS; apid++)
		if (ap_sim_machine.adapter[apid] && !apm_mask_test(&p->config.apm, apid))
			ap_debugfs_unplug(apid);
	scoped_guard(spinlock, &ap_sim_machine_lock) {
		for (apid = 0; apid < AP_IDS; apid++)
			swap_adapter(p, apid, &moving[apid]);
		ap_machine_domains(&ap_sim_machine, &p->config.aqm, &p->config.adm);
		ap_sim_machine.max = p->max;
		ap_sim_machine.reset_ns = p->reset_ms * 1000000ULL;
		flushed = ap_sim_collect_locked();
	}
	ap_sim_free(flushed);
	free_adapters();
	apm_mask_for_each(apid, &p->config.apm)
		ap_debugfs_plug(apid);
	return 0;
}

/**
 * ap_live_clear() - no machine: no adapters, no domains
 *
 * Context: ap_sim_live_mutex. Needs no memory, so that it cannot fail.
 */
void ap_live_clear(void)
{
	static const struct ap_profile none = { .max = { AP_ID_MAX, AP_ID_MAX, AP_ID_MAX } };

	WARN_ON(ap_live_apply(&none));
}
