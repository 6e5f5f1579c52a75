// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resets that somebody waits for: VFIO_DEVICE_RESET, and queues handed back to the host.
 * All are started first, then waited for, killable and bounded, without any lock.
 */
#include <linux/jiffies.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include "../../include/uapi/ap_insn.h"
#include "vfio_ap.h"

#define LOOK_MS 2
/* How long VFIO_DEVICE_RESET waits for all queues of the guest. */
#define DEVICE_RESET_MS 10000
/* How long handing back waits for one queue, or for several one after the other. */
#define HAND_BACK_MS 1000
/* Which are one after the other when the next is unbound so soon. */
#define HAND_BACK_GAP_MS 50

static bool broken(const struct ap_vqueue *q)
{
	return q->rc == AP_RC_CHECKSTOPPED || q->rc == AP_RC_NOT_AVAILABLE;
}

/*
 * Under the lock a queue that is in the shadow is this guest's: one that left meanwhile,
 * and may be another's, is left alone. Return: whether there is nothing to wait for.
 */
static bool device_queue_done(struct ap_mdev *m, struct ap_vqueue *q, int *rc)
{
	guard(mutex)(&apv.lock);
	if (!apm_matrix_has(&m->state.shadow, APM_QID_APID(q->qid), APM_QID_APQI(q->qid)) ||
	    apv_reset_done(q))
		return true;
	if (broken(q))
		*rc = -EIO;
	return broken(q);
}

/* One look at all that are left, which stay at the front. Return: how many they are. */
static unsigned int look_at_all(struct ap_mdev *m, struct ap_vqueue *queues, unsigned int count,
				int *rc)
{
	unsigned int i, left = 0;

	for (i = 0; i < count; i++) {
		if (!device_queue_done(m, &queues[i], rc))
			queues[left++] = queues[i];
		cond_resched();
	}
	return left;
}

static unsigned int list_queues(const struct ap_matrix *apcb, struct ap_vqueue *queues)
{
	unsigned int apid, apqi, n = 0;

	apm_mask_for_each(apid, &apcb->apm)
		apm_mask_for_each(apqi, &apcb->aqm)
			queues[n++].qid = APM_QID(apid, apqi);
	return n;
}

/**
 * apv_reset_device() - reset all queues that a guest has
 * @m: its device
 *
 * The guest keeps its queues all the time.
 *
 * Context: no lock held. Sleeps up to DEVICE_RESET_MS, killable.
 *
 * Return: 0; -EIO when not all were seen to end; -EINTR when killed; -ENOMEM.
 */
int apv_reset_device(struct ap_mdev *m)
{
	unsigned long end = jiffies + msecs_to_jiffies(DEVICE_RESET_MS);
	struct ap_vqueue *queues __free(kvfree) = NULL;
	struct ap_matrix apcb;
	unsigned int left;
	int rc = 0;

	lockdep_assert_not_held(&apv.lock);
	scoped_guard(mutex, &apv.lock)
		apcb = m->state.shadow;
	queues = kvcalloc(apm_matrix_queues(&apcb) + 1, sizeof(*queues), GFP_KERNEL);
	if (!queues)
		return -ENOMEM;
	/* The first look at a queue whose reset is not accepted yet asks for it. */
	left = list_queues(&apcb, queues);
	while ((left = look_at_all(m, queues, left, &rc))) {
		if (time_after(jiffies, end))
			return -EIO;
		if (schedule_timeout_killable(msecs_to_jiffies(LOOK_MS)) &&
		    fatal_signal_pending(current))
			return -EINTR;
	}
	return rc;
}

/**
 * apv_reset_unbinding() - a queue is being unbound
 *
 * Queues that are unbound one after the other share one time limit.
 *
 * Context: apv.lock.
 */
void apv_reset_unbinding(void)
{
	lockdep_assert_held(&apv.lock);
	if (jiffies - apv.unbound > msecs_to_jiffies(HAND_BACK_GAP_MS))
		apv.hand_back_end = jiffies + msecs_to_jiffies(HAND_BACK_MS);
	apv.unbound = jiffies;
}

static bool see_reset(struct ap_vqueue *q, unsigned long end)
{
	while (!apv_reset_done(q)) {
		if (q->rc == AP_RC_NOT_AVAILABLE)
			return true;
		if (time_after(jiffies, end) || fatal_signal_pending(current))
			return false;
		schedule_timeout_uninterruptible(msecs_to_jiffies(LOOK_MS));
	}
	return true;
}

/**
 * apv_reset_hand_back() - see the reset of an unbound queue end
 * @q: the queue, in no table any more, after apv_reset_unbinding(); its reset is asked for if it was not
 *
 * Context: no lock of vfio_ap held. Sleeps, bounded.
 *
 * Return: whether it was seen to end; a queue that is gone altogether counts.
 */
bool apv_reset_hand_back(struct ap_vqueue *q)
{
	unsigned long end;
	bool seen;

	lockdep_assert_not_held(&apv.lock);
	scoped_guard(mutex, &apv.lock)
		end = apv.hand_back_end;
	seen = see_reset(q, end);
	/* The time that this took is no gap. */
	scoped_guard(mutex, &apv.lock)
		apv.unbound = jiffies;
	return seen;
}
