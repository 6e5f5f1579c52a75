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
 * @a: the card, owned by the caller as long as it is in the machine
 *
 * What its queues hold is not known: they count as used until they are reset.
 */
void ap_machine_plug(struct ap_machine *m, unsigned int apid, struct ap_machine_adapter *a)
{
	m->adapter[apid] = a;
	m->dirty[apid] = APM_MASK_ALL;
	m->irqs[apid] = APM_MASK_NONE;
	apm_mask_set(&m->config.apm, apid);
}

static void flush_adapter(struct ap_machine *m, unsigned int apid)
{
	unsigned int apqi;

	for (apqi = 0; apqi < AP_IDS; apqi++) {
		ap_machine_flush(m, apid << 8 | apqi);
		m->adapter[apid]->queue[apqi].reset_since = 0;
		m->adapter[apid]->queue[apqi].user = NULL;
		m->adapter[apid]->queue[apqi].irq = false;
	}
}

/**
 * ap_machine_unplug() - take a card out of the machine
 * @m: the machine
 * @apid: its adapter number
 *
 * Return: the card, the caller's again; NULL when there was none.
 */
struct ap_machine_adapter *ap_machine_unplug(struct ap_machine *m, unsigned int apid)
{
	struct ap_machine_adapter *a = m->adapter[apid];

	if (!a)
		return NULL;
	flush_adapter(m, apid);
	m->adapter[apid] = NULL;
	apm_mask_clear(&m->config.apm, apid);
	return a;
}

/* A domain that goes takes all with it that its queues held; what comes back is not clean. */
static void forget_domain(struct ap_machine *m, unsigned int apqi)
{
	unsigned int apid;

	apm_mask_for_each(apid, &m->config.apm) {
		ap_machine_flush(m, apid << 8 | apqi);
		m->adapter[apid]->queue[apqi].reset_since = 0;
		m->adapter[apid]->queue[apqi].irq = false;
		apm_mask_set(&m->dirty[apid], apqi);
	}
}

/**
 * ap_machine_domains() - the domains that the machine has from now on
 * @m: the machine
 * @usage: usage domains
 * @control: control domains
 */
void ap_machine_domains(struct ap_machine *m, const struct ap_mask *usage,
			const struct ap_mask *control)
{
	struct ap_mask gone = apm_mask_andnot(&m->config.aqm, usage);
	unsigned int apqi;

	apm_mask_for_each(apqi, &gone)
		forget_domain(m, apqi);
	m->config.aqm = *usage;
	m->config.adm = *control;
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
		flush_adapter(m, apid);
		m->dirty[apid] = APM_MASK_NONE;
	}
	a->deconfigured = !on;
	/* The queues of a guest are in its hands again. */
	if (on)
		m->dirty[apid] = apm_mask_or(&m->dirty[apid], &m->passed[apid]);
}

/**
 * ap_machine_checkstop() - break an adapter, or repair it
 * @m: the machine
 * @apid: an adapter of the machine
 * @broken: checkstopped or not
 *
 * The messages in its queues are lost. What was clean stays so, a reset that is under
 * way goes on, and all else needs one after the repair.
 */
void ap_machine_checkstop(struct ap_machine *m, unsigned int apid, bool broken)
{
	struct ap_machine_adapter *a = m->adapter[apid];
	unsigned int apqi;

	for (apqi = 0; apqi < AP_IDS && broken && !a->checkstopped; apqi++) {
		ap_machine_flush(m, apid << 8 | apqi);
		a->queue[apqi].irq = false;
	}
	a->checkstopped = broken;
}

/**
 * ap_machine_touch() - somebody uses a queue without an instruction seen here
 * @m: the machine
 * @qid: queue number
 * @user: who
 *
 * From now on it needs a reset before a guest may have it.
 */
void ap_machine_touch(struct ap_machine *m, unsigned int qid, const void *user)
{
	unsigned int apid = qid >> 8 & 0xff, apqi = qid & 0xff;

	apm_mask_set(&m->dirty[apid], apqi);
	if (m->adapter[apid])
		m->adapter[apid]->queue[apqi].user = user;
}

static void put_be32(__u8 *p, __u32 v)
{
	p[0] = v >> 24;
	p[1] = v >> 16;
	p[2] = v >> 8;
	p[3] = v;
}

static void put_mask(__u8 *p, const struct ap_mask *mask)
{
	int i;

	for (i = 0; i < AP_MASK_WORDS; i++) {
		put_be32(p + 8 * i, mask->w[i] >> 32);
		put_be32(p + 8 * i + 4, mask->w[i]);
	}
}

/**
 * ap_machine_qci() - PQAP(QCI)
 * @m: the machine
 * @by: the host sees the machine's configuration, a guest its APCB
 * @block: receives AP_QCI_SIZE bytes as the architecture has them
 *         (Linux, arch/s390/include/asm/ap.h, struct ap_config_info)
 */
void ap_machine_qci(const struct ap_machine *m, const struct ap_caller *by, __u8 *block)
{
	const struct ap_matrix *matrix = by->apcb ?: &m->config;

	memset(block, 0, AP_QCI_SIZE);
	put_be32(block, m->flags);
	block[4] = m->max.apm_max;
	block[5] = m->max.aqm_max;
	put_mask(block + 16, &matrix->apm);
	put_mask(block + 48, &matrix->aqm);
	put_mask(block + 80, &matrix->adm);
}

static void note_breach(struct ap_breach *b, unsigned int apid, const struct ap_mask *bad,
			bool shared)
{
	if (apm_mask_empty(bad))
		return;
	if (!b->count) {
		b->qid = apid << 8 | apm_mask_next(bad, 0);
		b->shared = shared;
	}
	b->count += apm_mask_weight(bad);
}

/* A queue that leaves needs a reset, unless nobody can use it: deconfiguring reset it. */
static void leave(struct ap_machine *m, unsigned int apid, const struct ap_mask *left)
{
	m->passed[apid] = apm_mask_andnot(&m->passed[apid], left);
	m->irqs[apid] = apm_mask_andnot(&m->irqs[apid], left);
	if (!m->adapter[apid] || !m->adapter[apid]->deconfigured)
		m->dirty[apid] = apm_mask_or(&m->dirty[apid], left);
}

static void gain(struct ap_machine *m, unsigned int apid, const struct ap_mask *gained,
		 struct ap_breach *b)
{
	struct ap_mask bad = apm_mask_and(gained, &m->passed[apid]);

	note_breach(b, apid, &bad, true);
	/* A domain that has gone has no queues that could be unclean; the driver is told of it soon. */
	bad = apm_mask_and(gained, &m->dirty[apid]);
	bad = apm_mask_and(&bad, &m->config.aqm);
	note_breach(b, apid, &bad, false);
	m->passed[apid] = apm_mask_or(&m->passed[apid], gained);
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
	struct ap_breach b = { .count = 0 };
	struct ap_mask left, gained;
	unsigned int apid;

	for (apid = 0; apid < AP_IDS; apid++) {
		left = apm_matrix_left(old, new, apid);
		leave(m, apid, &left);
		gained = apm_matrix_left(new, old, apid);
		gain(m, apid, &gained, &b);
	}
	m->count.commits++;
	m->count.checks++;
	m->count.breaches += b.count;
	return b;
}

/**
 * ap_machine_collect() - the messages that were thrown out since the last call
 * @m: the machine
 *
 * Return: a list, for the caller to free.
 */
struct ap_message *ap_machine_collect(struct ap_machine *m)
{
	struct ap_message *list = m->flushed;

	m->flushed = NULL;
	return list;
}

/**
 * ap_machine_orphans() - the messages that firmware need not answer any more
 * @m: the machine
 *
 * To be called before firmware can end: then each is freed by who works on it.
 *
 * Return: a list of those since the last call.
 */
struct ap_message *ap_machine_orphans(struct ap_machine *m)
{
	struct ap_message *list = m->orphans;

	m->orphans = NULL;
	return list;
}
