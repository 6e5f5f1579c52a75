// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver for queues: bound queues, and what the bus tells of the host.
 */
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "../../include/uapi/ap_insn.h"
#include "vfio_ap.h"

#define ARRIVAL_LOOK_MS 2

static void refilter_all(void)
{
	struct ap_mdev *m;

	lockdep_assert_held(&apv.lock);
	list_for_each_entry(m, &apv.mdevs, node)
		apv_guest_refilter(m);
}

/*
 * Who is concerned when a queue comes or goes. During a scan what the new configuration brings or
 * takes waits for the scan's end, so that a guest sees one transition. A queue that goes for
 * another reason goes at once: it may come back in the same scan, and is not the guest's any more
 * then.
 */
static struct ap_mdev *concerned(unsigned int qid)
{
	lockdep_assert_held(&apv.lock);
	if (apv.scanning && !apm_matrix_has(&apv.host_matrix, APM_QID_APID(qid), APM_QID_APQI(qid)))
		return NULL;
	return apv_mdev_owner(qid);
}

/* A queue is being reset that its owner lacked: the newcomer is what it holds back. */
static void queue_comes(unsigned int qid)
{
	unsigned int apid = APM_QID_APID(qid), apqi = APM_QID_APQI(qid);
	struct ap_mdev *m = concerned(qid);
	struct ap_matrix before;

	lockdep_assert_held(&apv.lock);
	if (!m)
		return;
	before = m->state.assigned;
	if (apm_mask_test(&m->state.shadow.apm, apid))
		apm_mask_clear(&before.aqm, apqi);
	else
		apm_mask_clear(&before.apm, apid);
	apv_guest_expect(m, &before, &m->state.assigned);
	apv_guest_refilter(m);
}

static void queue_goes(unsigned int qid)
{
	struct ap_mdev *m = concerned(qid);

	lockdep_assert_held(&apv.lock);
	if (m)
		apv_guest_refilter(m);
}

static int queue_probe(struct device *dev, unsigned int qid)
{
	struct ap_vqueue *q = kzalloc(sizeof(*q), GFP_KERNEL);
	int rc;

	if (!q)
		return -ENOMEM;
	q->dev = dev;
	q->qid = qid;
	rc = xa_reserve(&apv.by_qid, qid, GFP_KERNEL);
	if (rc) {
		kfree(q);
		return rc;
	}
	guard(mutex)(&apv.lock);
	/* Takes no memory: its place is reserved. */
	xa_store(&apv.by_qid, qid, q, GFP_KERNEL);
	dev_set_drvdata(dev, q);
	apm_mask_set(&apv.queues.bound[APM_QID_APID(qid)], APM_QID_APQI(qid));
	apv_quarantine_add(q);
	queue_comes(qid);
	return 0;
}

/*
 * The reset of a queue that a guest has begins here, that of one in quarantine may have begun
 * earlier. Return: whether it is still to be seen to end.
 */
static bool unbind_locked(struct ap_vqueue *q)
{
	unsigned int apid = APM_QID_APID(q->qid), apqi = APM_QID_APQI(q->qid);
	struct ap_mdev *m = apv_mdev_owner(q->qid);
	bool used = m && m->open && apm_matrix_has(&m->state.shadow, apid, apqi);
	bool clean = apm_mask_test(&apv.queues.clean[apid], apqi);

	lockdep_assert_held(&apv.lock);
	apv_reset_unbinding();
	xa_erase(&apv.by_qid, q->qid);
	apm_mask_clear(&apv.queues.bound[apid], apqi);
	apv_quarantine_drop(q);
	queue_goes(q->qid);
	if (used)
		apv_reset_start(q);
	return used || !clean;
}

static void queue_remove(struct device *dev, unsigned int qid)
{
	struct ap_vqueue *q = dev_get_drvdata(dev);
	bool dirty;

	scoped_guard(mutex, &apv.lock)
		dirty = unbind_locked(q);
	if (dirty && !apv_reset_hand_back(q))
		dev_notice(dev, "handed back without a verified reset\n");
	kfree(q);
}

/* Called with the host's permission lock held. */
static bool queue_in_use(const struct ap_mask *apm, const struct ap_mask *aqm)
{
	struct ap_matrix wanted = { .apm = *apm, .aqm = *aqm }, shared;
	struct ap_mdev *m;

	guard(mutex)(&apv.lock);
	m = apv_mdev_conflict(NULL, &wanted, &shared);
	if (m)
		dev_info(apv_dev(m), "keeps %u queues that the host wants back, first %02x.%04x\n",
			 apm_matrix_queues(&shared), apm_mask_next(&shared.apm, 0),
			 apm_mask_next(&shared.aqm, 0));
	return m;
}

/* Whether the host's new configuration brings or takes anything that is assigned to @m. */
static bool concerns(const struct ap_mdev *m, const struct ap_matrix *now)
{
	struct ap_matrix before = apm_matrix_and(&m->state.assigned, &apv.host_matrix);
	struct ap_matrix after = apm_matrix_and(&m->state.assigned, now);

	lockdep_assert_held(&apv.lock);
	return !apm_matrix_equal(&before, &after);
}

static void config_changed(const struct ap_host_config *now)
{
	struct ap_mdev *m;

	guard(mutex)(&apv.lock);
	apv.scanning = true;
	list_for_each_entry(m, &apv.mdevs, node)
		m->in_scan |= concerns(m, &now->matrix);
	apv.host_matrix = apm_matrix_and(&apv.host_matrix, &now->matrix);
}

/* Whether a queue that @now brings to the guest of @m is still being reset. */
static bool arrives_unclean(const struct ap_mdev *m, const struct ap_matrix *now)
{
	struct ap_matrix before = apm_matrix_and(&m->state.assigned, &apv.host_matrix);
	struct ap_matrix after = apm_matrix_and(&m->state.assigned, now);

	return apv_quarantine_gained(&before, &after);
}

static bool any_arrives_unclean(const struct ap_matrix *now)
{
	struct ap_mdev *m;

	guard(mutex)(&apv.lock);
	list_for_each_entry(m, &apv.mdevs, node)
		if (m->open && arrives_unclean(m, now))
			return true;
	return false;
}

/*
 * A guest loses and gains by a scan in one transition if what it gains is clean in time. The
 * configuration counts as changing until then. Waits without apv.lock, as long as a writer would.
 */
static void linger_for_arrivals(const struct ap_matrix *now)
{
	unsigned long end = apv_linger_end();

	lockdep_assert_not_held(&apv.lock);
	while (time_before(jiffies, end) && any_arrives_unclean(now))
		schedule_timeout_uninterruptible(msecs_to_jiffies(ARRIVAL_LOOK_MS));
}

/* What comes by the new configuration is to come together; queues that were given up are not of it. */
static void scan_complete(const struct ap_host_config *now)
{
	struct ap_matrix before, after;
	struct ap_mdev *m;

	linger_for_arrivals(&now->matrix);
	guard(mutex)(&apv.lock);
	apv.scanning = false;
	list_for_each_entry(m, &apv.mdevs, node) {
		m->in_scan = false;
		before = apm_matrix_and(&m->state.assigned, &apv.host_matrix);
		after = apm_matrix_and(&m->state.assigned, &now->matrix);
		if (!apm_matrix_equal(&before, &after))
			apv_guest_expect(m, &before, &after);
	}
	apv.host_matrix = now->matrix;
	apv.max = now->max;
	apv_quarantine_retry();
	refilter_all();
}

static ssize_t status_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct ap_vqueue *q = dev_get_drvdata(dev);
	unsigned int qid = q->qid;
	struct ap_mdev *m;

	guard(mutex)(&apv.lock);
	m = apv_mdev_owner(qid);
	if (!m)
		return sysfs_emit(buf, "unassigned\n");
	if (m->open && apm_matrix_has(&m->state.shadow, APM_QID_APID(qid), APM_QID_APQI(qid)))
		return sysfs_emit(buf, "in use\n");
	return sysfs_emit(buf, "assigned\n");
}
static DEVICE_ATTR_RO(status);

static ssize_t reset_state_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	unsigned int qid = ((struct ap_vqueue *)dev_get_drvdata(dev))->qid;

	guard(mutex)(&apv.lock);
	if (apm_mask_test(&apv.queues.clean[APM_QID_APID(qid)], APM_QID_APQI(qid)))
		return sysfs_emit(buf, "clean\n");
	if (apm_mask_test(&apv.queues.resetting[APM_QID_APID(qid)], APM_QID_APQI(qid)))
		return sysfs_emit(buf, "in progress\n");
	return sysfs_emit(buf, "failed\n");
}
static DEVICE_ATTR_RO(reset_state);

/* An operator's second chance for a queue whose reset was given up. */
static ssize_t reset_retry_store(struct device *dev, struct device_attribute *attr, const char *buf,
				 size_t count)
{
	struct ap_vqueue *q = dev_get_drvdata(dev);

	guard(mutex)(&apv.lock);
	if (apm_mask_test(&apv.queues.clean[APM_QID_APID(q->qid)], APM_QID_APQI(q->qid)))
		return -EINVAL;
	if (!apm_mask_test(&apv.queues.resetting[APM_QID_APID(q->qid)], APM_QID_APQI(q->qid))) {
		apv_quarantine_add(q);
		queue_comes(q->qid);
	}
	return count;
}
static DEVICE_ATTR_WO(reset_retry);

static struct attribute *queue_attrs[] = {
	&dev_attr_status.attr,
	&dev_attr_reset_state.attr,
	&dev_attr_reset_retry.attr,
	NULL,
};
ATTRIBUTE_GROUPS(queue);

static struct apm_driver queue_driver = {
	.driver = {
		.name = "vfio_ap",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.suppress_bind_attrs = true,
		.dev_groups = queue_groups,
	},
	.type_min = AP_TYPE_CEX4,
	.probe = queue_probe,
	.remove = queue_remove,
	.in_use = queue_in_use,
	.on_config_changed = config_changed,
	.on_scan_complete = scan_complete,
};

int apv_queue_drv_register(void)
{
	return apv.host->driver_register(&queue_driver);
}

void apv_queue_drv_unregister(void)
{
	apv.host->driver_unregister(&queue_driver);
}
