// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reservation masks apmask and aqmask: a queue is the host drivers' when both
 * the bit of its adapter and that of its domain are set.
 *
 * Formats and errors: Linux, drivers/s390/crypto/ap_bus.c (apmask_store).
 */
#include <linux/cleanup.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include "ap_sim.h"
#include "../../core/ap_text.h"

static DEFINE_MUTEX(perms_mutex);
static struct ap_matrix perms; /* apm and aqm; under perms_mutex */

static char *apmask;
module_param(apmask, charp, 0444);
MODULE_PARM_DESC(apmask, "adapters that are reserved for the host, absolute or relative to all");

static char *aqmask;
module_param(aqmask, charp, 0444);
MODULE_PARM_DESC(aqmask, "domains that are reserved for the host, absolute or relative to all");

static int init_mask(struct ap_mask *mask, const char *text, const char *param)
{
	*mask = APM_MASK_ALL;
	if (text && apm_text_mask_change(text, mask, mask)) {
		pr_err("ap_sim: %s=%s: not a mask (0x and hex digits) nor changes (+3-9,-0x47)\n",
		       param, text);
		return -EINVAL;
	}
	return 0;
}

int ap_perms_init(void)
{
	int rc = init_mask(&perms.apm, apmask, "apmask");

	return rc ?: init_mask(&perms.aqm, aqmask, "aqmask");
}

void ap_perms_lock(void)
{
	mutex_lock(&perms_mutex);
}

void ap_perms_unlock(void)
{
	mutex_unlock(&perms_mutex);
}

bool ap_perms_reserved(unsigned int qid)
{
	guard(mutex)(&perms_mutex);
	return apm_matrix_has(&perms, APM_QID_APID(qid), APM_QID_APQI(qid));
}

bool ap_perms_host_domain(unsigned int apqi)
{
	guard(mutex)(&perms_mutex);
	return apm_mask_test(&perms.aqm, apqi);
}

bool ap_perms_reserved_any(const struct ap_matrix *wanted, struct ap_matrix *shared)
{
	lockdep_assert_held(&perms_mutex);
	return apm_matrix_conflict(&perms, wanted, shared);
}

/* What the host takes back: the APQNs reserved by @new and not by the present masks. */
struct take_back {
	struct ap_mask apm;
	struct ap_mask aqm;
};

static int ask_driver(struct device_driver *driver, void *data)
{
	struct apm_driver *drv = to_apm_driver(driver);
	struct take_back *t = data;
	int rc = 0;

	if (!drv->in_use || !try_module_get(driver->owner))
		return 0;
	if (drv->in_use(&t->apm, &t->aqm))
		rc = -EBUSY;
	module_put(driver->owner);
	return rc;
}

static int take(const struct ap_mask *apm, const struct ap_mask *aqm)
{
	struct take_back t = { *apm, *aqm };

	if (apm_mask_empty(apm) || apm_mask_empty(aqm))
		return 0;
	return bus_for_each_drv(&ap_bus, NULL, &t, ask_driver);
}

static ssize_t put_mask(char *buf, const struct ap_mask *mask)
{
	apm_text_put_mask(mask, buf);
	buf[AP_MASK_TEXT] = '\n';
	return AP_MASK_TEXT + 1;
}

static ssize_t show_mask(const struct ap_mask *mask, char *buf)
{
	if (mutex_lock_interruptible(&perms_mutex))
		return -ERESTARTSYS;
	put_mask(buf, mask);
	mutex_unlock(&perms_mutex);
	return AP_MASK_TEXT + 1;
}

/*
 * One mask changes. Only what becomes reserved is asked for: the new bits of this
 * mask with all of the other one.
 */
static int change_mask(struct ap_mask *mask, const char *buf, struct ap_mask *new)
{
	struct ap_mask more;
	int rc;

	lockdep_assert_held(&perms_mutex);
	rc = apm_text_mask_change(buf, mask, new);
	if (rc)
		return rc;
	more = apm_mask_andnot(new, mask);
	rc = mask == &perms.apm ? take(&more, &perms.aqm) : take(&perms.apm, &more);
	if (rc)
		return rc;
	rc = !apm_mask_equal(mask, new);
	*mask = *new;
	return rc;
}

static ssize_t store_mask(struct ap_mask *mask, const char *name, const char *buf, size_t count)
{
	char text[AP_MASK_TEXT + 1];
	struct ap_mask new;
	int rc;

	if (apm_text_whole(buf, count, PAGE_SIZE))
		return -EINVAL;
	if (mutex_lock_interruptible(&perms_mutex))
		return -ERESTARTSYS;
	rc = change_mask(mask, buf, &new);
	mutex_unlock(&perms_mutex);
	if (rc < 0)
		return rc;
	if (rc) {
		ap_bus_revise_bindings();
		apm_text_put_mask(&new, text);
		text[AP_MASK_TEXT] = '\0';
		ap_bus_event(ap_root, "%s=%s", name, text);
		ap_bus_check_bindings();
	}
	return count;
}

static ssize_t apmask_show(const struct bus_type *bus, char *buf)
{
	return show_mask(&perms.apm, buf);
}

static ssize_t apmask_store(const struct bus_type *bus, const char *buf, size_t count)
{
	return store_mask(&perms.apm, "APMASK", buf, count);
}

static BUS_ATTR_RW(apmask);

static ssize_t aqmask_show(const struct bus_type *bus, char *buf)
{
	return show_mask(&perms.aqm, buf);
}

static ssize_t aqmask_store(const struct bus_type *bus, const char *buf, size_t count)
{
	return store_mask(&perms.aqm, "AQMASK", buf, count);
}

static BUS_ATTR_RW(aqmask);

static struct attribute *perms_attrs[] = {
	&bus_attr_apmask.attr,
	&bus_attr_aqmask.attr,
	NULL,
};

const struct attribute_group ap_perms_group = {
	.attrs = perms_attrs,
};
