// SPDX-License-Identifier: GPL-2.0-only
#include "ap_machine.h"

/**
 * ap_machine_init() - a machine with nothing in it
 * @m: set to an empty machine with 256 × 256 numbers and resets of 2 ms
 */
void ap_machine_init(struct ap_machine *m)
{
	memset(m, 0, sizeof(*m));
	m->max = (struct ap_limits){ AP_ID_MAX, AP_ID_MAX, AP_ID_MAX };
	m->flags = AP_QCI_APSC | AP_QCI_APXA | AP_QCI_QACT | AP_QCI_RC8A;
	m->reset_ns = 2000000;
}

/**
 * ap_machine_plug() - put a card into the machine
 * @m: the machine
 * @apid: its adapter number, free
 * @a: the card, owned by the caller as long as the machine lives
 *
 * What its queues hold is not known: they count as used until they are reset.
 */
void ap_machine_plug(struct ap_machine *m, unsigned int apid, struct ap_machine_adapter *a)
{
	m->adapter[apid] = a;
	m->dirty[apid] = APM_MASK_ALL;
	apm_mask_set(&m->config.apm, apid);
}

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

static __u64 adapter_info(const struct ap_machine *m, const struct ap_machine_adapter *a)
{
	return (__u64)facilities(a) << 32 | (__u64)a->type << 24 | m->max.aqm_max << 16 |
	       (a->depth - 1);
}

/* The response that every instruction gets before its own work begins. */
static __u32 access_rc(const struct ap_machine *m, unsigned int apid, unsigned int apqi)
{
	const struct ap_machine_adapter *a = m->adapter[apid];

	if (!a || !apm_matrix_has(&m->config, apid, apqi))
		return AP_RC_NOT_AVAILABLE;
	if (a->deconfigured)
		return AP_RC_DECONFIGURED;
	if (a->checkstopped)
		return AP_RC_CHECKSTOPPED;
	return AP_RC_NORMAL;
}

static __u32 queue_status(const struct ap_machine_queue *q)
{
	return AP_STATUS_EMPTY | (q->irq ? AP_STATUS_IRQ : 0);
}

/**
 * ap_machine_tapq() - PQAP(TAPQ)
 * @m: the machine
 * @apid: adapter
 * @apqi: domain
 * @now: time
 * @gr2: type, facilities and depth, for a queue that exists; may be NULL
 *
 * Return: the status word (GR1).
 */
__u32 ap_machine_tapq(struct ap_machine *m, unsigned int apid, unsigned int apqi, __u64 now,
		      __u64 *gr2)
{
	struct ap_machine_queue *q;
	__u32 rc = access_rc(m, apid, apqi);

	if (gr2)
		*gr2 = rc == AP_RC_NOT_AVAILABLE ? 0 : adapter_info(m, m->adapter[apid]);
	if (rc)
		return AP_STATUS(rc);
	q = &m->adapter[apid]->queue[apqi];
	if (q->reset_done > now)
		return AP_STATUS(AP_RC_RESET_IN_PROGRESS) | queue_status(q);
	if (q->reset_done) {
		q->reset_done = 0;
		apm_mask_clear(&m->dirty[apid], apqi);
	}
	return queue_status(q);
}

/**
 * ap_machine_zapq() - PQAP(ZAPQ)
 * @m: the machine
 * @apid: adapter
 * @apqi: domain
 * @now: time
 *
 * Return: the status word (GR1). A reset that is under way refuses another one.
 */
__u32 ap_machine_zapq(struct ap_machine *m, unsigned int apid, unsigned int apqi, __u64 now)
{
	struct ap_machine_queue *q;
	__u32 rc = access_rc(m, apid, apqi);

	if (rc)
		return AP_STATUS(rc);
	q = &m->adapter[apid]->queue[apqi];
	if (q->reset_done > now)
		return AP_STATUS(AP_RC_RESET_IN_PROGRESS) | queue_status(q);
	q->reset_done = now + m->reset_ns;
	q->irq = false;
	return queue_status(q);
}

/**
 * ap_machine_configure() - take an adapter offline or bring it back
 * @m: the machine
 * @apid: an adapter of the machine
 * @on: configured or not
 *
 * Deconfiguring resets its queues (Linux, vfio_ap_ops.c, on response code 03).
 */
void ap_machine_configure(struct ap_machine *m, unsigned int apid, bool on)
{
	struct ap_machine_adapter *a = m->adapter[apid];

	if (!on && !a->deconfigured) {
		memset(a->queue, 0, sizeof(a->queue));
		m->dirty[apid] = APM_MASK_NONE;
	}
	a->deconfigured = !on;
	/* The queues of a guest are in its hands again. */
	if (on)
		m->dirty[apid] = apm_mask_or(&m->dirty[apid], &m->passed[apid]);
}

/**
 * ap_machine_touch() - the host uses a queue
 * @m: the machine
 * @apid: adapter
 * @apqi: domain
 *
 * From now on it needs a reset before a guest may have it.
 */
void ap_machine_touch(struct ap_machine *m, unsigned int apid, unsigned int apqi)
{
	apm_mask_set(&m->dirty[apid], apqi);
}

static void note_breach(struct ap_breach *b, unsigned int apid, const struct ap_mask *bad,
			bool shared)
{
	if (apm_mask_empty(bad))
		return;
	if (!b->count) {
		b->apid = apid;
		b->apqi = apm_mask_next(bad, 0);
		b->shared = shared;
	}
	b->count += apm_mask_weight(bad);
}

/**
 * ap_machine_commit() - a guest's APCB changes
 * @m: the machine
 * @old: what the guest had
 * @new: what it has from now on
 *
 * A queue that leaves a guest needs a reset, unless its adapter is deconfigured:
 * nobody can use it then, and deconfiguring reset it.
 *
 * Return: which of the queues that it gained it must not have: those of another
 * guest, and those not reset since their last user.
 */
struct ap_breach ap_machine_commit(struct ap_machine *m, const struct ap_matrix *old,
				   const struct ap_matrix *new)
{
	struct ap_mask left, gained, bad;
	struct ap_breach b = { .count = 0 };
	unsigned int apid;

	for (apid = 0; apid < AP_IDS; apid++) {
		left = apm_matrix_left(old, new, apid);
		m->passed[apid] = apm_mask_andnot(&m->passed[apid], &left);
		if (!m->adapter[apid] || !m->adapter[apid]->deconfigured)
			m->dirty[apid] = apm_mask_or(&m->dirty[apid], &left);
		gained = apm_matrix_left(new, old, apid);
		bad = apm_mask_and(&gained, &m->passed[apid]);
		note_breach(&b, apid, &bad, true);
		bad = apm_mask_and(&gained, &m->dirty[apid]);
		note_breach(&b, apid, &bad, false);
		m->passed[apid] = apm_mask_or(&m->passed[apid], &gained);
	}
	return b;
}
