// SPDX-License-Identifier: GPL-2.0-only
/*
 * configfs: adapters/ID/{type,mode,depth,present,config,chkstop}.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include "ap_config.h"
#include "../../core/ap_text.h"

/**
 * struct adapter_group - an adapter in configfs
 * @group: its folder, below that of its machine's adapters
 * @apid: its number
 */
struct adapter_group {
	struct config_group group;
	unsigned int apid;
};

static struct adapter_group *to_adapter(struct config_item *item)
{
	return container_of(to_config_group(item), struct adapter_group, group);
}

static struct ap_config_machine *adapters_machine(struct config_item *adapters)
{
	return container_of(to_config_group(adapters), struct ap_config_machine, adapters);
}

static struct ap_config_machine *machine_of(struct config_item *item)
{
	return adapters_machine(item->ci_parent);
}

static struct ap_card_spec *spec_of(struct config_item *item)
{
	return &machine_of(item)->profile.card[to_adapter(item)->apid];
}

/**
 * ap_config_bool() - read 0 or 1
 * @page: text, one newline may follow
 * @on: which
 *
 * Return: 0 or -EINVAL.
 */
int ap_config_bool(const char *page, int *on)
{
	unsigned int value;

	if (apm_text_id(page, 1, &value))
		return -EINVAL;
	*on = value;
	return 0;
}

/* The machine has it now, which need not be so while a change is staged. */
static bool plugged(struct config_item *item)
{
	lockdep_assert_held(&ap_sim_live_mutex);
	return ap_config_is_live(machine_of(item)) &&
	       ap_sim_machine.adapter[to_adapter(item)->apid];
}

static ssize_t adapter_type_show(struct config_item *item, char *page)
{
	guard(mutex)(&ap_sim_live_mutex);
	return sysfs_emit(page, "CEX%u\n", spec_of(item)->type - AP_TYPE_CEX4 + 4);
}

static ssize_t adapter_type_store(struct config_item *item, const char *page, size_t count)
{
	u8 type;
	int rc = ap_profile_type(page, &type);

	if (rc)
		return rc;
	guard(mutex)(&ap_sim_live_mutex);
	if (plugged(item))
		return -EBUSY;
	spec_of(item)->type = type;
	return count;
}
CONFIGFS_ATTR(adapter_, type);

static ssize_t adapter_mode_show(struct config_item *item, char *page)
{
	guard(mutex)(&ap_sim_live_mutex);
	return sysfs_emit(page, "%s\n", ap_profile_mode_name(spec_of(item)->mode));
}

static ssize_t adapter_mode_store(struct config_item *item, const char *page, size_t count)
{
	enum ap_mode mode;
	int rc = ap_profile_mode(page, &mode);

	if (rc)
		return rc;
	guard(mutex)(&ap_sim_live_mutex);
	if (plugged(item))
		return -EBUSY;
	spec_of(item)->mode = mode;
	return count;
}
CONFIGFS_ATTR(adapter_, mode);

static ssize_t adapter_depth_show(struct config_item *item, char *page)
{
	guard(mutex)(&ap_sim_live_mutex);
	return sysfs_emit(page, "%u\n", spec_of(item)->depth);
}

static ssize_t adapter_depth_store(struct config_item *item, const char *page, size_t count)
{
	unsigned int depth;

	if (apm_text_id(page, AP_DEPTH_MAX, &depth) || !depth)
		return -EINVAL;
	guard(mutex)(&ap_sim_live_mutex);
	if (plugged(item))
		return -EBUSY;
	spec_of(item)->depth = depth;
	return count;
}
CONFIGFS_ATTR(adapter_, depth);

static ssize_t adapter_present_show(struct config_item *item, char *page)
{
	const struct ap_mask *apm = &machine_of(item)->profile.config.apm;

	guard(mutex)(&ap_sim_live_mutex);
	return sysfs_emit(page, "%d\n", apm_mask_test(apm, to_adapter(item)->apid));
}

/* Staged as the folder itself is, for adapters whose folder cannot be removed */
static ssize_t adapter_present_store(struct config_item *item, const char *page, size_t count)
{
	int on, rc = ap_config_bool(page, &on);

	if (rc)
		return rc;
	guard(mutex)(&ap_sim_live_mutex);
	apm_mask_assign(&machine_of(item)->profile.config.apm, to_adapter(item)->apid, on);
	return count;
}
CONFIGFS_ATTR(adapter_, present);

static ssize_t adapter_config_show(struct config_item *item, char *page)
{
	unsigned int apid = to_adapter(item)->apid;
	bool off;

	guard(mutex)(&ap_sim_live_mutex);
	off = plugged(item) ? READ_ONCE(ap_sim_machine.adapter[apid]->deconfigured)
			    : spec_of(item)->deconfigured;
	return sysfs_emit(page, "%d\n", !off);
}

/* Takes effect at once, as the operator's switch at the support element */
static ssize_t adapter_config_store(struct config_item *item, const char *page, size_t count)
{
	int on, rc = ap_config_bool(page, &on);

	if (rc)
		return rc;
	guard(mutex)(&ap_sim_live_mutex);
	spec_of(item)->deconfigured = !on;
	if (plugged(item)) {
		ap_sim_configure(to_adapter(item)->apid, on);
		ap_scan_now();
	}
	return count;
}
CONFIGFS_ATTR(adapter_, config);

static ssize_t adapter_chkstop_show(struct config_item *item, char *page)
{
	unsigned int apid = to_adapter(item)->apid;
	bool broken;

	guard(mutex)(&ap_sim_live_mutex);
	broken = plugged(item) ? READ_ONCE(ap_sim_machine.adapter[apid]->checkstopped)
			       : spec_of(item)->checkstopped;
	return sysfs_emit(page, "%d\n", broken);
}

static ssize_t adapter_chkstop_store(struct config_item *item, const char *page, size_t count)
{
	int on, rc = ap_config_bool(page, &on);

	if (rc)
		return rc;
	guard(mutex)(&ap_sim_live_mutex);
	spec_of(item)->checkstopped = on;
	if (plugged(item)) {
		ap_sim_checkstop(to_adapter(item)->apid, on);
		ap_scan_now();
	}
	return count;
}
CONFIGFS_ATTR(adapter_, chkstop);

static struct configfs_attribute *adapter_attrs[] = {
	&adapter_attr_type,
	&adapter_attr_mode,
	&adapter_attr_depth,
	&adapter_attr_present,
	&adapter_attr_config,
	&adapter_attr_chkstop,
	NULL,
};

static void adapter_release(struct config_item *item)
{
	kfree(to_adapter(item));
}

static struct configfs_item_operations adapter_ops = {
	.release = adapter_release,
};

static const struct config_item_type adapter_type = {
	.ct_item_ops = &adapter_ops,
	.ct_attrs = adapter_attrs,
	.ct_owner = THIS_MODULE,
};

static struct adapter_group *new_adapter(const char *name, unsigned int apid)
{
	struct adapter_group *a = kzalloc(sizeof(*a), GFP_KERNEL);

	if (!a)
		return NULL;
	a->apid = apid;
	config_group_init_type_name(&a->group, name, &adapter_type);
	return a;
}

/* Two names can be the same number. */
static int claim(struct ap_config_machine *m, const char *name, unsigned int *apid)
{
	int rc;

	if (strchr(name, '\n'))
		return -EINVAL;
	rc = apm_text_id(name, m->profile.max.apm_max, apid);
	if (rc)
		return rc;
	if (apm_mask_test(&m->made, *apid))
		return -EEXIST;
	return 0;
}

static struct config_group *make_adapter(struct config_group *group, const char *name)
{
	struct ap_config_machine *m = adapters_machine(&group->cg_item);
	struct adapter_group *a;
	unsigned int apid;
	int rc;

	guard(mutex)(&ap_sim_live_mutex);
	rc = claim(m, name, &apid);
	if (rc)
		return ERR_PTR(rc);
	a = new_adapter(name, apid);
	if (!a)
		return ERR_PTR(-ENOMEM);
	apm_mask_set(&m->made, apid);
	apm_mask_set(&m->profile.config.apm, apid);
	m->profile.card[apid] = (struct ap_card_spec){
		.type = AP_TYPE_CEX8,
		.mode = AP_MODE_CCA,
		.depth = AP_DEPTH_DEFAULT,
	};
	return &a->group;
}

static void drop_adapter(struct config_group *group, struct config_item *item)
{
	struct ap_config_machine *m = adapters_machine(&group->cg_item);

	scoped_guard(mutex, &ap_sim_live_mutex) {
		apm_mask_clear(&m->made, to_adapter(item)->apid);
		apm_mask_clear(&m->profile.config.apm, to_adapter(item)->apid);
	}
	config_item_put(item);
}

static struct configfs_group_operations adapters_ops = {
	.make_group = make_adapter,
	.drop_item = drop_adapter,
};

const struct config_item_type ap_config_adapters_type = {
	.ct_group_ops = &adapters_ops,
	.ct_owner = THIS_MODULE,
};

/**
 * ap_config_add_default() - a folder for an adapter of the default machine
 * @m: the machine, not registered yet
 * @apid: the adapter, in its profile
 *
 * Return: 0 or -ENOMEM.
 */
int ap_config_add_default(struct ap_config_machine *m, unsigned int apid)
{
	struct adapter_group *a;
	char name[5];

	snprintf(name, sizeof(name), "0x%02x", apid);
	a = new_adapter(name, apid);
	if (!a)
		return -ENOMEM;
	apm_mask_set(&m->made, apid);
	configfs_add_default_group(&a->group, &m->adapters);
	return 0;
}
