// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instructions as the host and the guests execute them: the machine under its lock,
 * messages answered in the background.
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "ap_sim.h"

DEFINE_SPINLOCK(ap_sim_machine_lock);
struct ap_machine ap_sim_machine; /* under ap_sim_machine_lock */

static struct workqueue_struct *firmware_wq;

/* The host is the caller that nobody else can be. */
const struct ap_caller ap_sim_host = { NULL, &ap_sim_machine };

/**
 * struct sim_message - a message in the kernel
 * @msg: what the machine sees
 * @work: answers it
 * @talk: who wants to see the reply, or NULL
 */
struct sim_message {
	struct ap_message msg;
	struct delayed_work work;
	struct ap_talk *talk;
};

static u64 now(void)
{
	return ktime_get_ns();
}

static void free_message(struct ap_message *msg)
{
	struct sim_message *sim = container_of(msg, struct sim_message, msg);

	if (sim->talk) {
		ap_exchange_end(sim->talk, msg->ready ? msg->reply : NULL, msg->reply_len);
		if (msg->ready)
			msg->reply = NULL;
	}
	kvfree(msg->request);
	kvfree(msg->reply);
	kfree(sim);
}

/**
 * ap_sim_free() - free messages
 * @list: from ap_sim_collect_locked()
 */
void ap_sim_free(struct ap_message *list)
{
	struct ap_message *next;

	for (; list; list = next) {
		next = list->next;
		free_message(list);
	}
}

static void answer_fn(struct work_struct *work)
{
	struct sim_message *sim = container_of(to_delayed_work(work), struct sim_message, work);
	struct ap_message *msg = &sim->msg, *dropped = NULL;
	struct ap_exec next = { .insn = AP_INSN_NQAP };
	bool mine;

	scoped_guard(spinlock, &ap_sim_machine_lock)
		mine = msg->orphan;
	if (!mine)
		ap_message_answer(msg, &ap_sim_firmware);
	scoped_guard(spinlock, &ap_sim_machine_lock) {
		if (ap_machine_finish(&ap_sim_machine, msg))
			ap_sim_guest_signal(msg->qid);
		mine = msg->orphan || msg->user == ap_sim_host.id;
		if (mine && !msg->orphan)
			ap_machine_drop(&ap_sim_machine, msg);
		/* There is room in the queue. */
		if (msg->user == ap_sim_host.id)
			dropped = ap_sender_next_locked(msg->qid, &next);
	}
	/* Otherwise it belongs to its queue, and may be gone. */
	if (mine)
		free_message(msg);
	ap_sim_executed(&ap_sim_host, &next, dropped);
}

/**
 * ap_sim_collect_locked() - what changes of the machine threw out
 *
 * What firmware has begun to work on is freed by that.
 *
 * Context: ap_sim_machine_lock, held since the change.
 *
 * Return: messages for ap_sim_free().
 */
struct ap_message *ap_sim_collect_locked(void)
{
	struct ap_message *list = ap_machine_collect(&ap_sim_machine), *orphan, *next;
	struct sim_message *sim;

	lockdep_assert_held(&ap_sim_machine_lock);
	for (orphan = ap_machine_orphans(&ap_sim_machine); orphan; orphan = next) {
		next = orphan->next;
		sim = container_of(orphan, struct sim_message, msg);
		if (!cancel_delayed_work(&sim->work))
			continue;
		orphan->next = list;
		list = orphan;
	}
	return list;
}

/**
 * ap_sim_message() - make a message of a request
 * @request: the request, kvmalloc()ed; taken over on success
 * @len: its length
 * @psmid: the sender's identifier
 *
 * Context: may sleep. The memory is the caller's by the memory controller.
 *
 * Return: the message; NULL without memory.
 */
struct ap_message *ap_sim_message(void *request, unsigned int len, u64 psmid)
{
	struct sim_message *sim = kzalloc(sizeof(*sim), GFP_KERNEL_ACCOUNT);

	if (!sim)
		return NULL;
	sim->msg.reply = kvmalloc(ap_message_room(request, len), GFP_KERNEL_ACCOUNT);
	if (!sim->msg.reply) {
		kfree(sim);
		return NULL;
	}
	sim->msg.request = request;
	sim->msg.request_len = len;
	sim->msg.psmid = psmid;
	INIT_DELAYED_WORK(&sim->work, answer_fn);
	return &sim->msg;
}

/**
 * ap_sim_message_talk() - somebody wants to see the reply
 * @msg: a message, not sent yet
 * @t: is told of its end, and has the reply then
 */
void ap_sim_message_talk(struct ap_message *msg, struct ap_talk *t)
{
	container_of(msg, struct sim_message, msg)->talk = t;
}

static void start_firmware(struct ap_message *msg)
{
	struct sim_message *sim = container_of(msg, struct sim_message, msg);

	lockdep_assert_held(&ap_sim_machine_lock);
	queue_delayed_work(firmware_wq, &sim->work, msecs_to_jiffies(msg->answer_ms));
}

static void report(const struct ap_caller *by, const struct ap_breach *b)
{
	if (!b->count)
		return;
	WARN(1, "ap_sim: %s used queue %02x.%04x, which %s\n", by->apcb ? "a guest" : "the host",
	     APM_QID_APID(b->qid), APM_QID_APQI(b->qid),
	     b->shared ? "belongs to somebody else" : "was not reset since its last user");
}

/**
 * ap_sim_begin_locked() - execute one instruction, collect nothing
 * @by: on whose behalf
 * @x: the instruction; see ap_machine_execute()
 *
 * Context: ap_sim_machine_lock. ap_sim_collect_locked() has to follow before it is let go.
 */
void ap_sim_begin_locked(const struct ap_caller *by, struct ap_exec *x)
{
	lockdep_assert_held(&ap_sim_machine_lock);
	ap_machine_execute(&ap_sim_machine, by, x, now());
	if (x->insn != AP_INSN_NQAP || x->cc)
		return;
	start_firmware(x->msg);
	x->msg = NULL;
}

/**
 * ap_sim_execute_locked() - execute one instruction
 * @by: on whose behalf
 * @x: the instruction; see ap_machine_execute()
 *
 * Context: ap_sim_machine_lock. ap_sim_executed() has to follow without it.
 *
 * Return: messages to free.
 */
struct ap_message *ap_sim_execute_locked(const struct ap_caller *by, struct ap_exec *x)
{
	ap_sim_begin_locked(by, x);
	return ap_sim_collect_locked();
}

/**
 * ap_sim_executed() - what follows an instruction
 * @by: on whose behalf it was executed
 * @x: the instruction
 * @flushed: from ap_sim_execute_locked()
 *
 * Context: no lock held. A breach of the invariant is a kernel warning.
 */
void ap_sim_executed(const struct ap_caller *by, struct ap_exec *x, struct ap_message *flushed)
{
	if (x->msg)
		free_message(x->msg);
	ap_sim_free(flushed);
	report(by, &x->breach);
}

static u32 execute_host(enum ap_insn_code insn, unsigned int qid, u64 *gr2)
{
	struct ap_exec x = { .insn = insn, .qid = qid };
	struct ap_message *flushed;

	scoped_guard(spinlock, &ap_sim_machine_lock)
		flushed = ap_sim_execute_locked(&ap_sim_host, &x);
	ap_sim_executed(&ap_sim_host, &x, flushed);
	if (gr2)
		*gr2 = x.gr2;
	return x.status;
}

/**
 * ap_sim_tapq() - PQAP(TAPQ) with the host's authority
 * @qid: the queue
 * @gr2: information about it; may be NULL
 *
 * Return: the status word.
 */
u32 ap_sim_tapq(unsigned int qid, u64 *gr2)
{
	return execute_host(AP_INSN_TAPQ, qid, gr2);
}

/**
 * ap_sim_zapq() - PQAP(ZAPQ) with the host's authority
 * @qid: the queue
 *
 * Return: the status word.
 */
u32 ap_sim_zapq(unsigned int qid)
{
	return execute_host(AP_INSN_ZAPQ, qid, NULL);
}

/**
 * ap_sim_qci() - PQAP(QCI) with the host's authority
 * @out: set to the configuration
 */
void ap_sim_qci(struct ap_host_config *out)
{
	guard(spinlock)(&ap_sim_machine_lock);
	ap_sim_machine.count.insn[0][AP_INSN_QCI]++;
	out->matrix = ap_sim_machine.config;
	out->max = ap_sim_machine.max;
	out->flags = ap_sim_machine.flags;
}

static bool used_by_guest(unsigned int qid)
{
	const struct ap_machine_queue *q;

	guard(spinlock)(&ap_sim_machine_lock);
	if (!ap_sim_machine.adapter[APM_QID_APID(qid)])
		return false;
	q = ap_machine_queue(&ap_sim_machine, qid);
	return q->user && q->user != ap_sim_host.id;
}

/**
 * ap_sim_launder() - bring a queue that comes from a guest into a state for the host
 * @qid: the queue
 *
 * To be called again until it succeeds.
 *
 * Return: whether nothing of a guest is in it, and no reset is under way.
 */
bool ap_sim_launder(unsigned int qid)
{
	u32 status;

	status = ap_sim_tapq(qid, NULL);
	if (AP_STATUS_RC(status) == AP_RC_RESET_IN_PROGRESS)
		return false;
	if (!used_by_guest(qid))
		return true;
	if (!AP_STATUS_RC(status))
		ap_sim_zapq(qid);
	return false;
}

/**
 * ap_sim_touch() - a host driver begins to use a queue
 * @qid: the queue
 */
void ap_sim_touch(unsigned int qid)
{
	guard(spinlock)(&ap_sim_machine_lock);
	ap_machine_touch(&ap_sim_machine, qid, ap_sim_host.id);
}

/**
 * ap_sim_configure() - what SCLP does when an operator configures an adapter on or off
 * @apid: adapter number
 * @on: on or off
 *
 * Its queues are reset by that.
 *
 * Return: 0; -ENODEV when the machine has no such adapter.
 */
int ap_sim_configure(unsigned int apid, bool on)
{
	struct ap_message *flushed;

	scoped_guard(spinlock, &ap_sim_machine_lock) {
		if (!ap_sim_machine.adapter[apid])
			return -ENODEV;
		ap_machine_configure(&ap_sim_machine, apid, on);
		flushed = ap_sim_collect_locked();
	}
	ap_sim_free(flushed);
	return 0;
}

/**
 * ap_sim_checkstop() - break an adapter, or repair it
 * @apid: adapter number
 * @broken: broken or not
 *
 * Return: 0; -ENODEV when the machine has no such adapter.
 */
int ap_sim_checkstop(unsigned int apid, bool broken)
{
	struct ap_message *flushed;

	scoped_guard(spinlock, &ap_sim_machine_lock) {
		if (!ap_sim_machine.adapter[apid])
			return -ENODEV;
		ap_machine_checkstop(&ap_sim_machine, apid, broken);
		flushed = ap_sim_collect_locked();
	}
	ap_sim_free(flushed);
	return 0;
}

/**
 * ap_exec_init() - an empty machine, and firmware
 *
 * Return: 0 or -ENOMEM.
 */
int ap_exec_init(void)
{
	ap_machine_init(&ap_sim_machine);
	firmware_wq = alloc_workqueue("ap_sim_firmware", WQ_UNBOUND | WQ_CPU_INTENSIVE,
				      num_online_cpus() * 2);
	return firmware_wq ? 0 : -ENOMEM;
}

/* No machine is left: whatever firmware still works on are orphans, which free themselves. */
void ap_exec_exit(void)
{
	ap_sender_exit();
	destroy_workqueue(firmware_wq);
}
