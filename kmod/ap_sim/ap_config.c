// SPDX-License-Identifier: GPL-2.0-only
/*
 * configfs: /sys/kernel/config/ap_sim/MACHINE/{…,adapters/ID/…}. A thin front end of
 * struct ap_profile; the machine follows it when it becomes live and at each commit.
 *
 * Manners are those of Linux' gpio-sim: EPERM to become what it is already, EBUSY for
 * what cannot change while live. Everything is under ap_sim_live_mutex.
 */
#include <linux/configfs.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "ap_config.h"
#include "../../core/ap_text.h"

static struct ap_config_machine *live;

static struct ap_config_machine *to_machine(struct config_item *item)
{
	return container_of(to_config_group(item), struct ap_config_machine, group);
}

/**
 * ap_config_is_live() - is it this machine that the bus shows?
 * @m: the machine
 *
 * Context: ap_sim_live_mutex.
 */
bool ap_config_is_live(const struct ap_config_machine *m)
{
	lockdep_assert_held(&ap_sim_live_mutex);
	return m == live;
}

/* The devices follow at once. */
static int apply(struct ap_config_machine *m)
{
	int rc;

	lockdep_assert_held(&ap_sim_live_mutex);
	if (!ap_profile_fits(&m->profile))
		return -EINVAL;
	ap_scan_hold();
	rc = ap_live_apply(&m->profile);
	if (!rc)
		live = m;
	ap_scan_release(!rc);
	return rc;
}

static void take_down(void)
{
	lockdep_assert_held(&ap_sim_live_mutex);
	ap_scan_hold();
	ap_live_clear();
	live = NULL;
	ap_scan_release(true);
}

static ssize_t machine_live_show(struct config_item *item, char *page)
{
	guard(mutex)(&ap_sim_live_mutex);
	return sysfs_emit(page, "%d\n", ap_config_is_live(to_machine(item)));
}

static ssize_t machine_live_store(struct config_item *item, const char *page, size_t count)
{
	struct ap_config_machine *m = to_machine(item);
	int rc, on;

	rc = ap_config_bool(page, &on);
	if (rc)
		return rc;
	guard(mutex)(&ap_sim_live_mutex);
	if (on == ap_config_is_live(m))
		return -EPERM;
	if (on && live)
		return -EBUSY;
	if (on)
		rc = apply(m);
	else
		take_down();
	return rc ?: count;
}
CONFIGFS_ATTR(machine_, live);

/* All that was staged, as one change of the host's configuration */
static ssize_t machine_commit_store(struct config_item *item, const char *page, size_t count)
{
	struct ap_config_machine *m = to_machine(item);
	int rc, on;

	rc = ap_config_bool(page, &on);
	if (rc || !on)
		return -EINVAL;
	guard(mutex)(&ap_sim_live_mutex);
	if (!ap_config_is_live(m))
		return -EPERM;
	rc = apply(m);
	return rc ?: count;
}
CONFIGFS_ATTR_WO(machine_, commit);

static ssize_t put_mask(const struct ap_mask *mask, char *page)
{
	apm_text_put_mask(mask, page);
	page[AP_MASK_TEXT] = '\n';
	return AP_MASK_TEXT + 1;
}

static ssize_t machine_usage_domains_show(struct config_item *item, char *page)
{
	guard(mutex)(&ap_sim_live_mutex);
	return put_mask(&to_machine(item)->profile.config.aqm, page);
}

static ssize_t machine_usage_domains_store(struct config_item *item, const char *page, size_t count)
{
	struct ap_profile *p = &to_machine(item)->profile;

	guard(mutex)(&ap_sim_live_mutex);
	return ap_profile_domains(page, p->max.aqm_max, &p->config.aqm) ?: count;
}
CONFIGFS_ATTR(machine_, usage_domains);

static ssize_t machine_control_domains_show(struct config_item *item, char *page)
{
	guard(mutex)(&ap_sim_live_mutex);
	return put_mask(&to_machine(item)->profile.config.adm, page);
}

static ssize_t machine_control_domains_store(struct config_item *item, const char *page,
					     size_t count)
{
	struct ap_profile *p = &to_machine(item)->profile;

	guard(mutex)(&ap_sim_live_mutex);
	return ap_profile_domains(page, p->max.adm_max, &p->config.adm) ?: count;
}
CONFIGFS_ATTR(machine_, control_domains);

/* A limit: a number up to 255, as long as the machine is not live */
static ssize_t store_max(struct ap_config_machine *m, const char *page, size_t count,
			 unsigned int *first, unsigned int *second)
{
	unsigned int max;
	int rc = apm_text_id(page, AP_ID_MAX, &max);

	if (rc)
		return rc;
	guard(mutex)(&ap_sim_live_mutex);
	if (ap_config_is_live(m))
		return -EBUSY;
	*first = max;
	*second = max;
	return count;
}

static ssize_t machine_max_adapter_show(struct config_item *item, char *page)
{
	guard(mutex)(&ap_sim_live_mutex);
	return sysfs_emit(page, "%u\n", to_machine(item)->profile.max.apm_max);
}

static ssize_t machine_max_adapter_store(struct config_item *item, const char *page, size_t count)
{
	struct ap_config_machine *m = to_machine(item);
	struct ap_limits *max = &m->profile.max;

	return store_max(m, page, count, &max->apm_max, &max->apm_max);
}
CONFIGFS_ATTR(machine_, max_adapter);

static ssize_t machine_max_domain_show(struct config_item *item, char *page)
{
	guard(mutex)(&ap_sim_live_mutex);
	return sysfs_emit(page, "%u\n", to_machine(item)->profile.max.aqm_max);
}

static ssize_t machine_max_domain_store(struct config_item *item, const char *page, size_t count)
{
	struct ap_config_machine *m = to_machine(item);
	struct ap_limits *max = &m->profile.max;

	return store_max(m, page, count, &max->aqm_max, &max->adm_max);
}
CONFIGFS_ATTR(machine_, max_domain);

static ssize_t machine_reset_ms_show(struct config_item *item, char *page)
{
	guard(mutex)(&ap_sim_live_mutex);
	return sysfs_emit(page, "%u\n", to_machine(item)->profile.reset_ms);
}

static ssize_t machine_reset_ms_store(struct config_item *item, const char *page, size_t count)
{
	u64 ms;

	if (apm_text_number(page, &ms) || ms > AP_CONFIG_RESET_MAX)
		return -EINVAL;
	guard(mutex)(&ap_sim_live_mutex);
	to_machine(item)->profile.reset_ms = ms;
	return count;
}
CONFIGFS_ATTR(machine_, reset_ms);

static struct configfs_attribute *machine_attrs[] = {
	&machine_attr_live,	     &machine_attr_commit,
	&machine_attr_usage_domains, &machine_attr_control_domains,
	&machine_attr_max_adapter,   &machine_attr_max_domain,
	&machine_attr_reset_ms,	     NULL,
};

static void machine_release(struct config_item *item)
{
	kfree(to_machine(item));
}

static struct configfs_item_operations machine_ops = {
	.release = machine_release,
};

static const struct config_item_type machine_type = {
	.ct_item_ops = &machine_ops,
	.ct_attrs = machine_attrs,
	.ct_owner = THIS_MODULE,
};

static struct ap_config_machine *new_machine(const char *name)
{
	struct ap_config_machine *m = kzalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return NULL;
	m->profile.max = (struct ap_limits){ AP_ID_MAX, AP_ID_MAX, AP_ID_MAX };
	m->profile.reset_ms = 2;
	config_group_init_type_name(&m->group, name, &machine_type);
	config_group_init_type_name(&m->adapters, "adapters", &ap_config_adapters_type);
	configfs_add_default_group(&m->adapters, &m->group);
	return m;
}

static struct config_group *make_machine(struct config_group *group, const char *name)
{
	struct ap_config_machine *m = new_machine(name);

	return m ? &m->group : ERR_PTR(-ENOMEM);
}

/* A live machine that is removed goes. */
static void drop_machine(struct config_group *group, struct config_item *item)
{
	scoped_guard(mutex, &ap_sim_live_mutex)
		if (ap_config_is_live(to_machine(item)))
			take_down();
	configfs_remove_default_groups(&to_machine(item)->group);
	config_item_put(item);
}

static struct configfs_group_operations subsys_ops = {
	.make_group = make_machine,
	.drop_item = drop_machine,
};

static const struct config_item_type subsys_type = {
	.ct_group_ops = &subsys_ops,
	.ct_owner = THIS_MODULE,
};

static struct configfs_subsystem subsys = {
	.su_group = {
		.cg_item = {
			.ci_namebuf = "ap_sim",
			.ci_type = &subsys_type,
		},
	},
};

static struct ap_config_machine *default_machine;

static int make_default(const struct ap_profile *p)
{
	struct ap_config_machine *m = new_machine("default");
	unsigned int apid;
	int rc = 0;

	if (!m)
		return -ENOMEM;
	m->profile = *p;
	apm_mask_for_each(apid, &p->config.apm) {
		rc = ap_config_add_default(m, apid);
		if (rc)
			break;
	}
	configfs_add_default_group(&m->group, &subsys.su_group);
	default_machine = m;
	return rc;
}

static void remove_default(void)
{
	if (!default_machine)
		return;
	configfs_remove_default_groups(&default_machine->adapters);
	configfs_remove_default_groups(&default_machine->group);
	configfs_remove_default_groups(&subsys.su_group);
	default_machine = NULL;
}

/**
 * ap_config_init() - show and change machines in configfs
 * @p: the machine of the module parameters, live; shown as "default" when it has adapters
 *
 * Return: 0 or a negative errno.
 */
int ap_config_init(const struct ap_profile *p)
{
	int rc = 0;

	config_group_init(&subsys.su_group);
	mutex_init(&subsys.su_mutex);
	if (!apm_mask_empty(&p->config.apm))
		rc = make_default(p);
	scoped_guard(mutex, &ap_sim_live_mutex)
		live = default_machine;
	if (!rc)
		rc = configfs_register_subsystem(&subsys);
	if (rc)
		remove_default();
	return rc;
}

void ap_config_exit(void)
{
	configfs_unregister_subsystem(&subsys);
	remove_default();
}
