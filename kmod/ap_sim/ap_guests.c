// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guests: their APCBs, and the instructions that a VMM executes for them.
 */
#include <linux/eventfd.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include "ap_sim.h"

static LIST_HEAD(guests); /* under ap_sim_machine_lock */

/**
 * ap_sim_guest_add() - a guest opens its device; struct ap_host_ops
 * @guest: the guest
 */
void ap_sim_guest_add(struct ap_guest *guest)
{
	guard(spinlock)(&ap_sim_machine_lock);
	guest->apcb = APM_MATRIX_NONE;
	guest->commits = 0;
	guest->replies = NULL;
	list_add_tail(&guest->node, &guests);
}

/**
 * ap_sim_guest_commit() - a guest's APCB changes; struct ap_host_ops
 * @guest: the guest
 * @apcb: what it has from now on
 *
 * A queue that it must not have is a kernel warning.
 */
void ap_sim_guest_commit(struct ap_guest *guest, const struct ap_matrix *apcb)
{
	struct ap_breach b;

	scoped_guard(spinlock, &ap_sim_machine_lock) {
		b = ap_machine_commit(&ap_sim_machine, &guest->apcb, apcb);
		guest->apcb = *apcb;
		guest->commits++;
	}
	WARN(b.count, "ap_sim: %u queues passed to guest %s, first %02x.%04x, %s\n", b.count,
	     guest->name, APM_QID_APID(b.qid), APM_QID_APQI(b.qid),
	     b.shared ? "belong to another guest" : "were not reset");
}

/**
 * ap_sim_guest_del() - a guest is gone; struct ap_host_ops
 * @guest: the guest; its eventfd is put
 */
void ap_sim_guest_del(struct ap_guest *guest)
{
	struct eventfd_ctx *replies;

	scoped_guard(spinlock, &ap_sim_machine_lock) {
		WARN_ON(!apm_mask_empty(&guest->apcb.apm) || !apm_mask_empty(&guest->apcb.aqm));
		list_del(&guest->node);
		replies = guest->replies;
		guest->replies = NULL;
	}
	if (replies)
		eventfd_ctx_put(replies);
}

/**
 * ap_sim_guest_signal() - tell the guest that has a queue of an interrupt
 * @qid: the queue
 *
 * Context: ap_sim_machine_lock.
 */
void ap_sim_guest_signal(unsigned int qid)
{
	struct ap_guest *g;

	lockdep_assert_held(&ap_sim_machine_lock);
	list_for_each_entry(g, &guests, node)
		if (g->replies && apm_matrix_has(&g->apcb, APM_QID_APID(qid), APM_QID_APQI(qid)))
			eventfd_signal(g->replies);
}

/**
 * ap_sim_guest_eventfd() - set the eventfd for a guest's interrupts; struct ap_host_ops
 * @guest: the guest
 * @ctx: the eventfd, or NULL
 *
 * Return: the one that it replaces, the caller's to put.
 */
struct eventfd_ctx *ap_sim_guest_eventfd(struct ap_guest *guest, struct eventfd_ctx *ctx)
{
	guard(spinlock)(&ap_sim_machine_lock);
	swap(guest->replies, ctx);
	return ctx;
}

/**
 * ap_sim_guest_irq() - take an interrupt of a guest's queues; struct ap_host_ops
 * @guest: the guest
 *
 * Return: the queue number, or AP_NO_QUEUE.
 */
unsigned int ap_sim_guest_irq(struct ap_guest *guest)
{
	guard(spinlock)(&ap_sim_machine_lock);
	return ap_machine_irq(&ap_sim_machine, &guest->apcb);
}

static void execute(struct ap_guest *guest, struct ap_exec *x)
{
	struct ap_caller by = { &guest->apcb, guest };
	struct ap_message *flushed;

	/* The APCB is the one at this instant. */
	scoped_guard(spinlock, &ap_sim_machine_lock)
		flushed = ap_sim_execute_locked(&by, x);
	ap_sim_executed(&by, x, flushed);
}

static int qci(struct ap_guest *guest, struct ap_host_insn *i)
{
	struct ap_caller by = { &guest->apcb, guest };

	if (i->len < AP_QCI_SIZE)
		return -EINVAL;
	guard(spinlock)(&ap_sim_machine_lock);
	ap_sim_machine.count.insn[1][AP_INSN_QCI]++;
	ap_machine_qci(&ap_sim_machine, &by, i->buf);
	i->len = AP_QCI_SIZE;
	i->cc = 0;
	return 0;
}

static int queue_insn(struct ap_guest *guest, struct ap_host_insn *i, struct ap_exec *x)
{
	x->qid = AP_GR0_QID(i->gr0);
	x->gr0 = i->gr0;
	x->gr1 = i->gr1;
	execute(guest, x);
	i->gr0 = x->gr0;
	i->gr1 = x->status;
	i->gr2 = x->gr2;
	i->cc = x->cc;
	i->len = x->len;
	i->psmid = x->psmid;
	return 0;
}

static int pqap(struct ap_guest *guest, struct ap_host_insn *i)
{
	static const enum ap_insn_code codes[] = {
		[AP_FC_TAPQ] = AP_INSN_TAPQ,
		[AP_FC_RAPQ] = AP_INSN_RAPQ,
		[AP_FC_ZAPQ] = AP_INSN_ZAPQ,
		[AP_FC_AQIC] = AP_INSN_AQIC,
	};
	unsigned int fc = AP_GR0_FC(i->gr0);
	struct ap_exec x = { 0 };

	if (fc == AP_FC_QCI)
		return qci(guest, i);
	if (fc >= ARRAY_SIZE(codes))
		return -EINVAL;
	x.insn = codes[array_index_nospec(fc, ARRAY_SIZE(codes))];
	return queue_insn(guest, i, &x);
}

static int nqap(struct ap_guest *guest, struct ap_host_insn *i)
{
	struct ap_exec x = { .insn = AP_INSN_NQAP };

	x.msg = ap_sim_message(i->buf, i->len, i->psmid);
	if (!x.msg)
		return -ENOMEM;
	i->buf = NULL;
	x.psmid = i->psmid;
	return queue_insn(guest, i, &x);
}

static int dqap(struct ap_guest *guest, struct ap_host_insn *i)
{
	struct ap_exec x = { .insn = AP_INSN_DQAP, .buf = i->buf, .len = i->len };

	return queue_insn(guest, i, &x);
}

/**
 * ap_sim_guest_insn() - execute one instruction for a guest
 * @guest: the guest
 * @i: the instruction
 *
 * Context: may sleep for memory, never waits for the machine.
 *
 * Return: 0; -EINVAL for an instruction that does not exist; -ENOMEM.
 */
int ap_sim_guest_insn(struct ap_guest *guest, struct ap_host_insn *i)
{
	switch (i->opcode) {
	case AP_OP_PQAP:
		return pqap(guest, i);
	case AP_OP_NQAP:
		return nqap(guest, i);
	case AP_OP_DQAP:
		return dqap(guest, i);
	}
	return -EINVAL;
}

/**
 * ap_sim_guests_show() - the commits of each guest
 * @s: receives one line a guest
 *
 * Context: ap_sim_machine_lock.
 */
void ap_sim_guests_show(struct seq_file *s)
{
	struct ap_guest *g;

	lockdep_assert_held(&ap_sim_machine_lock);
	list_for_each_entry(g, &guests, node)
		seq_printf(s, "guest %s commits %llu\n", g->name, g->commits);
}
