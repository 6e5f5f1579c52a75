// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bus "ap": matching, binding by the reservation masks, uevents, attributes.
 *
 * Names, formats and events: Linux, drivers/s390/crypto/ap_bus.c.
 */
#include <linux/atomic.h>
#include <linux/kobject.h>
#include <linux/slab.h>
#include "ap_sim.h"
#include "../include/ap_compat.h"
#include "../../core/ap_text.h"

struct device *ap_root;

static atomic_t default_domain = ATOMIC_INIT(-1);
static atomic64_t complete_count = ATOMIC64_INIT(0);
static atomic_t bindings_complete = ATOMIC_INIT(0);
static bool poll_thread;
static u64 poll_timeout = 250000; /* ns */

/* The driver core frees a uevent's strings before it returns: no buffer outlives this. */
void ap_bus_event(struct device *dev, const char *fmt, ...)
{
	char *env[2] = { NULL };
	va_list args;

	va_start(args, fmt);
	env[0] = kvasprintf(GFP_KERNEL, fmt, args);
	va_end(args);
	if (env[0])
		kobject_uevent_env(&dev->kobj, KOBJ_CHANGE, env);
	kfree(env[0]);
}

static u64 device_info(const struct device *dev)
{
	if (ap_is_queue(dev))
		return container_of_const(dev, struct ap_queue, dev)->card->info;
	return container_of_const(dev, struct ap_card, dev)->info;
}

static int bus_match(struct device *dev, apm_const struct device_driver *driver)
{
	const struct apm_driver *drv = to_apm_driver(driver);

	return drv->cards != ap_is_queue(dev) && AP_INFO_TYPE(device_info(dev)) >= drv->type_min;
}

static int bus_uevent(const struct device *dev, struct kobj_uevent_env *env)
{
	u32 type;
	int rc;

	if (dev == ap_root)
		return 0;
	rc = add_uevent_var(
		env, "MODE=%s",
		ap_profile_mode_name(ap_profile_mode_of(AP_INFO_FACILITIES(device_info(dev)))));
	if (rc || ap_is_queue(dev))
		return rc;
	type = AP_INFO_TYPE(device_info(dev));
	return add_uevent_var(env, "DEV_TYPE=%04X", type)
		       ?: add_uevent_var(env, "MODALIAS=ap:t%02X", type);
}

static unsigned int device_id(struct device *dev)
{
	return ap_is_queue(dev) ? to_ap_queue(dev)->qid : APM_QID(to_ap_card(dev)->apid, 0);
}

static int takes(struct device_driver *driver, void *data)
{
	struct apm_driver *drv = to_apm_driver(driver);
	struct device *dev = data;

	return bus_match(dev, driver) &&
	       (!ap_is_queue(dev) || drv->host_default == ap_perms_reserved(device_id(dev)));
}

/*
 * A device that has no driver though one takes it, for want of memory or since it is not clean, is
 * bound by a scan in a moment. The driver core does not say why it was not.
 */
static int retry_unbound(struct device *dev, void *unused)
{
	if (!READ_ONCE(dev->driver) && bus_for_each_drv(&ap_bus, NULL, dev, takes))
		ap_scan_soon();
	return 0;
}

/* A queue goes to the host's drivers or to the others, as the masks say. */
static int bus_probe(struct device *dev)
{
	struct apm_driver *drv = to_apm_driver(dev->driver);
	unsigned int qid = device_id(dev);

	if (ap_is_queue(dev)) {
		if (ap_perms_reserved(qid) != drv->host_default)
			return -ENODEV;
		/* What a guest left in it is not for the host: the scan comes back to it. */
		if (drv->host_default && !ap_sim_launder(qid))
			return -ENODEV;
		ap_bus_rearm_bindings();
	}
	return drv->probe(dev, qid);
}

static void bus_remove(struct device *dev)
{
	struct apm_driver *drv = to_apm_driver(dev->driver);

	drv->remove(dev, device_id(dev));
}

static int count_one(struct device *dev, void *data)
{
	unsigned int *count = data;

	if (ap_is_queue(dev)) {
		count[0]++;
		count[1] += !!READ_ONCE(dev->driver);
	}
	return 0;
}

void ap_bus_count_bindings(unsigned int *queues, unsigned int *bound)
{
	unsigned int count[2] = { 0, 0 };

	bus_for_each_dev(&ap_bus, NULL, count, count_one);
	*queues = count[0];
	*bound = count[1];
}

/* Something is about to be bound: the next time that all is bound is news again. */
void ap_bus_rearm_bindings(void)
{
	atomic_set(&bindings_complete, 0);
}

/* Tell once when every queue has a driver. */
void ap_bus_check_bindings(void)
{
	unsigned int queues, bound;
	char count[32];
	char *env[] = { "BINDINGS=complete", count, NULL };

	if (!ap_scan_count())
		return;
	ap_bus_count_bindings(&queues, &bound);
	if (bound != queues || atomic_xchg(&bindings_complete, 1))
		return;
	snprintf(count, sizeof(count), "COMPLETECOUNT=%lld", atomic64_inc_return(&complete_count));
	kobject_uevent_env(&ap_root->kobj, KOBJ_CHANGE, env);
}

static bool bound_wrongly(struct device *dev)
{
	bool reserved = ap_perms_reserved(to_ap_queue(dev)->qid);

	guard(device)(dev);
	return !dev->driver || to_apm_driver(dev->driver)->host_default != reserved;
}

static int revise_one(struct device *dev, void *data)
{
	int rc;

	if (!ap_is_queue(dev) || !bound_wrongly(dev))
		return 0;
	rc = device_reprobe(dev);
	retry_unbound(dev, NULL);
	if (rc < 0)
		dev_notice(dev, "no driver took the queue after a mask change: %d\n", rc);
	return 0;
}

static int match_qid(struct device *dev, const void *data)
{
	return ap_is_queue(dev) && to_ap_queue(dev)->qid == *(const unsigned int *)data;
}

/* Would zcrypt choose it? */
static int may_send(struct device *dev)
{
	const struct ap_queue *queue = to_ap_queue(dev);

	device_lock_assert(dev);
	if (!dev->driver || !to_apm_driver(dev->driver)->host_default)
		return -EBUSY;
	if (!READ_ONCE(queue->online) || !READ_ONCE(queue->configured) ||
	    READ_ONCE(queue->checkstopped))
		return -ENODEV;
	return 0;
}

/**
 * ap_bus_request() - let the host's driver send requests to one of its queues
 * @qid: the queue
 * @n: how many
 *
 * Return: 0; -ENODEV when there is no such queue, or it is not online; -EBUSY when it is
 * not the host's; otherwise as ap_sender_send().
 */
int ap_bus_request(unsigned int qid, unsigned int n)
{
	struct device *dev = bus_find_device(&ap_bus, NULL, &qid, match_qid);
	int rc;

	if (!dev)
		return -ENODEV;
	scoped_guard(device, dev)
		rc = may_send(dev) ?: ap_sender_send(qid, device_info(dev), n);
	put_device(dev);
	return rc;
}

/**
 * ap_bus_message() - let the host's driver send a program's request
 * @qid: the queue
 * @msg: the request; freed on failure
 *
 * Return: as ap_bus_request().
 */
int ap_bus_message(unsigned int qid, struct ap_message *msg)
{
	struct device *dev = bus_find_device(&ap_bus, NULL, &qid, match_qid);
	int rc = -ENODEV;

	if (dev) {
		device_lock(dev);
		rc = may_send(dev);
	}
	if (rc)
		ap_sim_free(msg);
	else
		rc = ap_sender_add(qid, device_info(dev), msg);
	if (dev) {
		device_unlock(dev);
		put_device(dev);
	}
	return rc;
}

/**
 * ap_bus_bind() - bind a device that has no driver, or see that it is tried again
 * @dev: a card or a queue
 *
 * Context: scan mutex.
 */
void ap_bus_bind(struct device *dev)
{
	bool free;
	int rc;

	scoped_guard(device, dev)
		free = !dev->driver;
	rc = free ? device_attach(dev) : 0;
	retry_unbound(dev, NULL);
	if (rc < 0)
		dev_notice(dev, "no driver took it: %d\n", rc);
}

/*
 * The masks changed: hand each queue to the side it belongs to now. Not during a scan: of a device
 * that is being added the driver core would keep a note, "not ready to probe", for ever
 * (drivers/base/dd.c, device_set_deferred_probe_reason()).
 */
void ap_bus_revise_bindings(void)
{
	ap_scan_hold();
	bus_for_each_dev(&ap_bus, NULL, NULL, revise_one);
	ap_scan_release(false);
}

int ap_bus_driver_register(struct apm_driver *drv)
{
	int rc;

	drv->driver.bus = &ap_bus;
	/* As for ap_bus_revise_bindings(). */
	ap_scan_hold();
	rc = driver_register(&drv->driver);
	if (!rc)
		bus_for_each_dev(&ap_bus, NULL, NULL, retry_unbound);
	ap_scan_release(false);
	if (!rc)
		ap_bus_check_bindings();
	return rc;
}

void ap_bus_driver_unregister(struct apm_driver *drv)
{
	driver_unregister(&drv->driver);
	ap_bus_rearm_bindings();
}

static struct ap_host_config qci(void)
{
	struct ap_host_config c;

	ap_sim_qci(&c);
	return c;
}

static ssize_t emit_mask(char *buf, const struct ap_mask *mask)
{
	apm_text_put_mask(mask, buf);
	buf[AP_MASK_TEXT] = '\n';
	return AP_MASK_TEXT + 1;
}

static ssize_t ap_adapter_mask_show(const struct bus_type *bus, char *buf)
{
	struct ap_host_config c = qci();

	return emit_mask(buf, &c.matrix.apm);
}
static BUS_ATTR_RO(ap_adapter_mask);

static ssize_t ap_usage_domain_mask_show(const struct bus_type *bus, char *buf)
{
	struct ap_host_config c = qci();

	return emit_mask(buf, &c.matrix.aqm);
}
static BUS_ATTR_RO(ap_usage_domain_mask);

static ssize_t ap_control_domain_mask_show(const struct bus_type *bus, char *buf)
{
	struct ap_host_config c = qci();

	return emit_mask(buf, &c.matrix.adm);
}
static BUS_ATTR_RO(ap_control_domain_mask);

static ssize_t ap_max_adapter_id_show(const struct bus_type *bus, char *buf)
{
	return sysfs_emit(buf, "%u\n", qci().max.apm_max);
}
static BUS_ATTR_RO(ap_max_adapter_id);

static ssize_t ap_max_domain_id_show(const struct bus_type *bus, char *buf)
{
	return sysfs_emit(buf, "%u\n", qci().max.aqm_max);
}
static BUS_ATTR_RO(ap_max_domain_id);

static ssize_t features_show(const struct bus_type *bus, char *buf)
{
	return ap_attr_features(qci().flags, buf);
}
static BUS_ATTR_RO(features);

static ssize_t bindings_show(const struct bus_type *bus, char *buf)
{
	unsigned int queues, bound;

	ap_bus_count_bindings(&queues, &bound);
	return ap_attr_bindings(bound, queues, ap_scan_count(), buf);
}
static BUS_ATTR_RO(bindings);

/* The lowest usage domain that the host's drivers may use, as long as none was written. */
static int pick_domain(void)
{
	struct ap_host_config c = qci();
	unsigned int apqi;

	apm_mask_for_each(apqi, &c.matrix.aqm)
		if (ap_perms_host_domain(apqi))
			return apqi;
	return -1;
}

static ssize_t ap_domain_show(const struct bus_type *bus, char *buf)
{
	int domain = atomic_read(&default_domain);

	return sysfs_emit(buf, "%d\n", domain < 0 ? pick_domain() : domain);
}

static ssize_t ap_domain_store(const struct bus_type *bus, const char *buf, size_t count)
{
	unsigned int apqi;

	if (apm_text_whole(buf, count, PAGE_SIZE) || apm_text_id(buf, qci().max.aqm_max, &apqi) ||
	    !ap_perms_host_domain(apqi))
		return -EINVAL;
	atomic_set(&default_domain, apqi);
	return count;
}
static BUS_ATTR_RW(ap_domain);

static ssize_t ap_interrupts_show(const struct bus_type *bus, char *buf)
{
	return sysfs_emit(buf, "1\n");
}
static BUS_ATTR_RO(ap_interrupts);

static ssize_t poll_thread_show(const struct bus_type *bus, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(poll_thread));
}

static ssize_t poll_thread_store(const struct bus_type *bus, const char *buf, size_t count)
{
	bool on;
	int rc = apm_text_whole(buf, count, PAGE_SIZE) ?: kstrtobool(buf, &on);

	if (rc)
		return rc;
	WRITE_ONCE(poll_thread, on);
	return count;
}
static BUS_ATTR_RW(poll_thread);

static ssize_t poll_timeout_show(const struct bus_type *bus, char *buf)
{
	return sysfs_emit(buf, "%llu\n", READ_ONCE(poll_timeout));
}

static ssize_t poll_timeout_store(const struct bus_type *bus, const char *buf, size_t count)
{
	u64 ns;
	int rc = apm_text_whole(buf, count, PAGE_SIZE) ?: ap_attr_read_poll_timeout(buf, &ns);

	if (rc)
		return rc;
	WRITE_ONCE(poll_timeout, ns);
	return count;
}
static BUS_ATTR_RW(poll_timeout);

static struct attribute *bus_attrs[] = {
	&bus_attr_ap_adapter_mask.attr,
	&bus_attr_ap_usage_domain_mask.attr,
	&bus_attr_ap_control_domain_mask.attr,
	&bus_attr_ap_max_adapter_id.attr,
	&bus_attr_ap_max_domain_id.attr,
	&bus_attr_ap_domain.attr,
	&bus_attr_ap_interrupts.attr,
	&bus_attr_poll_thread.attr,
	&bus_attr_poll_timeout.attr,
	&bus_attr_features.attr,
	&bus_attr_bindings.attr,
	NULL,
};

static const struct attribute_group bus_group = {
	.attrs = bus_attrs,
};

static const struct attribute_group *bus_groups[] = {
	&bus_group,
	&ap_perms_group,
	&ap_scan_group,
	NULL,
};

struct bus_type ap_bus = {
	.name = "ap",
	.bus_groups = bus_groups,
	.match = bus_match,
	.uevent = bus_uevent,
	.probe = bus_probe,
	.remove = bus_remove,
};

/* The bus comes last and goes first: who writes to its attributes makes uevents of the root. */
int ap_bus_init(void)
{
	int rc;

	ap_root = root_device_register("ap");
	if (IS_ERR(ap_root)) {
		rc = PTR_ERR(ap_root);
		goto fail;
	}
	/* Makes SUBSYSTEM=ap in its uevents, as on the real bus; it is not put on the bus. */
	ap_root->bus = &ap_bus;
	rc = bus_register(&ap_bus);
	if (!rc)
		return 0;
	ap_root->bus = NULL;
	root_device_unregister(ap_root);
fail:
	pr_err("ap_sim: cannot register the bus \"ap\": %d; is there a real one?\n", rc);
	return rc;
}

void ap_bus_exit(void)
{
	bus_unregister(&ap_bus);
	ap_root->bus = NULL;
	root_device_unregister(ap_root);
}
