// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sysfs attributes of a mediated device. Formats and errors: docs/sysfs.md, from
 * Linux, drivers/s390/crypto/vfio_ap_ops.c and Documentation/arch/s390/vfio-ap.rst.
 */
#include <linux/seq_buf.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "vfio_ap.h"
#include "../../core/ap_text.h"

static struct ap_mdev *mdev_of(struct device *dev)
{
	return dev_get_drvdata(dev);
}

/* What fills the page may have been cut; and text ends at a NUL, behind which are only others. */
static int check_whole(const char *buf, size_t count)
{
	size_t len = strlen(buf);

	return count >= PAGE_SIZE || memchr_inv(buf + len, '\0', count - len) ? -EINVAL : 0;
}

/* Which mask of a matrix an attribute is about. */
enum which { ADAPTER, DOMAIN, CONTROL_DOMAIN };

static struct ap_mask *mask_of(struct ap_matrix *m, enum which which)
{
	return which == ADAPTER ? &m->apm : which == DOMAIN ? &m->aqm : &m->adm;
}

static unsigned int max_of(enum which which)
{
	guard(mutex)(&apv.lock);
	return which == ADAPTER	 ? apv.max.apm_max
	       : which == DOMAIN ? apv.max.aqm_max
				 : apv.max.adm_max;
}

static ssize_t change_one(struct device *dev, const char *buf, size_t count, enum which which,
			  bool add)
{
	struct ap_change change = { .replace = false };
	unsigned int id;
	int rc;

	rc = check_whole(buf, count) ?: apm_text_id(buf, max_of(which), &id);
	if (rc)
		return rc;
	apm_mask_set(mask_of(add ? &change.add : &change.del, which), id);
	return apv_assign(mdev_of(dev), &change) ?: count;
}

#define ASSIGN_ATTR(_name, _which, _add)                                                \
	static ssize_t _name##_store(struct device *dev, struct device_attribute *attr, \
				     const char *buf, size_t count)                     \
	{                                                                               \
		return change_one(dev, buf, count, _which, _add);                       \
	}                                                                               \
	static DEVICE_ATTR_WO(_name)

ASSIGN_ATTR(assign_adapter, ADAPTER, true);
ASSIGN_ATTR(unassign_adapter, ADAPTER, false);
ASSIGN_ATTR(assign_domain, DOMAIN, true);
ASSIGN_ATTR(unassign_domain, DOMAIN, false);
ASSIGN_ATTR(assign_control_domain, CONTROL_DOMAIN, true);
ASSIGN_ATTR(unassign_control_domain, CONTROL_DOMAIN, false);

static ssize_t put_config(const struct ap_matrix *m, char *buf)
{
	apm_text_put_config(m, buf);
	return AP_CONFIG_TEXT;
}

static ssize_t ap_config_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	guard(mutex)(&apv.lock);
	return put_config(&mdev_of(dev)->state.assigned, buf);
}

static ssize_t ap_config_store(struct device *dev, struct device_attribute *attr, const char *buf,
			       size_t count)
{
	struct ap_change change = { .replace = true };
	int rc = check_whole(buf, count) ?: apm_text_config(buf, &change.add);

	return rc ?: apv_assign(mdev_of(dev), &change) ?: count;
}
static DEVICE_ATTR_RW(ap_config);

/* Empty when nothing is staged. */
static ssize_t staged_config_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ap_mdev *m = mdev_of(dev);

	guard(mutex)(&apv.lock);
	return m->has_staged ? put_config(&m->staged, buf) : 0;
}

static ssize_t staged_config_store(struct device *dev, struct device_attribute *attr,
				   const char *buf, size_t count)
{
	return check_whole(buf, count) ?: apv_stage(mdev_of(dev), buf) ?: count;
}
static DEVICE_ATTR_RW(staged_config);

static ssize_t guest_config_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	guard(mutex)(&apv.lock);
	return put_config(&mdev_of(dev)->state.shadow, buf);
}
static DEVICE_ATTR_RO(guest_config);

static ssize_t generation_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	guard(mutex)(&apv.lock);
	return sysfs_emit(buf, "%llu\n", mdev_of(dev)->generation);
}
static DEVICE_ATTR_RO(generation);

static struct attribute *mdev_attrs[] = {
	&dev_attr_assign_adapter.attr,
	&dev_attr_unassign_adapter.attr,
	&dev_attr_assign_domain.attr,
	&dev_attr_unassign_domain.attr,
	&dev_attr_assign_control_domain.attr,
	&dev_attr_unassign_control_domain.attr,
	&dev_attr_ap_config.attr,
	&dev_attr_staged_config.attr,
	&dev_attr_guest_config.attr,
	&dev_attr_generation.attr,
	NULL,
};

/* Listings can be longer than a page: binary attributes, read at any offset. */
#define LISTING_ATTR(_name)                                                              \
	static ssize_t _name##_read(struct file *file, struct kobject *kobj,             \
				    apm_bin_const struct bin_attribute *attr, char *buf, \
				    loff_t off, size_t count)                            \
	{                                                                                \
		struct ap_mdev *m = mdev_of(kobj_to_dev(kobj));                          \
                                                                                         \
		guard(mutex)(&apv.lock);                                                 \
		return read_##_name(m, off, buf, count);                                 \
	}                                                                                \
	static BIN_ATTR_RO(_name, 0)

static ssize_t read_matrix(const struct ap_mdev *m, loff_t off, char *buf, size_t count)
{
	return apm_text_matrix(&m->state.assigned, off, buf, count);
}
LISTING_ATTR(matrix);

static ssize_t read_guest_matrix(const struct ap_mdev *m, loff_t off, char *buf, size_t count)
{
	return apm_text_matrix(&m->state.shadow, off, buf, count);
}
LISTING_ATTR(guest_matrix);

static ssize_t read_control_domains(const struct ap_mdev *m, loff_t off, char *buf, size_t count)
{
	return apm_text_domains(&m->state.assigned.adm, off, buf, count);
}
LISTING_ATTR(control_domains);

/* What the reasons are made of: text takes time, and nobody is to wait for it. */
struct snapshot {
	struct ap_device state;
	struct ap_queues queues;
};

static struct snapshot *take_snapshot(const struct ap_mdev *m)
{
	struct snapshot *shot = kvmalloc(sizeof(*shot), GFP_KERNEL);

	if (!shot)
		return NULL;
	guard(mutex)(&apv.lock);
	shot->state = m->state;
	shot->queues = apv.queues;
	return shot;
}

static void list_absent(struct seq_buf *s, const struct ap_matrix *absent)
{
	unsigned int id;

	apm_mask_for_each(id, &absent->apm)
		seq_buf_printf(s, "adapter %02x: not in the host's configuration\n", id);
	apm_mask_for_each(id, &absent->aqm)
		seq_buf_printf(s, "domain %04x: not in the host's configuration\n", id);
	apm_mask_for_each(id, &absent->adm)
		seq_buf_printf(s, "control domain %04x: not in the host's configuration\n", id);
}

static void list_unbound(struct seq_buf *s, const struct snapshot *shot,
			 const struct ap_mask *domains)
{
	struct ap_mask missing;
	unsigned int apid;

	apm_mask_for_each(apid, &shot->state.filtered.unbound) {
		missing = apm_mask_andnot(domains, &shot->queues.bound[apid]);
		/* Bound meanwhile, by a scan that has not ended. */
		if (apm_mask_empty(&missing))
			continue;
		seq_buf_printf(s, "adapter %02x: queue %02x.%04x is not bound to vfio_ap\n", apid,
			       apid, apm_mask_next(&missing, 0));
	}
}

/* Why a queue is not clean: its reset is still under way, or was given up. */
static const char *unclean_reason(const struct ap_queues *queues, unsigned int apid,
				  unsigned int apqi)
{
	if (apm_mask_test(&queues->resetting[apid], apqi))
		return "reset in progress";
	return "reset failed";
}

static void list_unclean(struct seq_buf *s, const struct snapshot *shot,
			 const struct ap_mask *adapters, const struct ap_mask *domains)
{
	const struct ap_filtered *f = &shot->state.filtered;
	struct ap_mask unclean;
	unsigned int apid, apqi;

	apm_mask_for_each(apid, adapters) {
		unclean = apm_mask_andnot(domains, &shot->queues.clean[apid]);
		if (!apm_mask_test(&f->unclean_apm, apid))
			unclean = apm_mask_and(&unclean, &f->unclean_aqm);
		apm_mask_for_each(apqi, &unclean)
			seq_buf_printf(s, "queue %02x.%04x: %s\n", apid, apqi,
				       unclean_reason(&shot->queues, apid, apqi));
	}
}

/* Clean themselves, but of the same change as others that are not. */
static void list_held(struct seq_buf *s, const struct ap_device *d)
{
	struct ap_mask apm = apm_mask_andnot(&d->filtered.shadow.apm, &d->shadow.apm);
	struct ap_mask aqm = apm_mask_andnot(&d->filtered.shadow.aqm, &d->shadow.aqm);
	struct ap_mask adm = apm_mask_andnot(&d->filtered.shadow.adm, &d->shadow.adm);
	unsigned int id;

	apm_mask_for_each(id, &apm)
		seq_buf_printf(s, "adapter %02x: waits for other queues of the same change\n", id);
	apm_mask_for_each(id, &aqm)
		seq_buf_printf(s, "domain %04x: waits for other queues of the same change\n", id);
	apm_mask_for_each(id, &adm)
		seq_buf_printf(s, "control domain %04x: waits for queues of the same change\n", id);
}

static void list_filtered(struct seq_buf *s, const struct snapshot *shot)
{
	const struct ap_filtered *f = &shot->state.filtered;
	struct ap_mask adapters = apm_mask_or(&f->shadow.apm, &f->unclean_apm);
	struct ap_mask domains = apm_mask_or(&f->shadow.aqm, &f->unclean_aqm);

	list_absent(s, &f->absent);
	list_unbound(s, shot, &domains);
	list_unclean(s, shot, &adapters, &domains);
	list_held(s, &shot->state);
}

/* The text, in a buffer that grows until it holds all of it; NULL without memory. */
static char *filtered_text(const struct snapshot *shot, size_t *len)
{
	size_t size = PAGE_SIZE;
	struct seq_buf s;
	char *text;

	for (;; size *= 4) {
		text = kvmalloc(size, GFP_KERNEL);
		if (!text)
			return NULL;
		seq_buf_init(&s, text, size);
		list_filtered(&s, shot);
		if (!seq_buf_has_overflowed(&s))
			break;
		kvfree(text);
	}
	*len = seq_buf_used(&s);
	return text;
}

static ssize_t filtered_read(struct file *file, struct kobject *kobj,
			     apm_bin_const struct bin_attribute *attr, char *buf, loff_t off,
			     size_t count)
{
	struct snapshot *shot __free(kvfree) = take_snapshot(mdev_of(kobj_to_dev(kobj)));
	char *text __free(kvfree) = NULL;
	size_t len;

	text = shot ? filtered_text(shot, &len) : NULL;
	if (!text)
		return -ENOMEM;
	return memory_read_from_buffer(buf, count, &off, text, len);
}
static BIN_ATTR_RO(filtered, 0);

static struct bin_attribute *mdev_bin_attrs[] = {
	&bin_attr_matrix,
	&bin_attr_guest_matrix,
	&bin_attr_control_domains,
	&bin_attr_filtered,
	NULL,
};

static const struct attribute_group mdev_group = {
	.attrs = mdev_attrs,
	.bin_attrs = mdev_bin_attrs,
};

const struct attribute_group *apv_mdev_groups[] = {
	&mdev_group,
	NULL,
};
