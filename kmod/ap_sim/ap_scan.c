// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scan: card and queue devices follow the machine's configuration.
 *
 * Order of events as in Linux, drivers/s390/crypto/ap_bus.c (ap_scan_bus): configuration
 * changed, devices come and go, scan complete.
 */
#include <linux/atomic.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include "ap_sim.h"
#include "../../core/ap_text.h"

static DEFINE_MUTEX(scan_mutex);
static struct ap_card *cards[AP_IDS]; /* under scan_mutex */
static struct ap_host_config known;   /* under scan_mutex: what drivers were told last */
static bool stopped;		      /* under scan_mutex: the module is going */
static atomic64_t scans = ATOMIC64_INIT(0);
static unsigned int config_time = 30; /* seconds */

static bool soon; /* a device waits for its reset, or for memory */
#define SOON (HZ / 4)

static void scan_work_fn(struct work_struct *work);
static DECLARE_DELAYED_WORK(scan_work, scan_work_fn);

/* What TAPQ says of a queue that exists. */
struct seen {
	u64 info;
	bool configured;
	bool checkstopped;
};

static bool look(unsigned int qid, struct seen *seen)
{
	u32 rc = AP_STATUS_RC(ap_sim_tapq(qid, &seen->info));

	seen->configured = rc != AP_RC_DECONFIGURED;
	seen->checkstopped = rc == AP_RC_CHECKSTOPPED;
	return rc != AP_RC_NOT_AVAILABLE;
}

static void drop_queue(struct ap_card *card, unsigned int apqi)
{
	struct ap_queue *queue = card->queues[apqi];

	card->queues[apqi] = NULL;
	device_unregister(&queue->dev);
}

static void drop_card(unsigned int apid)
{
	struct ap_card *card = cards[apid];
	unsigned int apqi;

	for (apqi = 0; apqi < AP_IDS; apqi++)
		if (card->queues[apqi])
			drop_queue(card, apqi);
	cards[apid] = NULL;
	device_unregister(&card->dev);
}

static void update_queue(struct ap_queue *queue, const struct seen *seen)
{
	WRITE_ONCE(queue->checkstopped, seen->checkstopped);
	/* It will not answer. */
	if (seen->checkstopped || !seen->configured)
		ap_sender_cancel(queue->qid);
	else
		ap_sender_next(queue->qid);
	if (xchg(&queue->configured, seen->configured) != seen->configured)
		ap_bus_event(&queue->dev, "CONFIG=%d", seen->configured);
}

static void scan_queue(struct ap_card *card, unsigned int apqi)
{
	struct seen seen;
	bool there = look(APM_QID(card->apid, apqi), &seen);

	if (!there) {
		if (card->queues[apqi])
			drop_queue(card, apqi);
		return;
	}
	if (card->queues[apqi])
		update_queue(card->queues[apqi], &seen);
	else
		card->queues[apqi] = ap_queue_create(card, apqi);
	if (card->queues[apqi]) {
		ap_bus_bind(&card->queues[apqi]->dev);
		return;
	}
	dev_err(&card->dev, "cannot create queue %04x\n", apqi);
	ap_scan_soon();
}

/*
 * The lowest domain that answers tells of the card, as on the real bus; and as there
 * (ap_get_compatible_type()), an adapter older than CEX4 has no devices.
 */
static bool look_at_card(unsigned int apid, const struct ap_host_config *config, struct seen *seen)
{
	unsigned int apqi;

	if (!apm_mask_test(&config->matrix.apm, apid))
		return false;
	apm_mask_for_each(apqi, &config->matrix.aqm)
		if (look(APM_QID(apid, apqi), seen))
			return AP_INFO_TYPE(seen->info) >= AP_TYPE_CEX4;
	return false;
}

static void update_card(struct ap_card *card, const struct seen *seen)
{
	WRITE_ONCE(card->checkstopped, seen->checkstopped);
	if (xchg(&card->configured, seen->configured) != seen->configured)
		ap_bus_event(&card->dev, "CONFIG=%d", seen->configured);
}

static void scan_card(unsigned int apid, const struct ap_host_config *config)
{
	struct ap_card *card = cards[apid];
	unsigned int apqi;
	struct seen seen;
	bool there = look_at_card(apid, config, &seen);

	if (card && (!there || card->info != seen.info)) {
		drop_card(apid);
		card = NULL;
	}
	if (!there)
		return;
	if (!card) {
		card = ap_card_create(apid, seen.info);
		if (!card) {
			pr_err("ap_sim: cannot create card %02x\n", apid);
			ap_scan_soon();
			return;
		}
		cards[apid] = card;
	}
	update_card(card, &seen);
	ap_bus_bind(&card->dev);
	for (apqi = 0; apqi < AP_IDS; apqi++)
		scan_queue(card, apqi);
}

/* Passes a change of the configuration to one driver: before (@data is "changed") or after. */
struct notice {
	const struct ap_host_config *config;
	bool complete;
};

static int notify_driver(struct device_driver *driver, void *data)
{
	struct apm_driver *drv = to_apm_driver(driver);
	const struct notice *n = data;
	void (*fn)(const struct ap_host_config *now);

	fn = n->complete ? drv->on_scan_complete : drv->on_config_changed;
	if (!fn || !try_module_get(driver->owner))
		return 0;
	fn(n->config);
	module_put(driver->owner);
	return 0;
}

static void notify(const struct ap_host_config *config, bool complete)
{
	struct notice n = { config, complete };

	bus_for_each_drv(&ap_bus, NULL, &n, notify_driver);
}

static void scan(void)
{
	struct ap_host_config config;
	unsigned int apid;
	bool changed;

	lockdep_assert_held(&scan_mutex);
	ap_sim_qci(&config);
	changed = !apm_matrix_equal(&config.matrix, &known.matrix) ||
		  memcmp(&config.max, &known.max, sizeof(known.max));
	known = config;
	if (changed) {
		ap_bus_rearm_bindings();
		notify(&config, false);
	}
	for (apid = 0; apid < AP_IDS; apid++)
		scan_card(apid, &config);
	if (changed)
		notify(&config, true);
	if (atomic64_inc_return(&scans) == 1)
		ap_bus_event(ap_root, "INITSCAN=done");
	ap_bus_check_bindings();
}

/**
 * ap_scan_hold() - no scan begins until ap_scan_release()
 *
 * For a change of the machine's configuration: a scan that has begun with the old one would take
 * devices away that drivers do not know to be going.
 */
void ap_scan_hold(void)
{
	mutex_lock(&scan_mutex);
}

/**
 * ap_scan_release() - let scans go on
 * @now: scan first, and again in config_time seconds, or soon, if something asked for it meanwhile
 */
void ap_scan_release(bool now)
{
	unsigned long later;

	now = now && !stopped;
	if (now) {
		WRITE_ONCE(soon, false);
		scan();
	}
	later = READ_ONCE(soon) ? SOON : READ_ONCE(config_time) * HZ;
	mutex_unlock(&scan_mutex);
	if (now)
		mod_delayed_work(system_long_wq, &scan_work, later);
}

void ap_scan_now(void)
{
	ap_scan_hold();
	ap_scan_release(true);
}

/* Something is not ready yet: scan again in a moment. */
void ap_scan_soon(void)
{
	WRITE_ONCE(soon, true);
	mod_delayed_work(system_long_wq, &scan_work, SOON);
}

/* Scan soon, from the background. */
void ap_scan_later(void)
{
	mod_delayed_work(system_long_wq, &scan_work, 0);
}

static void scan_work_fn(struct work_struct *work)
{
	ap_scan_now();
}

u64 ap_scan_count(void)
{
	return atomic64_read(&scans);
}

void ap_scan_start(void)
{
	ap_scan_now();
}

void ap_scan_stop(void)
{
	unsigned int apid;

	disable_delayed_work_sync(&scan_work);
	guard(mutex)(&scan_mutex);
	stopped = true;
	for (apid = 0; apid < AP_IDS; apid++)
		if (cards[apid])
			drop_card(apid);
}

static ssize_t scans_show(const struct bus_type *bus, char *buf)
{
	return sysfs_emit(buf, "%llu\n", ap_scan_count());
}

static ssize_t scans_store(const struct bus_type *bus, const char *buf, size_t count)
{
	ap_scan_now();
	return count;
}
static BUS_ATTR_RW(scans);

static ssize_t config_time_show(const struct bus_type *bus, char *buf)
{
	return sysfs_emit(buf, "%u\n", READ_ONCE(config_time));
}

static ssize_t config_time_store(const struct bus_type *bus, const char *buf, size_t count)
{
	unsigned int seconds;

	if (apm_text_whole(buf, count, PAGE_SIZE) || ap_attr_read_config_time(buf, &seconds))
		return -EINVAL;
	WRITE_ONCE(config_time, seconds);
	mod_delayed_work(system_long_wq, &scan_work, seconds * HZ);
	return count;
}
static BUS_ATTR_RW(config_time);

static struct attribute *scan_attrs[] = {
	&bus_attr_scans.attr,
	&bus_attr_config_time.attr,
	NULL,
};

const struct attribute_group ap_scan_group = {
	.attrs = scan_attrs,
};
