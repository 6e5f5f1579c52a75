// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * core/, used as vfio_ap.ko uses it (ap_assign.c, ap_guest.c, ap_quarantine.c,
 * ap_queue_drv.c): the same calls in the same order, without hardware and time.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "ap_device.h"
#include "ap_text.h"
#include "world.h"

struct mdev {
	struct ap_device state;
	struct ap_matrix apcb, staged;
	bool has_staged, open, patient, in_scan;
	unsigned int generation, born;
};

static struct {
	struct mdev mdev[DEVICES];
	struct ap_matrix host, next_host, perms;
	struct ap_queues queues;
	unsigned int born;
	bool scanning;
} apv;

static const struct ap_limits max = { LIMIT, LIMIT, LIMIT };

static struct ap_mask mask_of(const bool *in)
{
	struct ap_mask m = APM_MASK_NONE;
	int i;

	for (i = 0; i < IDS; i++)
		apm_mask_assign(&m, real_id[i], in[i]);
	return m;
}

static struct ap_matrix matrix_of(const struct sets *s)
{
	return (struct ap_matrix){ mask_of(s->in[ADAPTER]), mask_of(s->in[DOMAIN]),
				   mask_of(s->in[CONTROL]) };
}

static void start(void)
{
	struct sets all;

	memset(&all, true, sizeof(all));
	memset(&apv, 0, sizeof(apv));
	apv.host = matrix_of(&all);
	for (; apv.born < DEVICES; apv.born++)
		apv.mdev[apv.born].born = apv.born;
}

static void quarantine(unsigned int apid, unsigned int apqi)
{
	if (!apm_mask_test(&apv.queues.bound[apid], apqi))
		return;
	apm_mask_clear(&apv.queues.clean[apid], apqi);
	apm_mask_set(&apv.queues.resetting[apid], apqi);
}

static void quarantine_left(const struct ap_matrix *from, const struct ap_matrix *to)
{
	unsigned int apid, apqi;
	struct ap_mask left;

	apm_mask_for_each(apid, &from->apm) {
		left = apm_matrix_left(from, to, apid);
		apm_mask_for_each(apqi, &left)
			quarantine(apid, apqi);
	}
}

/* What the guest has in fact: empty while the device is not open. */
static void give(struct mdev *m, const struct ap_matrix *next)
{
	struct ap_matrix old = m->apcb;

	if (!m->open || apm_matrix_equal(&old, next))
		return;
	m->apcb = *next;
	quarantine_left(&old, next);
}

static void refilter(struct mdev *m)
{
	struct ap_matrix shown = m->state.shadow, next;

	if (!m->patient)
		m->state.newcomers = APM_MATRIX_NONE;
	m->state.shadow = m->apcb;
	next = apm_device_next(&m->state, &apv.host, &apv.queues);
	if (!m->state.pending)
		m->state.newcomers = APM_MATRIX_NONE;
	give(m, &next);
	m->state.shadow = next;
	if (!apm_matrix_equal(&shown, &next))
		m->generation++;
}

static void expect(struct mdev *m, const struct ap_matrix *from, const struct ap_matrix *to)
{
	struct ap_matrix more = apm_matrix_andnot(to, from);

	if (!m->open)
		return;
	if (!m->state.pending || !m->patient)
		m->state.newcomers = APM_MATRIX_NONE;
	m->patient = true;
	m->state.newcomers = apm_matrix_or(&m->state.newcomers, &more);
}

static int assign(struct mdev *m, const struct ap_matrix *new)
{
	struct ap_matrix old = m->state.assigned;
	int i;

	if (apm_matrix_equal(new, &old))
		return 0;
	if (apm_matrix_conflict(&apv.perms, new, NULL))
		return -EADDRNOTAVAIL;
	for (i = 0; i < DEVICES; i++)
		if (m != &apv.mdev[i] &&
		    apm_matrix_conflict(&apv.mdev[i].state.assigned, new, NULL))
			return -EADDRINUSE;
	m->state.assigned = *new;
	expect(m, &old, new);
	refilter(m);
	return 0;
}

/* As a write to assign_… or unassign_… does: the id as text. */
static int assign_one(struct mdev *m, const struct op *op, bool on)
{
	struct ap_matrix new = m->state.assigned;
	struct ap_mask *mask = op->set == ADAPTER  ? &new.apm
			       : op->set == DOMAIN ? &new.aqm
						   : &new.adm;
	unsigned int id;
	char text[16];

	snprintf(text, sizeof(text), op->device & 1 ? "0x%x\n" : "%u", real_id[op->id]);
	if (apm_text_id(text, LIMIT, &id))
		trouble("\"%s\" is no id", text);
	apm_mask_assign(mask, id, on);
	return assign(m, &new);
}

/* As a write to ap_config does, through its text. */
static struct ap_matrix through_text(const struct sets *s)
{
	struct ap_matrix m = matrix_of(s), back;
	char text[AP_CONFIG_TEXT + 1];

	apm_text_put_config(&m, text);
	text[AP_CONFIG_TEXT] = '\0';
	if (apm_text_config(text, &back))
		trouble("what was written is not read: %s", text);
	return back;
}

static bool all_of(const struct op *op)
{
	return op->devices == (1 << DEVICES) - 1;
}

static bool taking_part(const struct op *op, int i)
{
	return (op->devices >> i & 1) && apv.mdev[i].has_staged;
}

static void begin_losses(struct mdev *m)
{
	struct ap_matrix keeps = apm_matrix_and(&m->apcb, &m->state.assigned);

	quarantine_left(&m->apcb, &keeps);
}

/* As the list of devices is, or in the order that is written. */
static int next_in_turn(const struct op *op, int last)
{
	int i, found = -1;

	if (!all_of(op))
		return last + 1 < DEVICES ? last + 1 : -1;
	for (i = 0; i < DEVICES; i++)
		if ((last < 0 || apv.mdev[i].born > apv.mdev[last].born) &&
		    (found < 0 || apv.mdev[i].born < apv.mdev[found].born))
			found = i;
	return found;
}

static int validate(const struct op *op)
{
	struct ap_claims claims = { 0 };
	unsigned int apid, apqi;
	int i;

	for (i = 0; i < DEVICES; i++)
		if (!taking_part(op, i) &&
		    !apm_claims_add(&claims, &apv.mdev[i].state.assigned, &apid, &apqi))
			trouble("two devices have the queue %02x.%04x", apid, apqi);
	for (i = next_in_turn(op, -1); i >= 0; i = next_in_turn(op, i)) {
		if (!taking_part(op, i))
			continue;
		if (apm_matrix_conflict(&apv.perms, &apv.mdev[i].staged, NULL))
			return -EADDRNOTAVAIL;
		if (!apm_claims_add(&claims, &apv.mdev[i].staged, &apid, &apqi))
			return -EADDRINUSE;
	}
	return 0;
}

static int commit(const struct op *op)
{
	struct ap_matrix old[DEVICES];
	struct mdev *m;
	int i, rc;

	if (!op->devices)
		return -EINVAL;
	for (i = 0; i < DEVICES && !all_of(op); i++)
		if ((op->devices >> i & 1) && !apv.mdev[i].has_staged)
			return -ENODATA;
	rc = validate(op);
	if (rc)
		return rc;
	for (i = 0; i < DEVICES; i++) {
		m = &apv.mdev[i];
		old[i] = m->state.assigned;
		if (taking_part(op, i))
			m->state.assigned = m->staged;
		begin_losses(m);
	}
	for (i = 0; i < DEVICES; i++) {
		m = &apv.mdev[i];
		if (!taking_part(op, i))
			continue;
		m->has_staged = false;
		expect(m, &old[i], &m->state.assigned);
		refilter(m);
	}
	return 0;
}

static int guest_opens(struct mdev *m)
{
	const struct ap_matrix none = APM_MATRIX_NONE;

	if (m->open)
		return -EBUSY;
	m->open = true;
	expect(m, &none, &m->state.assigned);
	refilter(m);
	return 0;
}

static int guest_closes(struct mdev *m)
{
	const struct ap_matrix none = APM_MATRIX_NONE;

	if (!m->open)
		return -EBUSY;
	give(m, &none);
	m->open = false;
	m->state.newcomers = none;
	refilter(m);
	return 0;
}

static struct mdev *concerned(unsigned int apid, unsigned int apqi)
{
	int i;

	if (apv.scanning && !apm_matrix_has(&apv.host, apid, apqi))
		return NULL;
	for (i = 0; i < DEVICES; i++)
		if (apm_matrix_has(&apv.mdev[i].state.assigned, apid, apqi))
			return &apv.mdev[i];
	return NULL;
}

static void queue_comes(unsigned int apid, unsigned int apqi)
{
	struct mdev *m = concerned(apid, apqi);
	struct ap_matrix before;

	quarantine(apid, apqi);
	if (!m)
		return;
	before = m->state.assigned;
	if (apm_mask_test(&m->state.shadow.apm, apid))
		apm_mask_clear(&before.aqm, apqi);
	else
		apm_mask_clear(&before.apm, apid);
	expect(m, &before, &m->state.assigned);
	refilter(m);
}

static int bind(unsigned int apid, unsigned int apqi)
{
	if (apm_mask_test(&apv.queues.bound[apid], apqi))
		return -EBUSY;
	apm_mask_set(&apv.queues.bound[apid], apqi);
	queue_comes(apid, apqi);
	return 0;
}

static int unbind(unsigned int apid, unsigned int apqi)
{
	struct mdev *m = concerned(apid, apqi);

	if (!apm_mask_test(&apv.queues.bound[apid], apqi))
		return -EBUSY;
	apm_mask_clear(&apv.queues.bound[apid], apqi);
	apm_mask_clear(&apv.queues.clean[apid], apqi);
	apm_mask_clear(&apv.queues.resetting[apid], apqi);
	if (m)
		refilter(m);
	return 0;
}

static int reset_over(unsigned int apid, unsigned int apqi, bool well)
{
	int i;

	if (!apm_mask_test(&apv.queues.resetting[apid], apqi))
		return -EBUSY;
	apm_mask_clear(&apv.queues.resetting[apid], apqi);
	apm_mask_assign(&apv.queues.clean[apid], apqi, well);
	for (i = 0; i < DEVICES; i++)
		if (apv.mdev[i].state.waiting && !apv.mdev[i].in_scan)
			refilter(&apv.mdev[i]);
	return 0;
}

static int give_up(void)
{
	int i;

	memset(apv.queues.resetting, 0, sizeof(apv.queues.resetting));
	for (i = 0; i < DEVICES; i++)
		if (apv.mdev[i].state.waiting && !apv.mdev[i].in_scan)
			refilter(&apv.mdev[i]);
	return 0;
}

static int retry(unsigned int apid, unsigned int apqi)
{
	if (!apm_mask_test(&apv.queues.bound[apid], apqi))
		return -ENOENT;
	if (apm_mask_test(&apv.queues.clean[apid], apqi))
		return -EINVAL;
	if (apm_mask_test(&apv.queues.resetting[apid], apqi))
		return 0;
	queue_comes(apid, apqi);
	return 0;
}

static int mask(const struct op *op)
{
	struct ap_matrix new = apv.perms;
	int i;

	apm_mask_assign(op->set % 2 ? &new.aqm : &new.apm, real_id[op->id], op->on);
	for (i = 0; i < DEVICES; i++)
		if (apm_matrix_conflict(&apv.mdev[i].state.assigned, &new, NULL))
			return -EBUSY;
	apv.perms = new;
	return 0;
}

static bool concerns(const struct mdev *m, const struct ap_matrix *now)
{
	struct ap_matrix before = apm_matrix_and(&m->state.assigned, &apv.host);
	struct ap_matrix after = apm_matrix_and(&m->state.assigned, now);

	return !apm_matrix_equal(&before, &after);
}

static int host_changes(const struct op *op)
{
	int i;

	apv.scanning = true;
	apv.next_host = matrix_of(&op->sets);
	for (i = 0; i < DEVICES; i++)
		apv.mdev[i].in_scan |= concerns(&apv.mdev[i], &apv.next_host);
	apv.host = apm_matrix_and(&apv.host, &apv.next_host);
	return 0;
}

static void arrive(struct mdev *m, const struct ap_matrix *now)
{
	struct ap_matrix before = apm_matrix_and(&m->state.assigned, &apv.host);
	struct ap_matrix after = apm_matrix_and(&m->state.assigned, now);

	m->in_scan = false;
	if (!apm_matrix_equal(&before, &after))
		expect(m, &before, &after);
}

static int scan_ends(void)
{
	struct ap_mask failed;
	unsigned int i, apqi;

	if (!apv.scanning)
		apv.next_host = apv.host;
	apv.scanning = false;
	for (i = 0; i < DEVICES; i++)
		arrive(&apv.mdev[i], &apv.next_host);
	apv.host = apv.next_host;
	for (i = 0; i < AP_IDS; i++) {
		failed = apm_mask_andnot(&apv.queues.bound[i], &apv.queues.clean[i]);
		apm_mask_for_each(apqi, &failed)
			quarantine(i, apqi);
	}
	for (i = 0; i < DEVICES; i++)
		refilter(&apv.mdev[i]);
	return 0;
}

static int patience_ends(struct mdev *m)
{
	m->patient = false;
	if (m->state.waiting && !m->in_scan)
		refilter(m);
	return 0;
}

static int stage(struct mdev *m, const struct op *op)
{
	m->staged = through_text(&op->sets);
	m->has_staged = op->kind == OP_STAGE;
	return 0;
}

static int recreate(struct mdev *m)
{
	if (m->open)
		return -EBUSY;
	*m = (struct mdev){ .born = apv.born++ };
	return 0;
}

/* As the attributes do: the text, then the limits. */
static int parse_nonsense(const struct nonsense *what)
{
	struct ap_matrix m;
	unsigned int id;
	int rc;

	if (!what->config)
		return apm_text_id(what->text, LIMIT, &id);
	rc = apm_text_config(what->text, &m);
	return rc ? rc : apm_matrix_overflow(&m, &max) ? -ENODEV : 0;
}

/* The listing that a plain loop gives; -EIO when the real one is another. */
static int texts(const struct ap_matrix *m)
{
	char want[IDS * IDS * 8 + 1] = "", got[sizeof(want)];
	size_t len, size = 0, part = 5;
	int a, d;

	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			if (apm_matrix_has(m, real_id[a], real_id[d]))
				size += sprintf(want + size, "%02x.%04x\n", real_id[a], real_id[d]);
	if (!size)
		return 0;
	if (apm_text_matrix_size(m) != size)
		return -EIO;
	for (len = 0; len < size; len += part)
		apm_text_matrix(m, len, got + len, part < size - len ? part : size - len);
	return memcmp(want, got, size) ? -EIO : 0;
}

static int apply_to_queue(const struct op *op)
{
	unsigned int apid = real_id[op->id], apqi = real_id[op->domain];

	switch (op->kind) {
	case OP_BIND:
		return bind(apid, apqi);
	case OP_UNBIND:
		return unbind(apid, apqi);
	case OP_RESET_ENDS:
	case OP_RESET_FAILS:
		return reset_over(apid, apqi, op->kind == OP_RESET_ENDS);
	case OP_RETRY:
		return retry(apid, apqi);
	case OP_HOST_CHANGES:
		return host_changes(op);
	case OP_SCAN_ENDS:
		return scan_ends();
	default:
		return texts(&apv.mdev[op->device].state.shadow);
	}
}

static int apply(const struct op *op)
{
	struct mdev *m = &apv.mdev[op->device];
	struct ap_matrix new;

	switch (op->kind) {
	case OP_ASSIGN:
		return assign_one(m, op, true);
	case OP_UNASSIGN:
		return assign_one(m, op, false);
	case OP_CONFIG:
		new = through_text(&op->sets);
		return assign(m, &new);
	case OP_STAGE:
	case OP_DISCARD:
		return stage(m, op);
	case OP_COMMIT:
		return commit(op);
	case OP_OPEN:
		return guest_opens(m);
	case OP_CLOSE:
		return guest_closes(m);
	case OP_RECREATE:
		return recreate(m);
	case OP_GIVE_UP:
		return give_up();
	case OP_MASK:
		return mask(op);
	case OP_NONSENSE:
		return parse_nonsense(&nonsense[op->id]);
	case OP_PATIENCE_ENDS:
		return patience_ends(m);
	default:
		return apply_to_queue(op);
	}
}

/* Every bit of a mask must be one that the world knows. */
static void see(const struct ap_mask *m, bool *in)
{
	unsigned int i, known = 0;

	for (i = 0; i < IDS; i++) {
		in[i] = apm_mask_test(m, real_id[i]);
		known += in[i];
	}
	if (known != apm_mask_weight(m))
		trouble("a mask has an id that nobody has");
}

static void see_matrix(const struct ap_matrix *m, struct sets *s)
{
	see(&m->apm, s->in[ADAPTER]);
	see(&m->aqm, s->in[DOMAIN]);
	see(&m->adm, s->in[CONTROL]);
}

static void look_at_device(const struct mdev *m, struct device_view *v)
{
	see_matrix(&m->state.assigned, &v->assigned);
	see_matrix(&m->state.shadow, &v->guest);
	see_matrix(&m->state.filtered.absent, &v->absent);
	if (m->has_staged)
		see_matrix(&m->staged, &v->staged);
	v->has_staged = m->has_staged;
	see(&m->state.filtered.unclean_apm, v->unclean_adapter);
	see(&m->state.filtered.unclean_aqm, v->unclean_domain);
	v->waiting = m->state.waiting;
	v->transitions = m->generation;
}

static void look(struct view *v)
{
	int i, a, d;

	for (i = 0; i < DEVICES; i++)
		look_at_device(&apv.mdev[i], &v->device[i]);
	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			v->queue[a][d] =
				!apm_mask_test(&apv.queues.bound[real_id[a]], real_id[d])  ? UNBOUND
				: apm_mask_test(&apv.queues.clean[real_id[a]], real_id[d]) ? CLEAN
				: apm_mask_test(&apv.queues.resetting[real_id[a]], real_id[d])
					? RESETTING
					: FAILED;
}

/* Texts of reasons are not core's. */
static void blind(struct view *v)
{
	int i;

	for (i = 0; i < DEVICES; i++) {
		memset(&v->device[i].held, 0, sizeof(v->device[i].held));
		memset(v->device[i].unbound, 0, sizeof(v->device[i].unbound));
		memset(v->device[i].why, 0, sizeof(v->device[i].why));
	}
	memset(v->status, 0, sizeof(v->status));
}

/* Queues are mostly bound and clean. */
const struct backend subject = {
	.name = "core",
	.operations = 1000000,
	.weight = {
		[OP_ASSIGN] = 8, [OP_UNASSIGN] = 4, [OP_CONFIG] = 6, [OP_STAGE] = 6,
		[OP_DISCARD] = 1, [OP_COMMIT] = 4, [OP_NONSENSE] = 1, [OP_OPEN] = 4,
		[OP_CLOSE] = 2, [OP_RECREATE] = 1, [OP_MASK] = 1, [OP_BIND] = 24,
		[OP_UNBIND] = 2, [OP_RESET_ENDS] = 32, [OP_RESET_FAILS] = 2, [OP_RETRY] = 2,
		[OP_GIVE_UP] = 1, [OP_PATIENCE_ENDS] = 3, [OP_HOST_CHANGES] = 1,
		[OP_SCAN_ENDS] = 3, [OP_TEXTS] = 2,
	},
	.appears = OP_BIND,
	.shrink_seconds = 600,
	.start = start,
	.apply = apply,
	.look = look,
	.blind = blind,
};
