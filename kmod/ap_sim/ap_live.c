// SPDX-License-Identifier: GPL-2.0-only
/*
 * The live machine follows a profile: one change of the host's configuration.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include "ap_sim.h"

/* Serializes changes; outermost of ap_sim's locks. */
DEFINE_MUTEX(ap_sim_live_mutex);

/**
 * struct change - adapters on their way in, later those on their way out
 */
struct change {
	struct ap_machine_adapter *adapter[AP_IDS];
};

static void free_adapters(struct change *c)
{
	unsigned int apid;

	for (apid = 0; apid < AP_IDS; apid++) {
		if (!c->adapter[apid])
			continue;
		kvfree(c->adapter[apid]->fault);
		kvfree(c->adapter[apid]);
	}
	kfree(c);
}

static struct ap_machine_adapter *new_adapter(const struct ap_card_spec *spec)
{
	struct ap_machine_adapter *a = kvzalloc(sizeof(*a), GFP_KERNEL);

	if (!a)
		return NULL;
	a->type = spec->type;
	a->mode = spec->mode;
	a->depth = spec->depth;
	a->deconfigured = spec->deconfigured;
	a->checkstopped = spec->checkstopped;
	return a;
}

/* Adapters come and go only with the mutex held: they can be looked at without the spinlock. */
static struct change *prepare(const struct ap_profile *p)
{
	struct change *c = kzalloc(sizeof(*c), GFP_KERNEL);
	unsigned int apid;

	if (!c)
		return NULL;
	apm_mask_for_each(apid, &p->config.apm) {
		if (ap_sim_machine.adapter[apid])
			continue;
		c->adapter[apid] = new_adapter(&p->card[apid]);
		if (!c->adapter[apid]) {
			free_adapters(c);
			return NULL;
		}
	}
	return c;
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
	struct change *c;
	unsigned int apid;

	lockdep_assert_held(&ap_sim_live_mutex);
	c = prepare(p);
	if (!c)
		return -ENOMEM;
	for (apid = 0; apid < AP_IDS; apid++)
		if (ap_sim_machine.adapter[apid] && !apm_mask_test(&p->config.apm, apid))
			ap_debugfs_unplug(apid);
	scoped_guard(spinlock, &ap_sim_machine_lock) {
		for (apid = 0; apid < AP_IDS; apid++)
			swap_adapter(p, apid, &c->adapter[apid]);
		ap_machine_domains(&ap_sim_machine, &p->config.aqm, &p->config.adm);
		ap_sim_machine.max = p->max;
		ap_sim_machine.reset_ns = p->reset_ms * 1000000ULL;
	}
	free_adapters(c);
	ap_sim_collect();
	apm_mask_for_each(apid, &p->config.apm)
		ap_debugfs_plug(apid);
	return 0;
}

/**
 * ap_live_clear() - no machine: no adapters, no domains
 *
 * Context: ap_sim_live_mutex.
 *
 * Return: 0 or -ENOMEM.
 */
int ap_live_clear(void)
{
	struct ap_profile *p __free(kfree) = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return -ENOMEM;
	p->max = (struct ap_limits){ AP_ID_MAX, AP_ID_MAX, AP_ID_MAX };
	return ap_live_apply(p);
}
