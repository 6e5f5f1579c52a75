// SPDX-License-Identifier: GPL-2.0-only
/*
 * The host's driver as a sender of requests: what its queue has no room for waits.
 *
 * Source of the manners: Linux, drivers/s390/crypto/ap_queue.c (ap_sm_write, __ap_flush_queue).
 */
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "ap_sim.h"

/* How soon a queue that took nothing is tried again (Linux: AP_SM_WAIT_LOW_TIMEOUT) */
#define RETRY (HZ / 25)

static void retry_fn(struct work_struct *work);
static DECLARE_DELAYED_WORK(retry, retry_fn);

/* NULL when the machine has no such adapter */
static struct ap_sim_adapter *adapter_of(unsigned int apid)
{
	lockdep_assert_held(&ap_sim_machine_lock);
	if (!ap_sim_machine.adapter[apid])
		return NULL;
	return to_sim_adapter(ap_sim_machine.adapter[apid]);
}

static struct ap_message *join(struct ap_message *list, struct ap_message *more)
{
	struct ap_message **end = &list;

	while (*end)
		end = &(*end)->next;
	*end = more;
	return list;
}

static struct ap_message *cancel_locked(struct ap_sim_adapter *a, unsigned int apqi)
{
	apm_mask_clear(&a->stalled, apqi);
	return ap_requests_cancel(&a->requests[apqi], &a->machine.queue[apqi], ap_sim_host.id);
}

/* Full of requests: a reply makes room. A queue that only says so is asked again. */
static bool reply_makes_room(const struct ap_sim_adapter *a, const struct ap_exec *x)
{
	return AP_STATUS_RC(x->status) == AP_RC_FULL &&
	       a->machine.queue[APM_QID_APQI(x->qid)].count;
}

/* The oldest request waits on, or all are given up. */
static struct ap_message *not_taken_locked(struct ap_sim_adapter *a, struct ap_exec *x)
{
	unsigned int apqi = APM_QID_APQI(x->qid);

	ap_requests_untake(&a->requests[apqi], x->msg);
	x->msg = NULL;
	switch (AP_STATUS_RC(x->status)) {
	case AP_RC_FULL:
	case AP_RC_RESET_IN_PROGRESS:
		if (reply_makes_room(a, x))
			return NULL;
		apm_mask_set(&a->stalled, apqi);
		schedule_delayed_work(&retry, RETRY);
		return NULL;
	}
	return join(cancel_locked(a, apqi), ap_sim_collect_locked());
}

/**
 * ap_sender_next_locked() - send what waits for a queue and has room in it
 * @qid: the queue
 * @x: set to the last instruction
 *
 * Context: ap_sim_machine_lock. ap_sim_executed() has to follow without it.
 *
 * Return: messages to free.
 */
struct ap_message *ap_sender_next_locked(unsigned int qid, struct ap_exec *x)
{
	struct ap_sim_adapter *a = adapter_of(APM_QID_APID(qid));
	struct ap_breach breach = { .count = 0 };
	struct ap_message *msg;

	*x = (struct ap_exec){ .insn = AP_INSN_NQAP };
	if (!a)
		return NULL;
	apm_mask_clear(&a->stalled, APM_QID_APQI(qid));
	while (!x->cc && (msg = ap_requests_take(&a->requests[APM_QID_APQI(qid)]))) {
		*x = (struct ap_exec){ .insn = AP_INSN_NQAP, .qid = qid, .msg = msg };
		ap_sim_begin_locked(&ap_sim_host, x);
		if (!breach.count)
			breach = x->breach;
	}
	x->breach = breach;
	return x->cc ? not_taken_locked(a, x) : NULL;
}

/**
 * ap_sender_next() - send what waits for a queue and has room in it
 * @qid: the queue
 *
 * To be called when the queue may have lost what it held without a reply.
 *
 * Context: no lock held.
 */
void ap_sender_next(unsigned int qid)
{
	struct ap_message *dropped;
	struct ap_exec x;

	scoped_guard(spinlock, &ap_sim_machine_lock)
		dropped = ap_sender_next_locked(qid, &x);
	ap_sim_executed(&ap_sim_host, &x, dropped);
}

/* The first queue from @qid on that did not take a request and is to be asked again */
static unsigned int next_stalled(unsigned int qid)
{
	unsigned int apid = qid >> 8, apqi = APM_QID_APQI(qid);
	struct ap_sim_adapter *a;

	guard(spinlock)(&ap_sim_machine_lock);
	for (; apid < AP_IDS; apid++, apqi = 0) {
		a = adapter_of(apid);
		apqi = a ? apm_mask_next(&a->stalled, apqi) : AP_IDS;
		if (apqi < AP_IDS)
			return APM_QID(apid, apqi);
	}
	return AP_NO_QUEUE;
}

static void retry_fn(struct work_struct *work)
{
	unsigned int qid;

	for (qid = next_stalled(0); qid < AP_NO_QUEUE; qid = next_stalled(qid + 1))
		ap_sender_next(qid);
}

static unsigned int request_size(enum ap_mode mode)
{
	return mode == AP_MODE_ACCEL ? AP_MODEXP_REQUEST : AP_RANDOM_REQUEST;
}

/* What an accelerator can do, or random numbers; EP11 refuses that and stays online. */
static struct ap_message *make_request(unsigned int qid, enum ap_mode mode)
{
	unsigned int size = request_size(mode);
	u8 *request = kvzalloc(size, GFP_KERNEL_ACCOUNT);
	struct ap_message *msg;

	if (!request)
		return NULL;
	if (mode == AP_MODE_ACCEL)
		ap_message_modexp(request);
	else
		ap_message_random(request, APM_QID_APQI(qid), 16);
	msg = ap_sim_message(request, size, 1);
	if (!msg)
		kvfree(request);
	return msg;
}

static struct ap_message *make_requests(unsigned int qid, u64 info, unsigned int n)
{
	enum ap_mode mode = ap_profile_mode_of(AP_INFO_FACILITIES(info));
	struct ap_message *list = NULL, *msg;

	for (; n; n--) {
		msg = make_request(qid, mode);
		if (!msg) {
			ap_sim_free(list);
			return NULL;
		}
		msg->next = list;
		list = msg;
	}
	return list;
}

static void weigh(struct ap_message *list, u64 info)
{
	enum ap_mode mode = ap_profile_mode_of(AP_INFO_FACILITIES(info));

	for (; list; list = list->next)
		list->weight = ap_request_weight(AP_INFO_TYPE(info), mode);
}

static unsigned int length(const struct ap_message *list)
{
	unsigned int n = 0;

	for (; list; list = list->next)
		n++;
	return n;
}

static int add_locked(unsigned int qid, struct ap_message *list)
{
	struct ap_sim_adapter *a = adapter_of(APM_QID_APID(qid));
	struct ap_message *next;
	struct ap_requests *r;

	if (!a)
		return -ENODEV;
	r = &a->requests[APM_QID_APQI(qid)];
	if (r->waiting + length(list) > AP_REQUESTS_MAX)
		return -ENOSPC;
	for (; list; list = next) {
		next = list->next;
		ap_requests_add(r, list);
		a->total++;
	}
	return 0;
}

/* Full and being reset are no errors: the requests wait. */
static int error_of(const struct ap_exec *x)
{
	switch (AP_STATUS_RC(x->status)) {
	case AP_RC_NORMAL:
	case AP_RC_FULL:
	case AP_RC_RESET_IN_PROGRESS:
		return 0;
	}
	return -EIO;
}

/**
 * ap_sender_add() - send requests
 * @qid: the queue
 * @info: GR2 of TAPQ
 * @list: the requests; freed on failure
 *
 * Context: no lock held. Does not wait for replies.
 *
 * Return: 0; -ENODEV; -ENOSPC when more than AP_REQUESTS_MAX would wait; -EIO when the queue
 * refuses them, and with them all that waited.
 */
int ap_sender_add(unsigned int qid, u64 info, struct ap_message *list)
{
	struct ap_exec x = { .insn = AP_INSN_NQAP };
	int rc;

	weigh(list, info);
	scoped_guard(spinlock, &ap_sim_machine_lock) {
		rc = add_locked(qid, list);
		if (!rc)
			list = ap_sender_next_locked(qid, &x);
	}
	ap_sim_executed(&ap_sim_host, &x, list);
	return rc ?: error_of(&x);
}

/**
 * ap_sender_send() - send requests of the kind that suits the adapter
 * @qid: the queue
 * @info: GR2 of TAPQ
 * @n: how many
 *
 * Context: may sleep for memory. Does not wait for replies, which are thrown away.
 *
 * Return: 0; -ENOMEM; otherwise as ap_sender_add().
 */
int ap_sender_send(unsigned int qid, u64 info, unsigned int n)
{
	struct ap_message *list = make_requests(qid, info, n);

	return list ? ap_sender_add(qid, info, list) : -ENOMEM;
}

/**
 * ap_sender_cancel() - give up what was sent to a queue, and what waits for it
 * @qid: the queue
 *
 * What the queue holds stays there until it is answered or reset, as on a real machine.
 */
void ap_sender_cancel(unsigned int qid)
{
	struct ap_message *list = NULL;
	struct ap_sim_adapter *a;

	scoped_guard(spinlock, &ap_sim_machine_lock) {
		a = adapter_of(APM_QID_APID(qid));
		if (a)
			list = cancel_locked(a, APM_QID_APQI(qid));
	}
	ap_sim_free(list);
}

/**
 * ap_sender_free() - free what waits for an adapter that is gone
 * @a: the adapter, not in the machine any more
 */
void ap_sender_free(struct ap_sim_adapter *a)
{
	unsigned int apqi;

	for (apqi = 0; apqi < AP_IDS; apqi++)
		ap_sim_free(a->requests[apqi].first);
}

/* The machine has no adapter any more, so that nothing is stalled. */
void ap_sender_exit(void)
{
	cancel_delayed_work_sync(&retry);
}

static void count_locked(struct ap_sim_adapter *a, unsigned int apqi, struct ap_request_counts *sum)
{
	ap_requests_count(&a->requests[apqi], &a->machine.queue[apqi], ap_sim_host.id, sum);
}

/**
 * ap_sender_count_queue() - the counters of a queue's attributes
 * @qid: the queue
 * @counts: set
 */
void ap_sender_count_queue(unsigned int qid, struct ap_request_counts *counts)
{
	struct ap_sim_adapter *a;

	memset(counts, 0, sizeof(*counts));
	guard(spinlock)(&ap_sim_machine_lock);
	a = adapter_of(APM_QID_APID(qid));
	if (a)
		count_locked(a, APM_QID_APQI(qid), counts);
}

/**
 * ap_sender_count_card() - the counters of a card's attributes
 * @apid: its adapter
 * @counts: set
 *
 * The sum of its queues, but for the total, which setting that of a queue to 0 leaves.
 */
void ap_sender_count_card(unsigned int apid, struct ap_request_counts *counts)
{
	struct ap_sim_adapter *a;
	unsigned int apqi;

	memset(counts, 0, sizeof(*counts));
	guard(spinlock)(&ap_sim_machine_lock);
	a = adapter_of(apid);
	if (!a)
		return;
	for (apqi = 0; apqi < AP_IDS; apqi++)
		count_locked(a, apqi, counts);
	counts->total = a->total;
}

/**
 * ap_sender_forget_queue() - set a queue's count of requests to 0
 * @qid: the queue
 */
void ap_sender_forget_queue(unsigned int qid)
{
	struct ap_sim_adapter *a;

	guard(spinlock)(&ap_sim_machine_lock);
	a = adapter_of(APM_QID_APID(qid));
	if (a)
		a->requests[APM_QID_APQI(qid)].total = 0;
}

/**
 * ap_sender_forget_card() - set the counts of requests of a card and its queues to 0
 * @apid: its adapter
 */
void ap_sender_forget_card(unsigned int apid)
{
	struct ap_sim_adapter *a;
	unsigned int apqi;

	guard(spinlock)(&ap_sim_machine_lock);
	a = adapter_of(apid);
	if (!a)
		return;
	a->total = 0;
	for (apqi = 0; apqi < AP_IDS; apqi++)
		a->requests[apqi].total = 0;
}
