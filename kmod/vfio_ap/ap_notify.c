// SPDX-License-Identifier: GPL-2.0-only
/*
 * Telling that the effective matrix changed: the guest's VMM at once, by its
 * configuration-changed eventfd; user space by a change uevent and sysfs_notify, at most
 * once per 100 ms and device, and always of the last state.
 */
#include <linux/jiffies.h>
#include "vfio_ap.h"

#define INTERVAL_MS 100

static const char *const changing[] = {
	"guest_matrix",
	"guest_config",
	"filtered",
	"generation",
};

static bool take_news(struct ap_mdev *m, u64 *generation)
{
	guard(mutex)(&apv.lock);
	if (m->announced == m->generation)
		return false;
	m->announced = m->generation;
	m->notified = jiffies;
	*generation = m->generation;
	return true;
}

/* There was no memory to tell it: it is told later, if nothing newer is. */
static void put_back_news(struct ap_mdev *m, u64 generation)
{
	guard(mutex)(&apv.lock);
	if (m->announced != generation)
		return;
	m->announced = generation - 1;
	queue_delayed_work(system_wq, &m->notify, msecs_to_jiffies(INTERVAL_MS));
}

static void notify_fn(struct work_struct *work)
{
	struct ap_mdev *m = container_of(work, struct ap_mdev, notify.work);
	struct kobject *kobj = &apv_dev(m)->kobj;
	char text[40];
	char *env[] = { text, NULL };
	u64 generation;
	int i;

	if (!take_news(m, &generation))
		return;
	for (i = 0; i < ARRAY_SIZE(changing); i++)
		sysfs_notify(kobj, NULL, changing[i]);
	snprintf(text, sizeof(text), "GENERATION=%llu", generation);
	if (kobject_uevent_env(kobj, KOBJ_CHANGE, env) == -ENOMEM)
		put_back_news(m, generation);
}

void apv_notify_init(struct ap_mdev *m)
{
	INIT_DELAYED_WORK(&m->notify, notify_fn);
	m->notified = jiffies - msecs_to_jiffies(INTERVAL_MS);
}

/**
 * apv_notify() - the effective matrix changed
 * @m: the device
 *
 * Context: apv.lock.
 */
void apv_notify(struct ap_mdev *m)
{
	unsigned long interval = msecs_to_jiffies(INTERVAL_MS), since = jiffies - m->notified;

	lockdep_assert_held(&apv.lock);
	if (m->irq[APM_VFIO_CFG_IRQ])
		eventfd_signal(m->irq[APM_VFIO_CFG_IRQ]);
	queue_delayed_work(system_wq, &m->notify, since < interval ? interval - since : 0);
}

/* The device is out of all lists: nothing can queue the work again. */
void apv_notify_stop(struct ap_mdev *m)
{
	cancel_delayed_work_sync(&m->notify);
}
