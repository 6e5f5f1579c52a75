// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sysfs attributes of a mediated device. Formats and errors: docs/sysfs.md, from
 * Linux, drivers/s390/crypto/vfio_ap_ops.c and Documentation/arch/s390/vfio-ap.rst.
 */
#include <linux/string.h>
#include "vfio_ap.h"
#include "../../core/ap_text.h"

static struct ap_mdev *mdev_of(struct device *dev)
{
	return dev_get_drvdata(dev);
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

	rc = apm_text_whole(buf, count, PAGE_SIZE) ?: apm_text_id(buf, max_of(which), &id);
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
	int rc = apm_text_whole(buf, count, PAGE_SIZE) ?: apm_text_config(buf, &change.add);

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
	return apm_text_whole(buf, count, PAGE_SIZE) ?: apv_stage(mdev_of(dev), buf) ?: count;
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

static ssize_t filtered_read(struct file *file, struct kobject *kobj,
			     apm_bin_const struct bin_attribute *attr, char *buf, loff_t off,
			     size_t count)
{
	return apv_filtered_read(mdev_of(kobj_to_dev(kobj)), file, buf, off, count);
}
static BIN_ATTR_RO(filtered, 0);

static apm_bin_const struct bin_attribute *mdev_bin_attrs[] = {
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
