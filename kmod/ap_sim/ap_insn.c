// SPDX-License-Identifier: GPL-2.0-only
/*
 * The instructions PQAP, NQAP and DQAP.
 *
 * Source of the facts: Linux, arch/s390/include/asm/ap.h, drivers/s390/crypto/ap_bus.c and
 * ap_queue.c. What these leave open is decided here and said in docs/ap_sim.md.
 */
#include "ap_machine.h"

#define QID_APID(qid) ((qid) >> 8 & 0xff)
#define QID_APQI(qid) ((qid)&0xff)

static __u32 facilities(const struct ap_machine_adapter *a)
{
	switch (a->mode) {
	case AP_MODE_ACCEL:
		return AP_FAC_MEX4K | AP_FAC_CRT4K | AP_FAC_ACCEL | AP_FAC_APXA;
	case AP_MODE_CCA:
		return AP_FAC_APSC | AP_FAC_CCA | AP_FAC_APXA;
	case AP_MODE_EP11:
		return AP_FAC_APSC | AP_FAC_EP11 | AP_FAC_APXA;
	}
	return 0;
}

/* Before CEX4 an accelerator was another type than a coprocessor. */
static __u8 hardware_type(const struct ap_machine_adapter *a)
{
	if (a->type == AP_TYPE_CEX3C && a->mode == AP_MODE_ACCEL)
		return AP_TYPE_CEX3A;
	return a->type;
}

static __u64 adapter_info(const struct ap_machine *m, const struct ap_machine_adapter *a)
{
	return (__u64)facilities(a) << 32 | (__u64)hardware_type(a) << 24 | m->max.aqm_max << 16 |
	       (a->depth - 1);
}

static __u32 queue_status(const struct ap_machine *m, unsigned int qid)
{
	const struct ap_machine_adapter *a = m->adapter[QID_APID(qid)];
	const struct ap_machine_queue *q = &a->queue[QID_APQI(qid)];

	return (q->count ? 0 : AP_STATUS_EMPTY) | (q->ready ? AP_STATUS_REPLIES : 0) |
	       (q->count == a->depth ? AP_STATUS_FULL : 0) | (q->irq ? AP_STATUS_IRQ : 0);
}

/* Bounds a queue number by the caller's authority, also for a processor that guesses. */
static bool may_use(const struct ap_machine *m, const struct ap_caller *by, unsigned int *qid)
{
	unsigned int apid = QID_APID(*qid), apqi = QID_APQI(*qid);
	bool may = apm_matrix_has(&m->config, apid, apqi) && m->adapter[apid] &&
		   (!by->apcb || apm_matrix_has(by->apcb, apid, apqi));

	apid = apm_index(apid, may ? AP_IDS : 0);
	*qid = apid << 8 | apqi;
	return may;
}

static struct ap_fault *fault_of(struct ap_machine *m, unsigned int qid)
{
	struct ap_machine_adapter *a = m->adapter[QID_APID(qid)];

	return a->fault ? &a->fault[QID_APQI(qid)] : NULL;
}

/* The response that every instruction on a queue gets before its own work begins. */
static __u32 access_rc(struct ap_machine *m, const struct ap_exec *x)
{
	const struct ap_machine_adapter *a = m->adapter[QID_APID(x->qid)];
	struct ap_fault *f = fault_of(m, x->qid);

	if (a->deconfigured)
		return AP_RC_DECONFIGURED;
	if (a->checkstopped)
		return AP_RC_CHECKSTOPPED;
	return f ? ap_fault_rc(f, x->insn) : AP_RC_NORMAL;
}

static bool reset_runs(struct ap_machine *m, unsigned int qid, __u64 now)
{
	const struct ap_machine_queue *q = ap_machine_queue(m, qid);
	const struct ap_fault *f = fault_of(m, qid);
	__u64 ns = m->reset_ns;

	if (!q->reset_since)
		return false;
	if (f && f->slow_reset) {
		if (f->reset_ms == AP_FOREVER)
			return true;
		ns = f->reset_ms * 1000000ULL;
	}
	return q->reset_since + ns > now;
}

/* Nothing of a queue's last user is left once its reset with zeroize was seen to end. */
static void end_reset(struct ap_machine *m, unsigned int qid, bool seen)
{
	struct ap_machine_queue *q = ap_machine_queue(m, qid);

	if (!q->reset_since)
		return;
	q->reset_since = 0;
	if (!seen || !q->zeroize)
		return;
	q->user = NULL;
	apm_mask_clear(&m->dirty[QID_APID(qid)], QID_APQI(qid));
}

/* Deconfiguring a queue resets it, whoever sees it first. */
static void see_deconfigured(struct ap_machine *m, unsigned int qid)
{
	struct ap_machine_queue *q = ap_machine_queue(m, qid);

	ap_machine_flush(m, qid);
	q->reset_since = 0;
	q->user = NULL;
	q->irq = false;
	if (!apm_mask_test(&m->passed[QID_APID(qid)], QID_APQI(qid)))
		apm_mask_clear(&m->dirty[QID_APID(qid)], QID_APQI(qid));
}

static void respond(struct ap_machine *m, struct ap_exec *x, __u32 rc)
{
	x->status = AP_STATUS(rc) | queue_status(m, x->qid);
	x->cc = rc ? 3 : 0;
}

static void tapq(struct ap_machine *m, struct ap_exec *x)
{
	end_reset(m, x->qid, true);
	respond(m, x, AP_RC_NORMAL);
}

static void reset(struct ap_machine *m, struct ap_exec *x, __u64 now)
{
	struct ap_machine_queue *q = ap_machine_queue(m, x->qid);

	ap_machine_flush(m, x->qid);
	q->reset_since = now;
	q->zeroize = x->insn == AP_INSN_ZAPQ;
	q->irq = false;
	q->resets++;
	m->count.resets++;
	respond(m, x, AP_RC_NORMAL);
}

static void use(struct ap_machine *m, const struct ap_caller *by, unsigned int qid)
{
	end_reset(m, qid, false);
	ap_machine_touch(m, qid, by->id);
}

static void raise_irq(struct ap_machine *m, unsigned int qid)
{
	apm_mask_set(&m->irqs[QID_APID(qid)], QID_APQI(qid));
}

static void aqic(struct ap_machine *m, const struct ap_caller *by, struct ap_exec *x)
{
	struct ap_machine_queue *q = ap_machine_queue(m, x->qid);
	bool on = x->gr1 & AP_AQIC_IR;

	if (q->irq == on) {
		respond(m, x, AP_RC_OTHERWISE_CHANGED);
		return;
	}
	use(m, by, x->qid);
	q->irq = on;
	if (on && q->ready)
		raise_irq(m, x->qid);
	if (!on)
		apm_mask_clear(&m->irqs[QID_APID(x->qid)], QID_APQI(x->qid));
	respond(m, x, AP_RC_NORMAL);
}

static void append(struct ap_machine_queue *q, struct ap_message *msg)
{
	struct ap_message **end = &q->head;

	while (*end)
		end = &(*end)->next;
	msg->next = NULL;
	*end = msg;
	q->count++;
}

static void nqap(struct ap_machine *m, const struct ap_caller *by, struct ap_exec *x)
{
	struct ap_machine_adapter *a = m->adapter[QID_APID(x->qid)];
	struct ap_machine_queue *q = ap_machine_queue(m, x->qid);
	struct ap_fault *f = fault_of(m, x->qid);
	struct ap_message *msg = x->msg;

	if (q->count >= a->depth) {
		respond(m, x, AP_RC_FULL);
		return;
	}
	if (msg->request_len > AP_REQUEST_MAX) {
		respond(m, x, AP_RC_MESSAGE_TOO_BIG);
		return;
	}
	use(m, by, x->qid);
	msg->user = by->id;
	msg->mode = a->mode;
	msg->qid = x->qid;
	msg->working = true;
	msg->lose = f && ap_fault_take(&f->lose_reply);
	msg->bad_length = f && ap_fault_take(&f->bad_length);
	msg->answer_ms = f ? f->answer_ms : 0;
	append(q, msg);
	m->count.requests++;
	respond(m, x, AP_RC_NORMAL);
}

static struct ap_message *first_reply(const struct ap_machine_queue *q)
{
	struct ap_message *msg;

	for (msg = q->head; msg && !msg->ready; msg = msg->next)
		;
	return msg;
}

static void unlink_message(struct ap_machine_queue *q, struct ap_message *msg)
{
	struct ap_message **at = &q->head;

	while (*at != msg)
		at = &(*at)->next;
	*at = msg->next;
	msg->next = NULL;
	q->count--;
	if (msg->ready)
		q->ready--;
}

/* Stores as much of a reply as there is room for. True when all of it was fetched. */
static bool fetch(struct ap_message *msg, struct ap_exec *x)
{
	unsigned int left = msg->reply_len - msg->taken;

	if (x->len > left)
		x->len = left;
	memcpy(x->buf, msg->reply + msg->taken, x->len);
	msg->taken += x->len;
	x->gr2 = left - x->len;
	x->psmid = msg->psmid;
	return !x->gr2;
}

static void dqap(struct ap_machine *m, struct ap_exec *x)
{
	struct ap_machine_queue *q = ap_machine_queue(m, x->qid);
	struct ap_message *msg = first_reply(q);

	if (!msg) {
		x->len = 0;
		respond(m, x, AP_RC_NO_REPLY);
		return;
	}
	if (x->gr0 & AP_GR0_FIRST)
		msg->taken = 0;
	else if (!msg->taken) {
		x->len = 0;
		respond(m, x, AP_RC_NO_FIRST_PART);
		return;
	}
	if (!fetch(msg, x)) {
		x->gr0 &= ~(__u64)AP_GR0_FIRST;
		x->status = 0;
		x->cc = 1;
		return;
	}
	unlink_message(q, msg);
	x->msg = msg;
	respond(m, x, AP_RC_NORMAL);
}

/* The invariant, at each instruction that touches what a queue holds. */
static void check(struct ap_machine *m, const struct ap_caller *by, struct ap_exec *x)
{
	const struct ap_machine_queue *q = ap_machine_queue(m, x->qid);
	bool passed = apm_mask_test(&m->passed[QID_APID(x->qid)], QID_APQI(x->qid));

	m->count.checks++;
	if (passed == !!by->apcb && (!q->user || q->user == by->id))
		return;
	x->breach = (struct ap_breach){ 1, x->qid, passed != !!by->apcb };
	m->count.breaches++;
}

static void execute_queue(struct ap_machine *m, const struct ap_caller *by, struct ap_exec *x,
			  __u64 now)
{
	switch (x->insn) {
	case AP_INSN_TAPQ:
		tapq(m, x);
		return;
	case AP_INSN_RAPQ:
	case AP_INSN_ZAPQ:
		reset(m, x, now);
		return;
	case AP_INSN_AQIC:
		check(m, by, x);
		aqic(m, by, x);
		return;
	case AP_INSN_NQAP:
		check(m, by, x);
		nqap(m, by, x);
		return;
	case AP_INSN_DQAP:
		check(m, by, x);
		dqap(m, x);
		return;
	default:
		return;
	}
}

/**
 * ap_machine_execute() - one instruction on a queue
 * @m: the machine
 * @by: on whose behalf
 * @x: the instruction, and its result
 * @now: time
 *
 * A queue outside the caller's authority answers as if it did not exist.
 */
void ap_machine_execute(struct ap_machine *m, const struct ap_caller *by, struct ap_exec *x,
			__u64 now)
{
	__u32 rc;

	m->count.insn[!!by->apcb][x->insn]++;
	x->gr2 = 0;
	if (!may_use(m, by, &x->qid)) {
		x->status = AP_STATUS(AP_RC_NOT_AVAILABLE);
		x->cc = 3;
		x->len = 0;
		return;
	}
	if (x->insn == AP_INSN_TAPQ)
		x->gr2 = adapter_info(m, m->adapter[QID_APID(x->qid)]);
	rc = access_rc(m, x);
	if (!rc && reset_runs(m, x->qid, now))
		rc = AP_RC_RESET_IN_PROGRESS;
	if (rc) {
		if (rc == AP_RC_DECONFIGURED)
			see_deconfigured(m, x->qid);
		x->len = 0;
		respond(m, x, rc);
		return;
	}
	execute_queue(m, by, x, now);
}

/**
 * ap_machine_finish() - firmware has answered a request
 * @m: the machine
 * @msg: the message, with its reply; the caller's to free when it is an orphan then
 *
 * Return: whether an interrupt is due.
 */
bool ap_machine_finish(struct ap_machine *m, struct ap_message *msg)
{
	struct ap_machine_queue *q;
	struct ap_fault *f;

	msg->working = false;
	if (msg->orphan)
		return false;
	q = ap_machine_queue(m, msg->qid);
	if (msg->lose) {
		unlink_message(q, msg);
		msg->orphan = true;
		m->count.lost++;
		return false;
	}
	msg->ready = true;
	q->ready++;
	m->count.replies++;
	if (!q->irq)
		return false;
	f = fault_of(m, msg->qid);
	if (f && ap_fault_take(&f->lose_irq)) {
		m->count.lost++;
		return false;
	}
	raise_irq(m, msg->qid);
	return true;
}

/**
 * ap_machine_drop() - the host has no use for a reply
 * @m: the machine
 * @msg: a reply that is ready; the caller's to free then
 */
void ap_machine_drop(struct ap_machine *m, struct ap_message *msg)
{
	m->count.insn[0][AP_INSN_DQAP]++;
	unlink_message(ap_machine_queue(m, msg->qid), msg);
}

/**
 * ap_machine_irq() - take the interrupt of one of a guest's queues
 * @m: the machine
 * @apcb: the guest's
 *
 * Return: the queue number, or AP_NO_QUEUE when no interrupt is pending.
 */
unsigned int ap_machine_irq(struct ap_machine *m, const struct ap_matrix *apcb)
{
	unsigned int apid, apqi;
	struct ap_mask due;

	apm_mask_for_each(apid, &apcb->apm) {
		due = apm_mask_and(&m->irqs[apid], &apcb->aqm);
		apqi = apm_mask_next(&due, 0);
		if (apqi < AP_IDS) {
			apm_mask_clear(&m->irqs[apid], apqi);
			return apid << 8 | apqi;
		}
	}
	return AP_NO_QUEUE;
}

/**
 * ap_machine_flush() - throw out what a queue holds
 * @m: the machine
 * @qid: the queue, of an adapter of the machine
 *
 * Messages that firmware works on become orphans; the others are collected.
 */
void ap_machine_flush(struct ap_machine *m, unsigned int qid)
{
	struct ap_machine_queue *q = ap_machine_queue(m, qid);
	struct ap_message *msg;

	while ((msg = q->head)) {
		unlink_message(q, msg);
		if (msg->working) {
			msg->orphan = true;
			msg->next = m->orphans;
			m->orphans = msg;
			continue;
		}
		msg->next = m->flushed;
		m->flushed = msg;
	}
	apm_mask_clear(&m->irqs[QID_APID(qid)], QID_APQI(qid));
}
