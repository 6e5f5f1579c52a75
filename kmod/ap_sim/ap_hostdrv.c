// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host's own drivers for cards and queues, with the attributes that they add.
 *
 * Names and formats: Linux, drivers/s390/crypto/zcrypt_cex4.c, zcrypt_card.c and
 * zcrypt_queue.c.
 */
#include "ap_sim.h"
#include "../../core/ap_text.h"

/* The weights of requests that wait for their queue, or for their reply */
static ssize_t load_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ap_request_counts counts;

	if (ap_is_queue(dev))
		ap_sender_count_queue(to_ap_queue(dev)->qid, &counts);
	else
		ap_sender_count_card(to_ap_card(dev)->apid, &counts);
	return sysfs_emit(buf, "%u\n", counts.load);
}
static DEVICE_ATTR_RO(load);

static bool queue_usable(const struct ap_queue *queue)
{
	return READ_ONCE(queue->configured) && !READ_ONCE(queue->checkstopped);
}

static bool card_usable(const struct ap_card *card)
{
	return READ_ONCE(card->configured) && !READ_ONCE(card->checkstopped);
}

static ssize_t queue_online_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ap_queue *queue = to_ap_queue(dev);

	return sysfs_emit(buf, "%d\n", queue_usable(queue) && READ_ONCE(queue->online));
}

static ssize_t queue_online_store(struct device *dev, struct device_attribute *attr,
				  const char *buf, size_t count)
{
	struct ap_queue *queue = to_ap_queue(dev);
	bool online;

	if (apm_text_whole(buf, count, PAGE_SIZE) || ap_attr_read_switch(buf, &online))
		return -EINVAL;
	if (online && (!queue_usable(queue) || !card_usable(queue->card)))
		return -ENODEV;
	if (online && !READ_ONCE(queue->card->online))
		return -EINVAL;
	WRITE_ONCE(queue->online, online);
	if (!online)
		ap_sender_cancel(queue->qid);
	ap_bus_event(dev, "ONLINE=%d", online);
	return count;
}

static struct device_attribute dev_attr_queue_online =
	__ATTR(online, 0644, queue_online_show, queue_online_store);

static struct attribute *host_queue_attrs[] = {
	&dev_attr_queue_online.attr,
	&dev_attr_load.attr,
	NULL,
};
ATTRIBUTE_GROUPS(host_queue);

static ssize_t type_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return ap_attr_type(to_ap_card(dev)->info, buf);
}
static DEVICE_ATTR_RO(type);

static ssize_t card_online_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ap_card *card = to_ap_card(dev);

	return sysfs_emit(buf, "%d\n", card_usable(card) && READ_ONCE(card->online));
}

/* A card takes the queues that the host uses along. */
static int set_queue_online(struct device *dev, void *data)
{
	bool online = *(bool *)data, host;

	if (!ap_is_queue(dev))
		return 0;
	scoped_guard(device, dev)
		host = dev->driver && to_apm_driver(dev->driver)->host_default;
	if (!host || xchg(&to_ap_queue(dev)->online, online) == online)
		return 0;
	if (!online)
		ap_sender_cancel(to_ap_queue(dev)->qid);
	ap_bus_event(dev, "ONLINE=%d", online);
	return 0;
}

static ssize_t card_online_store(struct device *dev, struct device_attribute *attr, const char *buf,
				 size_t count)
{
	struct ap_card *card = to_ap_card(dev);
	bool online;

	if (apm_text_whole(buf, count, PAGE_SIZE) || ap_attr_read_switch(buf, &online))
		return -EINVAL;
	if (online && !card_usable(card))
		return -ENODEV;
	WRITE_ONCE(card->online, online);
	ap_bus_event(dev, "ONLINE=%d", online);
	device_for_each_child(dev, &online, set_queue_online);
	return count;
}

static struct device_attribute dev_attr_card_online =
	__ATTR(online, 0644, card_online_show, card_online_store);

static struct attribute *host_card_attrs[] = {
	&dev_attr_type.attr,
	&dev_attr_card_online.attr,
	&dev_attr_load.attr,
	NULL,
};
ATTRIBUTE_GROUPS(host_card);

static int card_probe(struct device *dev, unsigned int qid)
{
	WRITE_ONCE(to_ap_card(dev)->online, true);
	return 0;
}

static int queue_probe(struct device *dev, unsigned int qid)
{
	ap_sim_touch(qid);
	WRITE_ONCE(to_ap_queue(dev)->online, READ_ONCE(to_ap_queue(dev)->card->online));
	/* As Linux does to feed its random number generator; a queue that refuses is bound too. */
	if (AP_INFO_FACILITIES(to_ap_queue(dev)->card->info) & AP_FAC_CCA)
		ap_sender_send(qid, to_ap_queue(dev)->card->info, 1);
	return 0;
}

static void queue_remove(struct device *dev, unsigned int qid)
{
	ap_sender_cancel(qid);
}

static void card_remove(struct device *dev, unsigned int qid)
{
}

static struct apm_driver card_driver = {
	.driver = {
		.name = "cex4card",
		.owner = THIS_MODULE,
		.dev_groups = host_card_groups,
	},
	.cards = true,
	.host_default = true,
	.type_min = AP_TYPE_CEX4,
	.probe = card_probe,
	.remove = card_remove,
};

static struct apm_driver queue_driver = {
	.driver = {
		.name = "cex4queue",
		.owner = THIS_MODULE,
		.suppress_bind_attrs = true,
		.dev_groups = host_queue_groups,
	},
	.host_default = true,
	.type_min = AP_TYPE_CEX4,
	.probe = queue_probe,
	.remove = queue_remove,
};

int ap_hostdrv_init(void)
{
	int rc = ap_bus_driver_register(&card_driver);

	if (rc)
		return rc;
	rc = ap_bus_driver_register(&queue_driver);
	if (rc)
		ap_bus_driver_unregister(&card_driver);
	return rc;
}

void ap_hostdrv_exit(void)
{
	ap_bus_driver_unregister(&queue_driver);
	ap_bus_driver_unregister(&card_driver);
}
