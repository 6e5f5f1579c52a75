// SPDX-License-Identifier: GPL-2.0-only
/*
 * The quarantine: queues that leave a guest, or are new, are reset in the background
 * and passed to nobody until the end of the reset was seen.
 *
 * Protocol: ZAPQ until it is accepted, then TAPQ until the queue answers, is empty and
 * has its interrupts off (Linux, vfio_ap_ops.c, apq_reset_check).
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include "../../include/uapi/ap_insn.h"
#include "vfio_ap.h"

/* Intervals of looking: from short to what Linux uses, for queues that take long. */
#define TICK_FIRST_MS 1
#define TICK_MAX_MS 20
/* Queues looked at in one go under the lock: some 100 µs on real hardware. */
#define BATCH 64
/* A queue that is not clean after that is given up until something changes. */
#define GIVE_UP_MS 60000

static void mark(struct ap_vqueue *q, struct ap_mask *set, bool on)
{
	apm_mask_assign(&set[APM_QID_APID(q->qid)], APM_QID_APQI(q->qid), on);
}

static void start_reset(struct ap_vqueue *q)
{
	q->rc = AP_STATUS_RC(apv.host->zapq(q->qid));
	q->accepted = q->rc == AP_RC_NORMAL;
}

/* Deconfiguring an adapter resets its queues; nobody can use one meanwhile. */
static bool seen_clean(struct ap_vqueue *q)
{
	u32 status;

	if (!q->accepted) {
		start_reset(q);
		return q->rc == AP_RC_DECONFIGURED;
	}
	status = apv.host->tapq(q->qid, NULL);
	q->rc = AP_STATUS_RC(status);
	switch (q->rc) {
	case AP_RC_NORMAL:
		return (status & AP_STATUS_EMPTY) && !(status & AP_STATUS_IRQ);
	case AP_RC_DECONFIGURED:
		return true;
	case AP_RC_RESET_IN_PROGRESS:
	case AP_RC_BUSY:
		return false;
	default:
		q->accepted = false;
		return false;
	}
}

static void leave(struct ap_vqueue *q)
{
	list_del_init(&q->node);
	mark(q, apv.queues.resetting, false);
}

/**
 * apv_quarantine_add() - reset a queue in the background
 * @q: a bound queue that no guest has
 *
 * Context: apv.lock.
 */
void apv_quarantine_add(struct ap_vqueue *q)
{
	lockdep_assert_held(&apv.lock);
	mark(q, apv.queues.clean, false);
	mark(q, apv.queues.resetting, true);
	q->since = jiffies;
	if (list_empty(&q->node))
		list_add_tail(&q->node, &apv.quarantine);
	start_reset(q);
	apv.tick_ms = TICK_FIRST_MS;
	mod_delayed_work(system_unbound_wq, &apv.tick, msecs_to_jiffies(TICK_FIRST_MS));
}

/**
 * apv_quarantine_drop() - forget a queue that is being unbound
 * @q: the queue
 *
 * Context: apv.lock.
 */
void apv_quarantine_drop(struct ap_vqueue *q)
{
	lockdep_assert_held(&apv.lock);
	leave(q);
	mark(q, apv.queues.clean, false);
}

/**
 * apv_quarantine_left() - quarantine what a guest loses
 * @from: what it had
 * @to: what it has now
 *
 * Context: apv.lock.
 */
void apv_quarantine_left(const struct ap_matrix *from, const struct ap_matrix *to)
{
	unsigned int apid, apqi;
	struct ap_vqueue *q;
	struct ap_mask left;

	apm_mask_for_each(apid, &from->apm) {
		left = apm_matrix_left(from, to, apid);
		apm_mask_for_each(apqi, &left) {
			q = xa_load(&apv.by_qid, APM_QID(apid, apqi));
			if (q)
				apv_quarantine_add(q);
		}
	}
}

/**
 * apv_quarantine_retry() - give queues that were given up another chance
 *
 * Context: apv.lock.
 */
void apv_quarantine_retry(void)
{
	struct ap_vqueue *q;
	unsigned long qid;

	lockdep_assert_held(&apv.lock);
	xa_for_each(&apv.by_qid, qid, q)
		if (list_empty(&q->node) &&
		    !apm_mask_test(&apv.queues.clean[APM_QID_APID(qid)], APM_QID_APQI(qid)))
			apv_quarantine_add(q);
}

static void look_at(struct ap_vqueue *q)
{
	if (seen_clean(q)) {
		leave(q);
		mark(q, apv.queues.clean, true);
		return;
	}
	if (time_before(jiffies, q->since + msecs_to_jiffies(GIVE_UP_MS))) {
		list_move_tail(&q->node, &apv.quarantine);
		return;
	}
	leave(q);
	dev_notice(q->dev, "reset failed: response code %02x; the queue is passed to no guest\n",
		   q->rc);
}

static void refilter_waiting(void)
{
	struct ap_mdev *m;

	list_for_each_entry(m, &apv.mdevs, node)
		if (m->state.waiting)
			apv_guest_refilter(m);
}

static void rearm(void)
{
	if (list_empty(&apv.quarantine))
		return;
	mod_delayed_work(system_unbound_wq, &apv.tick, msecs_to_jiffies(apv.tick_ms));
	apv.tick_ms = min(apv.tick_ms * 2, (unsigned int)TICK_MAX_MS);
}

/* Look once at each queue, a batch at a time: the lock is never held for long. */
static void tick_fn(struct work_struct *work)
{
	LIST_HEAD(todo);
	struct ap_vqueue *q;
	int n;

	mutex_lock(&apv.lock);
	list_splice_init(&apv.quarantine, &todo);
	for (n = 1; (q = list_first_entry_or_null(&todo, struct ap_vqueue, node)); n++) {
		look_at(q);
		if (n % BATCH == 0) {
			mutex_unlock(&apv.lock);
			cond_resched();
			mutex_lock(&apv.lock);
		}
	}
	refilter_waiting();
	rearm();
	mutex_unlock(&apv.lock);
}

/**
 * apv_reset_queue() - reset a queue and wait for it
 * @qid: the queue
 * @timeout_ms: how long at most
 *
 * Context: no lock held. Sleeps.
 *
 * Return: whether the reset was seen to end well, or the queue is gone for good.
 */
bool apv_reset_queue(unsigned int qid, unsigned int timeout_ms)
{
	unsigned long end = jiffies + msecs_to_jiffies(timeout_ms);
	struct ap_vqueue q = { .qid = qid };

	start_reset(&q);
	while (!seen_clean(&q)) {
		if (q.rc == AP_RC_NOT_AVAILABLE)
			return true;
		if (time_after(jiffies, end))
			return false;
		msleep(TICK_FIRST_MS);
	}
	return true;
}

void apv_quarantine_init(void)
{
	INIT_LIST_HEAD(&apv.quarantine);
	INIT_DELAYED_WORK(&apv.tick, tick_fn);
}

void apv_quarantine_exit(void)
{
	cancel_delayed_work_sync(&apv.tick);
}
