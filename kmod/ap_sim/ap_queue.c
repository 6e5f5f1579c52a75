// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queue devices. Formats: Linux, drivers/s390/crypto/ap_queue.c.
 */
#include <linux/slab.h>
#include "ap_sim.h"

static bool host_uses(struct device *dev)
{
	guard(device)(dev);
	return dev->driver && to_apm_driver(dev->driver)->host_default;
}

/* A queue that no host driver uses has no counters, as on the real bus. */
static bool count(struct device *dev, struct ap_request_counts *counts)
{
	memset(counts, 0, sizeof(*counts));
	if (!host_uses(dev))
		return false;
	ap_sender_count_queue(to_ap_queue(dev)->qid, counts);
	return true;
}

static ssize_t request_count_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ap_request_counts counts;

	if (!count(dev, &counts))
		return sysfs_emit(buf, "-\n");
	return sysfs_emit(buf, "%llu\n", counts.total);
}

/* Any write sets it to zero. */
static ssize_t request_count_store(struct device *dev, struct device_attribute *attr,
				   const char *buf, size_t size)
{
	ap_sender_forget_queue(to_ap_queue(dev)->qid);
	return size;
}
static DEVICE_ATTR_RW(request_count);

static ssize_t requestq_count_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ap_request_counts counts;

	count(dev, &counts);
	return sysfs_emit(buf, "%u\n", counts.requestq);
}
static DEVICE_ATTR_RO(requestq_count);

static ssize_t pendingq_count_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ap_request_counts counts;

	count(dev, &counts);
	return sysfs_emit(buf, "%u\n", counts.pendingq);
}
static DEVICE_ATTR_RO(pendingq_count);

static ssize_t reset_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return ap_attr_reset(ap_sim_tapq(to_ap_queue(dev)->qid, NULL), buf);
}

/* A guest's queue is not reset behind its back. */
static ssize_t reset_store(struct device *dev, struct device_attribute *attr, const char *buf,
			   size_t size)
{
	if (!host_uses(dev))
		return -EBUSY;
	ap_sender_cancel(to_ap_queue(dev)->qid);
	ap_sim_zapq(to_ap_queue(dev)->qid);
	return size;
}
static DEVICE_ATTR_RW(reset);

static ssize_t interrupt_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return ap_attr_interrupt(ap_sim_tapq(to_ap_queue(dev)->qid, NULL), buf);
}
static DEVICE_ATTR_RO(interrupt);

static ssize_t config_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(to_ap_queue(dev)->configured));
}
static DEVICE_ATTR_RO(config);

static ssize_t chkstop_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(to_ap_queue(dev)->checkstopped));
}
static DEVICE_ATTR_RO(chkstop);

static ssize_t ap_functions_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	u64 info;
	u32 rc = AP_STATUS_RC(ap_sim_tapq(to_ap_queue(dev)->qid, &info));

	if (rc > AP_RC_BUSY || rc == AP_RC_NOT_AVAILABLE)
		return -EIO;
	return ap_attr_functions(info, buf);
}
static DEVICE_ATTR_RO(ap_functions);

static struct attribute *queue_attrs[] = {
	&dev_attr_request_count.attr, &dev_attr_requestq_count.attr, &dev_attr_pendingq_count.attr,
	&dev_attr_reset.attr,	      &dev_attr_interrupt.attr,	     &dev_attr_config.attr,
	&dev_attr_chkstop.attr,	      &dev_attr_ap_functions.attr,   NULL,
};
ATTRIBUTE_GROUPS(queue);

const struct device_type ap_queue_type = {
	.name = "ap_queue",
	.groups = queue_groups,
};

static void queue_release(struct device *dev)
{
	kfree(to_ap_queue(dev));
}

/**
 * ap_queue_create() - register a queue device below its card
 * @card: the card
 * @apqi: domain number
 *
 * Return: the queue, one reference held by the caller for as long as it is
 * registered; NULL when that failed.
 */
struct ap_queue *ap_queue_create(struct ap_card *card, unsigned int apqi)
{
	struct ap_queue *queue = kzalloc(sizeof(*queue), GFP_KERNEL);

	if (!queue)
		return NULL;
	queue->card = card;
	queue->qid = APM_QID(card->apid, apqi);
	queue->dev.type = &ap_queue_type;
	queue->dev.bus = &ap_bus;
	queue->dev.parent = &card->dev;
	queue->dev.release = queue_release;
	queue->configured = card->configured;
	queue->checkstopped = card->checkstopped;
	device_initialize(&queue->dev);
	if (dev_set_name(&queue->dev, "%02x.%04x", card->apid, apqi) || device_add(&queue->dev)) {
		put_device(&queue->dev);
		return NULL;
	}
	return queue;
}
