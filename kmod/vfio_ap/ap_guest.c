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

/* What the guest has in fact; nothing, when there is none. */
static struct ap_matrix guest_apcb(const struct ap_mdev *m)
{
	lockdep_assert_held(&apv.lock);
	return m->open ? m->guest.apcb : APM_MATRIX_NONE;
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

static bool waited_enough(const struct ap_mdev *m)
{
	return time_after_eq(jiffies, m->gain_deadline);
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
	if (waited_enough(m))
		m->state.newcomers = APM_MATRIX_NONE;
	m->state.shadow = guest_apcb(m);
	next = apm_device_next(&m->state, &apv.host_matrix, &apv.queues);
	if (!m->state.pending)
		m->state.newcomers = APM_MATRIX_NONE;
	commit(m, &next);
	show(m, &shown, &next);
	apv_linger_look(m);
}

/**
 * apv_guest_expect() - a change brings a guest something: that is to come together
 * @m: the device, to be filtered anew
 * @from: what it was assigned of what there was, before the change
 * @to: what it is assigned of what there is
 *
 * While a guest waits for the newcomers of an earlier change, those of this one come with them:
 * one change after the other does not put off what is clean. When that time is over they are no
 * newcomers any more, and this change waits for nothing but its own.
 *
 * Context: apv.lock.
 */
void apv_guest_expect(struct ap_mdev *m, const struct ap_matrix *from, const struct ap_matrix *to)
{
	unsigned long end = jiffies + msecs_to_jiffies(READ_ONCE(gain_together_ms));
	struct ap_matrix more = apm_matrix_andnot(to, from);

	lockdep_assert_held(&apv.lock);
	if (!m->open)
		return;
	if (!m->state.pending || waited_enough(m)) {
		m->state.newcomers = APM_MATRIX_NONE;
		m->gain_deadline = end;
	}
	/* It may have been made shorter meanwhile. */
	if (time_before(end, m->gain_deadline))
		m->gain_deadline = end;
	m->state.newcomers = apm_matrix_or(&m->state.newcomers, &more);
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
	const struct ap_matrix none = APM_MATRIX_NONE;
	struct ap_linger linger = { .over = true };

	scoped_guard(mutex, &apv.lock) {
		if (kvm && kvm_has_device(m, kvm)) {
			dev_info(apv_dev(m), "refused: the guest has another matrix device\n");
			return -EPERM;
		}
		m->guest.kvm = kvm;
		apv.host->guest_add(&m->guest);
		m->open = true;
		apv_guest_expect(m, &none, &m->state.assigned);
		apv_guest_refilter(m);
		apv_linger_begin(&linger, m, &none, &m->state.assigned);
	}
	apv_linger(&linger, apv_linger_end());
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
	const struct ap_matrix none = APM_MATRIX_NONE;

	guard(mutex)(&apv.lock);
	commit(m, &none);
	apv.host->guest_del(&m->guest);
	m->open = false;
	m->guest.kvm = NULL;
	m->state.newcomers = none;
	put_irqs(m);
	apv_guest_refilter(m);
}
