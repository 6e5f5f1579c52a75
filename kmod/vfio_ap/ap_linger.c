// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lingering: who changes a device, or opens it, gives the resets of what the change brings a
 * moment, so that who writes and then reads sees the settled state in the normal case. Resets of
 * other changes are nothing to wait for.
 */
#include <linux/jiffies.h>
#include <linux/moduleparam.h>
#include "vfio_ap.h"

static unsigned int linger_ms = 250;
module_param(linger_ms, uint, 0644);
MODULE_PARM_DESC(linger_ms,
		 "milliseconds that a writer, or an open, waits for the resets of its own queues");

/**
 * apv_linger_end() - until when a writer that begins now lingers
 *
 * Return: jiffies.
 */
unsigned long apv_linger_end(void)
{
	return jiffies + msecs_to_jiffies(READ_ONCE(linger_ms));
}

static bool is_over(const struct ap_linger *l)
{
	return !apm_device_awaits(&l->m->state, &apv.queues, &l->newcomers);
}

/**
 * apv_linger_begin() - a change was made that somebody will wait for
 * @l: set up; stays in use until apv_linger() has returned
 * @m: the device, filtered anew
 * @from: what it was assigned
 * @to: what it is assigned now
 *
 * Context: apv.lock.
 */
void apv_linger_begin(struct ap_linger *l, struct ap_mdev *m, const struct ap_matrix *from,
		      const struct ap_matrix *to)
{
	lockdep_assert_held(&apv.lock);
	l->m = m;
	l->newcomers = apm_matrix_andnot(to, from);
	l->over = is_over(l);
	if (!l->over)
		list_add(&l->node, &m->lingerers);
}

/**
 * apv_linger_look() - see whose wait is over
 * @m: a device that was filtered anew, so that what is clean was passed on
 *
 * Context: apv.lock.
 */
void apv_linger_look(struct ap_mdev *m)
{
	struct ap_linger *l, *next;

	lockdep_assert_held(&apv.lock);
	list_for_each_entry_safe(l, next, &m->lingerers, node) {
		if (!is_over(l))
			continue;
		list_del(&l->node);
		/* The last that is done to it: who waits may be gone as soon as this is seen. */
		smp_store_release(&l->over, true);
		wake_up_all(&apv.settled);
	}
}

/**
 * apv_linger() - wait until a change has settled
 * @l: after apv_linger_begin(), or with nothing but @over set; its device is held by the caller
 * @end: apv_linger_end(), of several devices together
 *
 * Context: no lock held. Sleeps, linger_ms at most, killable.
 */
void apv_linger(struct ap_linger *l, unsigned long end)
{
	long left = end - jiffies;

	lockdep_assert_not_held(&apv.lock);
	if (smp_load_acquire(&l->over))
		return;
	if (left > 0)
		wait_event_killable_timeout(apv.settled, READ_ONCE(l->over), left);
	guard(mutex)(&apv.lock);
	if (!l->over)
		list_del(&l->node);
}
