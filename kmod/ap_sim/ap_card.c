// SPDX-License-Identifier: GPL-2.0-only
/*
 * Card devices. Formats: Linux, drivers/s390/crypto/ap_card.c.
 */
#include <linux/slab.h>
#include "ap_sim.h"
#include "../../core/ap_text.h"

static ssize_t hwtype_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return ap_attr_hwtype(to_ap_card(dev)->info, buf);
}
static DEVICE_ATTR_RO(hwtype);

static ssize_t raw_hwtype_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return hwtype_show(dev, attr, buf);
}
static DEVICE_ATTR_RO(raw_hwtype);

static ssize_t depth_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return ap_attr_depth(to_ap_card(dev)->info, buf);
}
static DEVICE_ATTR_RO(depth);

static ssize_t ap_functions_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return ap_attr_functions(to_ap_card(dev)->info, buf);
}
static DEVICE_ATTR_RO(ap_functions);

static struct ap_request_counts counts(struct device *dev)
{
	struct ap_request_counts c;

	ap_sender_count_card(to_ap_card(dev)->apid, &c);
	return c;
}

static ssize_t request_count_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", counts(dev).total);
}

/* Any write sets it, and those of its queues, to zero. */
static ssize_t request_count_store(struct device *dev, struct device_attribute *attr,
				   const char *buf, size_t count)
{
	ap_sender_forget_card(to_ap_card(dev)->apid);
	return count;
}
static DEVICE_ATTR_RW(request_count);

static ssize_t requestq_count_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", counts(dev).requestq);
}
static DEVICE_ATTR_RO(requestq_count);

static ssize_t pendingq_count_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%u\n", counts(dev).pendingq);
}
static DEVICE_ATTR_RO(pendingq_count);

static ssize_t modalias_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return ap_attr_modalias(to_ap_card(dev)->info, buf);
}
static DEVICE_ATTR_RO(modalias);

static ssize_t config_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(to_ap_card(dev)->configured));
}

/*
 * The queues follow at the next scan, which a change starts in the background: a scan
 * from here could have to remove this very attribute.
 */
static ssize_t config_store(struct device *dev, struct device_attribute *attr, const char *buf,
			    size_t count)
{
	struct ap_card *card = to_ap_card(dev);
	bool on;

	if (apm_text_whole(buf, count, PAGE_SIZE) || ap_attr_read_switch(buf, &on))
		return -EINVAL;
	if (on != xchg(&card->configured, on)) {
		ap_sim_configure(card->apid, on);
		ap_bus_event(dev, "CONFIG=%d", on);
		ap_scan_later();
	}
	return count;
}
static DEVICE_ATTR_RW(config);

static ssize_t chkstop_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(to_ap_card(dev)->checkstopped));
}
static DEVICE_ATTR_RO(chkstop);

static ssize_t max_msg_size_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return ap_attr_max_msg_size(to_ap_card(dev)->info, buf);
}
static DEVICE_ATTR_RO(max_msg_size);

static struct attribute *card_attrs[] = {
	&dev_attr_hwtype.attr,	       &dev_attr_raw_hwtype.attr,    &dev_attr_depth.attr,
	&dev_attr_ap_functions.attr,   &dev_attr_request_count.attr, &dev_attr_requestq_count.attr,
	&dev_attr_pendingq_count.attr, &dev_attr_modalias.attr,	     &dev_attr_config.attr,
	&dev_attr_chkstop.attr,	       &dev_attr_max_msg_size.attr,  NULL,
};
ATTRIBUTE_GROUPS(card);

const struct device_type ap_card_type = {
	.name = "ap_card",
	.groups = card_groups,
};

static void card_release(struct device *dev)
{
	kfree(to_ap_card(dev));
}

/**
 * ap_card_create() - register a card device
 * @apid: adapter number
 * @info: GR2 of TAPQ
 *
 * Return: the card, one reference held by the caller for as long as it is
 * registered; NULL when that failed.
 */
struct ap_card *ap_card_create(unsigned int apid, u64 info)
{
	struct ap_card *card = kzalloc(sizeof(*card), GFP_KERNEL);

	if (!card)
		return NULL;
	card->apid = apid;
	card->info = info;
	card->dev.type = &ap_card_type;
	card->dev.bus = &ap_bus;
	card->dev.parent = ap_root;
	card->dev.release = card_release;
	card->configured = true;
	device_initialize(&card->dev);
	if (dev_set_name(&card->dev, "card%02x", apid) || device_add(&card->dev)) {
		put_device(&card->dev);
		return NULL;
	}
	return card;
}
