// SPDX-License-Identifier: GPL-2.0-only
/*
 * The attribute `filtered`: why what is assigned is not passed, a line each (docs/sysfs.md).
 */
#include <linux/seq_buf.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "vfio_ap.h"

/* What the reasons are made of: text takes time, and nobody is to wait for it under apv.lock. */
struct snapshot {
	struct ap_device state;
	struct ap_queues queues;
};

static struct snapshot *take_snapshot(const struct ap_mdev *m)
{
	struct snapshot *shot = kvmalloc(sizeof(*shot), GFP_KERNEL);

	if (!shot)
		return NULL;
	guard(mutex)(&apv.lock);
	shot->state = m->state;
	shot->queues = apv.queues;
	return shot;
}

static void list_absent(struct seq_buf *s, const struct ap_matrix *absent)
{
	unsigned int id;

	apm_mask_for_each(id, &absent->apm)
		seq_buf_printf(s, "adapter %02x: not in the host's configuration\n", id);
	apm_mask_for_each(id, &absent->aqm)
		seq_buf_printf(s, "domain %04x: not in the host's configuration\n", id);
	apm_mask_for_each(id, &absent->adm)
		seq_buf_printf(s, "control domain %04x: not in the host's configuration\n", id);
}

/*
 * What a list of reasons goes through: the text, the state, and the ids for which no queue is to blame, not any
 * more: they come with the next step.
 */
struct reasons {
	struct seq_buf *text;
	const struct snapshot *shot;
	struct ap_matrix next;
};

static void list_unbound(struct reasons *r, const struct ap_mask *domains)
{
	struct ap_mask missing;
	unsigned int apid;

	apm_mask_for_each(apid, &r->shot->state.filtered.unbound) {
		missing = apm_mask_andnot(domains, &r->shot->queues.bound[apid]);
		/* Bound meanwhile, by a scan that has not ended. */
		if (apm_mask_empty(&missing))
			apm_mask_set(&r->next.apm, apid);
		else
			seq_buf_printf(r->text,
				       "adapter %02x: queue %02x.%04x is not bound to vfio_ap\n",
				       apid, apid, apm_mask_next(&missing, 0));
	}
}

/* Why a queue is not clean: its reset is still under way, or was given up. */
static const char *unclean_reason(const struct ap_queues *queues, unsigned int apid,
				  unsigned int apqi)
{
	if (apm_mask_test(&queues->resetting[apid], apqi))
		return "reset in progress";
	return "reset failed";
}

/* The queues of an adapter that hold back the adapter, or their domains. */
static struct ap_mask to_blame(const struct snapshot *shot, unsigned int apid,
			       const struct ap_mask *domains)
{
	const struct ap_filtered *f = &shot->state.filtered;
	struct ap_mask unclean = apm_mask_andnot(domains, &shot->queues.clean[apid]);

	if (apm_mask_test(&f->unclean_apm, apid))
		return unclean;
	return apm_mask_and(&unclean, &f->unclean_aqm);
}

static void list_unclean(struct reasons *r, const struct ap_mask *adapters,
			 const struct ap_mask *domains)
{
	const struct ap_filtered *f = &r->shot->state.filtered;
	struct ap_matrix told = APM_MATRIX_NONE;
	struct ap_mask unclean;
	unsigned int apid, apqi;

	apm_mask_for_each(apid, adapters) {
		unclean = to_blame(r->shot, apid, domains);
		if (!apm_mask_empty(&unclean))
			apm_mask_set(&told.apm, apid);
		told.aqm = apm_mask_or(&told.aqm, &unclean);
		apm_mask_for_each(apqi, &unclean)
			seq_buf_printf(r->text, "queue %02x.%04x: %s\n", apid, apqi,
				       unclean_reason(&r->shot->queues, apid, apqi));
	}
	/* Seen clean meanwhile, and not filtered anew yet. */
	unclean = apm_mask_andnot(&f->unclean_apm, &told.apm);
	r->next.apm = apm_mask_or(&r->next.apm, &unclean);
	unclean = apm_mask_andnot(&f->unclean_aqm, &told.aqm);
	r->next.aqm = apm_mask_or(&r->next.aqm, &unclean);
}

/* Clean themselves, but of the same change as others that are not. */
static void list_next(const struct reasons *r)
{
	unsigned int id;

	apm_mask_for_each(id, &r->next.apm)
		seq_buf_printf(r->text, "adapter %02x: waits for other queues of the same change\n",
			       id);
	apm_mask_for_each(id, &r->next.aqm)
		seq_buf_printf(r->text, "domain %04x: waits for other queues of the same change\n",
			       id);
	apm_mask_for_each(id, &r->next.adm)
		seq_buf_printf(r->text,
			       "control domain %04x: waits for queues of the same change\n", id);
}

static void list_filtered(struct seq_buf *s, const struct snapshot *shot)
{
	const struct ap_filtered *f = &shot->state.filtered;
	struct ap_mask adapters = apm_mask_or(&f->shadow.apm, &f->unclean_apm);
	struct ap_mask domains = apm_mask_or(&f->shadow.aqm, &f->unclean_aqm);
	struct reasons r = {
		.text = s,
		.shot = shot,
		.next = apm_matrix_andnot(&f->shadow, &shot->state.shadow),
	};

	list_absent(s, &f->absent);
	list_unbound(&r, &domains);
	list_unclean(&r, &adapters, &domains);
	list_next(&r);
}

/* The text, in a buffer that grows until it holds all of it; NULL without memory. */
static char *filtered_text(const struct snapshot *shot, size_t *len)
{
	size_t size = PAGE_SIZE;
	struct seq_buf s;
	char *text;

	for (;; size *= 4) {
		text = kvmalloc(size, GFP_KERNEL);
		if (!text)
			return NULL;
		seq_buf_init(&s, text, size);
		list_filtered(&s, shot);
		if (!seq_buf_has_overflowed(&s))
			break;
		kvfree(text);
	}
	*len = seq_buf_used(&s);
	return text;
}

static void forget(struct ap_listing *l)
{
	kvfree(l->text);
	l->text = NULL;
	l->reader = NULL;
}

static int begin(struct ap_mdev *m, const struct file *reader)
{
	struct snapshot *shot __free(kvfree) = take_snapshot(m);
	struct ap_listing *l = &m->reasons;

	forget(l);
	l->text = shot ? filtered_text(shot, &l->len) : NULL;
	if (!l->text)
		return -ENOMEM;
	l->reader = reader;
	return 0;
}

/**
 * apv_filtered_read() - a part of the listing of reasons
 * @m: the device
 * @reader: who reads
 * @buf: receives the text
 * @off: first character wanted
 * @count: characters wanted
 *
 * Linux asks for a page at a time. A reader gets all of it as things were when it began, as long as
 * no other begins meanwhile; then it goes on in the present text.
 *
 * Context: no lock held.
 *
 * Return: characters written; -ENOMEM.
 */
ssize_t apv_filtered_read(struct ap_mdev *m, const struct file *reader, char *buf, loff_t off,
			  size_t count)
{
	struct ap_listing *l = &m->reasons;
	ssize_t n;

	guard(mutex)(&l->lock);
	if ((!off || l->reader != reader) && begin(m, reader))
		return -ENOMEM;
	if (!l->text)
		return 0;
	n = memory_read_from_buffer(buf, count, &off, l->text, l->len);
	/* The reader will ask once more, and be told that there is no more. */
	if (off >= l->len) {
		kvfree(l->text);
		l->text = NULL;
	}
	return n;
}

void apv_filtered_init(struct ap_mdev *m)
{
	mutex_init(&m->reasons.lock);
}

/* The device is going: nobody reads any more. */
void apv_filtered_stop(struct ap_mdev *m)
{
	forget(&m->reasons);
}
