// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guest's side of a mediated device: the effective matrix, committed in one step.
 */
#include <linux/jiffies.h>
#include <linux/moduleparam.h>
#include "vfio_ap.h"

static unsigned int gain_together_ms = 1000;
module_param(gain_together_ms, uint, 0644);
MODULE_PARM_DESC(gain_together_ms,
		 "milliseconds that the clean newcomers of one change wait for the others");

static unsigned int linger_ms = 250;
module_param(linger_ms, uint, 0644);
MODULE_PARM_DESC(linger_ms,
		 "milliseconds that a writer, or an open, waits for the resets of its own queues");

/* What the guest has in fact; nothing, when there is none. */
static struct ap_matrix guest_apcb(const struct ap_mdev *m)
{
	lockdep_assert_held(&apv.lock);
	return m->open ? m->guest.apcb : (struct ap_matrix){ .apm = APM_MASK_NONE };
}

/* The guest gets it in one step; what it loses goes to quarantine. */
static void commit(struct ap_mdev *m, const struct ap_matrix *next)
{
	struct ap_matrix old = guest_apcb(m);

	lockdep_assert_held(&apv.lock);
	if (!m->open || apm_matrix_equal(&old, next))
		return;
	apv.host->guest_commit(&m->guest, next);
	apv_quarantine_left(&old, next);
}

static void show(struct ap_mdev *m, const struct ap_matrix *old, const struct ap_matrix *next)
{
	lockdep_assert_held(&apv.lock);
	m->state.shadow = *next;
	if (apm_matrix_equal(old, next))
		return;
	m->generation++;
	apv_notify(m);
}

/**
 * apv_guest_refilter() - bring the effective matrix up to date
 * @m: the device
 *
 * At most one commit to the guest, none when nothing changes. Queues that leave the
 * guest go to quarantine. Without a guest the effective matrix is what one would get that
 * opened the device now.
 *
 * Context: apv.lock.
 */
void apv_guest_refilter(struct ap_mdev *m)
{
	struct ap_matrix shown = m->state.shadow, next;

	lockdep_assert_held(&apv.lock);
	m->state.shadow = guest_apcb(m);
	next = apm_device_next(&m->state, &apv.host_matrix, &apv.queues,
			       m->open && time_before(jiffies, m->gain_deadline));
	commit(m, &next);
	show(m, &shown, &next);
	if (!m->state.waiting)
		wake_up_all(&apv.settled);
}

/* Clean newcomers whose time of waiting is over, which nobody has noticed yet. */
static bool overdue(const struct ap_mdev *m)
{
	return m->open && m->state.waiting && time_after_eq(jiffies, m->gain_deadline) &&
	       !apm_matrix_equal(&m->state.filtered.shadow, &m->state.shadow);
}

/**
 * apv_guest_expect() - there is a change: what it gains is to come together
 * @m: the device, to be filtered anew
 * @unclean: some of what it gains may have to be reset
 *
 * While a guest waits for an earlier change, what it gains comes with that: one change after the
 * other does not put off what is clean. When the earlier change's time is over, what is clean
 * waits for nothing.
 *
 * Context: apv.lock; all of the change is made, so that what is overdue can go ahead with it.
 */
void apv_guest_expect(struct ap_mdev *m, bool unclean)
{
	unsigned long end = jiffies + msecs_to_jiffies(READ_ONCE(gain_together_ms));
	bool over;

	lockdep_assert_held(&apv.lock);
	if (overdue(m))
		apv_guest_refilter(m);
	over = time_after_eq(jiffies, m->gain_deadline);
	if (!m->open || !m->state.waiting || (over && unclean) ||
	    (!over && time_before(end, m->gain_deadline)))
		m->gain_deadline = end;
}

/**
 * apv_guest_linger_end() - until when a writer that begins now lingers
 *
 * Return: jiffies.
 */
unsigned long apv_guest_linger_end(void)
{
	return jiffies + msecs_to_jiffies(READ_ONCE(linger_ms));
}

/**
 * apv_guest_linger() - give the resets of a device's newcomers a moment
 * @m: the device
 * @end: apv_guest_linger_end(), of several devices together
 *
 * So that who writes and then reads sees the settled state in the normal case.
 *
 * Context: no lock held. Sleeps, linger_ms at most.
 */
void apv_guest_linger(struct ap_mdev *m, unsigned long end)
{
	long left = end - jiffies;

	lockdep_assert_not_held(&apv.lock);
	if (left > 0)
		wait_event_killable_timeout(apv.settled, !READ_ONCE(m->state.waiting), left);
}

static bool kvm_has_device(const struct ap_mdev *except, const struct kvm *kvm)
{
	struct ap_mdev *m;

	lockdep_assert_held(&apv.lock);
	list_for_each_entry(m, &apv.mdevs, node)
		if (m != except && m->open && m->guest.kvm == kvm)
			return true;
	return false;
}

/**
 * apv_guest_open() - a guest opens the device
 * @m: the device
 * @kvm: the virtual machine, held by VFIO until close; NULL for a guest without KVM
 *
 * Nothing was passed to this guest before: every queue must be clean.
 *
 * Context: no lock held. Lingers for resets.
 *
 * Return: 0; -EPERM when the same virtual machine has another device.
 */
int apv_guest_open(struct ap_mdev *m, struct kvm *kvm)
{
	scoped_guard(mutex, &apv.lock) {
		if (kvm && kvm_has_device(m, kvm)) {
			dev_info(apv_dev(m), "refused: the guest has another matrix device\n");
			return -EPERM;
		}
		m->guest.kvm = kvm;
		apv.host->guest_add(&m->guest);
		apv_guest_expect(m, true);
		m->open = true;
		apv_guest_refilter(m);
	}
	apv_guest_linger(m, apv_guest_linger_end());
	return 0;
}

static void put_irqs(struct ap_mdev *m)
{
	int i;

	lockdep_assert_held(&apv.lock);
	for (i = 0; i < APM_VFIO_IRQS; i++) {
		if (m->irq[i])
			eventfd_ctx_put(m->irq[i]);
		m->irq[i] = NULL;
	}
}

/**
 * apv_guest_close() - the guest is gone
 * @m: the device
 *
 * Its queues go to quarantine; the effective matrix shows them again when they are
 * clean.
 *
 * Context: no lock held. Does not wait for resets.
 */
void apv_guest_close(struct ap_mdev *m)
{
	const struct ap_matrix none = { .apm = APM_MASK_NONE };

	guard(mutex)(&apv.lock);
	commit(m, &none);
	apv.host->guest_del(&m->guest);
	m->open = false;
	m->guest.kvm = NULL;
	put_irqs(m);
	apv_guest_expect(m, true);
	apv_guest_refilter(m);
}
