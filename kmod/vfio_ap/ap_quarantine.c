// SPDX-License-Identifier: GPL-2.0-only
/*
 * The quarantine: queues that leave a guest, or are new, are reset in the background
 * and passed to nobody until the end of the reset was seen.
 *
 * Protocol: ZAPQ until it is accepted, then TAPQ until the queue answers, is empty and
 * has its interrupts off (Linux, vfio_ap_ops.c, apq_reset_check).
 */
#include <linux/jiffies.h>
#include <linux/moduleparam.h>
#include "../../include/uapi/ap_insn.h"
#include "vfio_ap.h"

/* Intervals of looking: from short to what Linux uses, for queues that take long. */
#define TICK_FIRST_MS 1
#define TICK_MAX_MS 20
/* Queues looked at in one go under the lock: some 100 µs on real hardware. */
#define BATCH 64

static unsigned int reset_give_up_ms = 60000;
module_param(reset_give_up_ms, uint, 0644);
MODULE_PARM_DESC(reset_give_up_ms,
		 "milliseconds after which the reset of a queue counts as failed");

/**
 * apv_reset_start() - ask for a reset
 * @q: a queue whose user is known to be gone, or who asked for it
 *
 * Does not wait. apv_reset_done() asks again when it was not accepted.
 */
void apv_reset_start(struct ap_vqueue *q)
{
	q->rc = AP_STATUS_RC(apv.host->zapq(q->qid));
	q->accepted = q->rc == AP_RC_NORMAL;
}

/**
 * apv_reset_done() - look whether a reset has ended
 * @q: the queue; its reset was asked for by apv_reset_start()
 *
 * Deconfiguring an adapter resets its queues, and nobody can use one meanwhile: such a
 * queue counts as reset. Does not wait.
 *
 * Return: whether the queue was seen clean; @q->rc has the last response code.
 */
bool apv_reset_done(struct ap_vqueue *q)
{
	u32 status;

	if (!q->accepted) {
		apv_reset_start(q);
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

/* Only ever sooner: queues that are added one after the other do not put off looking at the first. */
static void tick_within(unsigned int ms)
{
	unsigned long due = jiffies + msecs_to_jiffies(ms);

	lockdep_assert_held(&apv.lock);
	if (delayed_work_pending(&apv.tick) && !time_before(due, apv.tick_due))
		return;
	apv.tick_due = due;
	mod_delayed_work(system_unbound_wq, &apv.tick, msecs_to_jiffies(ms));
}

static void look_within(unsigned int ms)
{
	apv.tick_ms = TICK_FIRST_MS;
	tick_within(ms);
}

static struct ap_mask only(unsigned int id)
{
	struct ap_mask m = APM_MASK_NONE;

	apm_mask_set(&m, id);
	return m;
}

/* The bound ones of @domains are nobody's from now on, and not reset yet. Return: are there any? */
static bool enter(unsigned int apid, const struct ap_mask *domains)
{
	struct ap_queues *q = &apv.queues;
	struct ap_mask in = apm_mask_and(domains, &q->bound[apid]);

	lockdep_assert_held(&apv.lock);
	if (apm_mask_empty(&in))
		return false;
	q->clean[apid] = apm_mask_andnot(&q->clean[apid], &in);
	q->resetting[apid] = apm_mask_or(&q->resetting[apid], &in);
	apv.unasked[apid] = apm_mask_or(&apv.unasked[apid], &in);
	apm_mask_set(&apv.resetting_apm, apid);
	return true;
}

static void leave(const struct ap_vqueue *q)
{
	unsigned int apid = APM_QID_APID(q->qid), apqi = APM_QID_APQI(q->qid);

	lockdep_assert_held(&apv.lock);
	apm_mask_clear(&apv.unasked[apid], apqi);
	apm_mask_clear(&apv.queues.resetting[apid], apqi);
	if (apm_mask_empty(&apv.queues.resetting[apid]))
		apm_mask_clear(&apv.resetting_apm, apid);
}

/* Before the first question to a queue that came in: nothing is left of an earlier reset. */
static bool begin(struct ap_vqueue *q)
{
	unsigned int apid = APM_QID_APID(q->qid), apqi = APM_QID_APQI(q->qid);

	lockdep_assert_held(&apv.lock);
	if (!apm_mask_test(&apv.unasked[apid], apqi))
		return false;
	apm_mask_clear(&apv.unasked[apid], apqi);
	q->since = jiffies;
	q->accepted = false;
	return true;
}

/**
 * apv_quarantine_add() - reset a queue in the background
 * @q: a bound queue that no guest has
 *
 * Context: apv.lock.
 */
void apv_quarantine_add(struct ap_vqueue *q)
{
	struct ap_mask domain = only(APM_QID_APQI(q->qid));

	lockdep_assert_held(&apv.lock);
	enter(APM_QID_APID(q->qid), &domain);
	begin(q);
	apv_reset_start(q);
	look_within(TICK_FIRST_MS);
}

/**
 * apv_quarantine_drop() - forget a queue that is being unbound
 * @q: the queue; what is left of its reset is the caller's
 *
 * Context: apv.lock.
 */
void apv_quarantine_drop(struct ap_vqueue *q)
{
	lockdep_assert_held(&apv.lock);
	begin(q);
	leave(q);
	apm_mask_clear(&apv.queues.clean[APM_QID_APID(q->qid)], APM_QID_APQI(q->qid));
}

/**
 * apv_quarantine_left() - quarantine what a guest loses
 * @from: what it had
 * @to: what it has, or a matrix that contains what it will have before apv.lock is let go
 *
 * A few words for each adapter, however many queues they are: the quarantine asks for their resets.
 *
 * Context: apv.lock.
 */
void apv_quarantine_left(const struct ap_matrix *from, const struct ap_matrix *to)
{
	struct ap_mask left;
	unsigned int apid;
	bool any = false;

	lockdep_assert_held(&apv.lock);
	apm_mask_for_each(apid, &from->apm) {
		left = apm_matrix_left(from, to, apid);
		any |= enter(apid, &left);
	}
	if (any)
		look_within(0);
}

/**
 * apv_quarantine_gained() - whether any queue that a matrix gained is being reset
 * @from: the matrix before
 * @to: the matrix now
 *
 * Context: apv.lock.
 *
 * Return: whether there is a queue of @to, and not of @from, whose reset is under way.
 */
bool apv_quarantine_gained(const struct ap_matrix *from, const struct ap_matrix *to)
{
	struct ap_mask adapters, more;
	unsigned int apid;

	lockdep_assert_held(&apv.lock);
	adapters = apm_mask_and(&to->apm, &apv.resetting_apm);
	apm_mask_for_each(apid, &adapters) {
		more = apm_matrix_left(to, from, apid);
		if (apm_mask_intersects(&more, &apv.queues.resetting[apid]))
			return true;
	}
	return false;
}

/**
 * apv_quarantine_retry() - give queues that were given up another chance
 *
 * Context: apv.lock.
 */
void apv_quarantine_retry(void)
{
	const struct ap_queues *q = &apv.queues;
	struct ap_mask failed;
	unsigned int apid;
	bool any = false;

	lockdep_assert_held(&apv.lock);
	for (apid = 0; apid < AP_IDS; apid++) {
		failed = apm_mask_andnot(&q->bound[apid], &q->clean[apid]);
		failed = apm_mask_andnot(&failed, &q->resetting[apid]);
		any |= enter(apid, &failed);
	}
	if (any)
		look_within(0);
}

/* Resets that were given up in one look at all: how many, and the first. */
struct given_up {
	unsigned int count;
	unsigned int qid;
	u8 rc;
};

static void give_up(struct ap_vqueue *q, struct given_up *up)
{
	leave(q);
	if (!up->count++) {
		up->qid = q->qid;
		up->rc = q->rc;
	}
}

static void tell_given_up(const struct given_up *up)
{
	if (up->count)
		pr_notice(
			"vfio_ap: %u resets failed, first %02x.%04x: response code %02x; such a queue is passed to no guest\n",
			up->count, APM_QID_APID(up->qid), APM_QID_APQI(up->qid), up->rc);
}

static void look_at(struct ap_vqueue *q, struct given_up *up)
{
	bool first;

	lockdep_assert_held(&apv.lock);
	first = begin(q);
	if (apv_reset_done(q)) {
		leave(q);
		apm_mask_set(&apv.queues.clean[APM_QID_APID(q->qid)], APM_QID_APQI(q->qid));
	} else if (!first && !time_before(jiffies, q->since + msecs_to_jiffies(reset_give_up_ms))) {
		give_up(q, up);
	}
}

/* For whom a scan changes something its end does it, so that a guest sees one transition. */
static void refilter_waiting(void)
{
	struct ap_mdev *m;

	lockdep_assert_held(&apv.lock);
	list_for_each_entry(m, &apv.mdevs, node)
		if (m->state.waiting && !m->in_scan)
			apv_guest_refilter(m);
}

static void rearm(void)
{
	lockdep_assert_held(&apv.lock);
	if (apm_mask_empty(&apv.resetting_apm))
		return;
	tick_within(apv.tick_ms);
	apv.tick_ms = min(apv.tick_ms * 2, (unsigned int)TICK_MAX_MS);
}

/* The first queue in quarantine from @qid on, or NULL. */
static struct ap_vqueue *next_resetting(unsigned int qid)
{
	unsigned int apid = qid / AP_IDS, apqi = qid % AP_IDS;

	lockdep_assert_held(&apv.lock);
	for (; apid < AP_IDS; apid++, apqi = 0) {
		apqi = apm_mask_next(&apv.queues.resetting[apid], apqi);
		if (apqi < AP_IDS)
			return xa_load(&apv.by_qid, APM_QID(apid, apqi));
	}
	return NULL;
}

/* Look once at each queue, a batch at a time: the lock is never held for long. */
static void tick_fn(struct work_struct *work)
{
	struct given_up up = { .count = 0 };
	struct ap_vqueue *q;
	unsigned int n = 0, qid;

	mutex_lock(&apv.lock);
	for (qid = 0; (q = next_resetting(qid)); qid++) {
		qid = q->qid;
		look_at(q, &up);
		if (++n % BATCH == 0) {
			/* @q may be gone afterwards. */
			mutex_unlock(&apv.lock);
			cond_resched();
			mutex_lock(&apv.lock);
		}
	}
	refilter_waiting();
	rearm();
	mutex_unlock(&apv.lock);
	tell_given_up(&up);
}

void apv_quarantine_init(void)
{
	INIT_DELAYED_WORK(&apv.tick, tick_fn);
}

void apv_quarantine_exit(void)
{
	cancel_delayed_work_sync(&apv.tick);
}
