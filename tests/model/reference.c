// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The reference model: what docs/matrix.md says, in the plainest way. It shares nothing
 * with core/: sets are arrays of booleans, and every rule is a question about single
 * adapters, domains and queues.
 */
#include <errno.h>
#include <string.h>
#include "world.h"

/* @guest: the effective matrix that is shown; @has: what an open guest has in fact */
struct device {
	struct sets assigned, guest, has, staged;
	bool has_staged, open, patient;
	struct device_view seen;
};

static struct {
	struct device device[DEVICES];
	struct sets host, next_host;
	bool scanning;
	enum reset queue[IDS][IDS];
} world;

static void start(void)
{
	memset(&world, 0, sizeof(world));
	memset(&world.host, true, sizeof(world.host));
}

static bool has_queue(const struct sets *s, int a, int d)
{
	return s->in[ADAPTER][a] && s->in[DOMAIN][d];
}

static bool present(const struct device *dev, int kind, int id)
{
	return dev->assigned.in[kind][id] && world.host.in[kind][id];
}

/* An adapter is out when any queue it would have is not bound. */
static bool is_unbound(const struct device *dev, int a)
{
	int d;

	for (d = 0; d < IDS; d++)
		if (present(dev, DOMAIN, d) && world.queue[a][d] == UNBOUND)
			return present(dev, ADAPTER, a);
	return false;
}

static bool usable(const struct device *dev, int a)
{
	return present(dev, ADAPTER, a) && !is_unbound(dev, a);
}

/* A new domain waits when an adapter that the guest keeps has an unclean queue there. */
static bool domain_withheld(const struct device *dev, int d)
{
	int a;

	if (!present(dev, DOMAIN, d) || dev->has.in[DOMAIN][d])
		return false;
	for (a = 0; a < IDS; a++)
		if (usable(dev, a) && dev->has.in[ADAPTER][a] && world.queue[a][d] != CLEAN)
			return true;
	return false;
}

/* A new adapter waits when it has an unclean queue in a domain that is passed. */
static bool adapter_withheld(const struct device *dev, int a)
{
	int d;

	if (!usable(dev, a) || dev->has.in[ADAPTER][a])
		return false;
	for (d = 0; d < IDS; d++)
		if (present(dev, DOMAIN, d) && !domain_withheld(dev, d) &&
		    world.queue[a][d] != CLEAN)
			return true;
	return false;
}

static bool any_reset_awaited(const struct device *dev)
{
	int a, d;

	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			if (usable(dev, a) && present(dev, DOMAIN, d) &&
			    world.queue[a][d] == RESETTING)
				return true;
	return false;
}

/* What the guest is to have, and the reasons for what it has not. */
static struct sets judge(struct device *dev)
{
	struct device_view *v = &dev->seen;
	bool withheld = false;
	struct sets next;
	int kind, id;

	for (id = 0; id < IDS; id++) {
		for (kind = 0; kind < KINDS; kind++)
			v->absent.in[kind][id] = dev->assigned.in[kind][id] &&
						 !world.host.in[kind][id];
		v->unbound[id] = is_unbound(dev, id);
		v->unclean_domain[id] = domain_withheld(dev, id);
		v->unclean_adapter[id] = adapter_withheld(dev, id);
		withheld |= v->unclean_domain[id] || v->unclean_adapter[id];
		next.in[ADAPTER][id] = usable(dev, id) && !v->unclean_adapter[id];
		next.in[DOMAIN][id] = present(dev, DOMAIN, id) && !v->unclean_domain[id];
		next.in[CONTROL][id] = present(dev, CONTROL, id);
	}
	v->waiting = withheld && any_reset_awaited(dev);
	for (kind = 0; v->waiting && dev->patient && dev->open && kind < KINDS; kind++)
		for (id = 0; id < IDS; id++)
			next.in[kind][id] &= dev->has.in[kind][id];
	return next;
}

/* A bound queue that a guest has no more is reset. */
static void give(struct device *dev, const struct sets *next)
{
	int a, d;

	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			if (has_queue(&dev->has, a, d) && !has_queue(next, a, d) &&
			    world.queue[a][d] != UNBOUND)
				world.queue[a][d] = RESETTING;
	dev->has = *next;
}

static void pass(struct device *dev, const struct sets *next)
{
	if (dev->open)
		give(dev, next);
	if (!memcmp(&dev->guest, next, sizeof(*next)))
		return;
	dev->guest = *next;
	dev->seen.transitions++;
}

static void refilter(struct device *dev)
{
	struct sets next = judge(dev);

	pass(dev, &next);
}

static void refilter_anew(struct device *dev)
{
	dev->patient = true;
	refilter(dev);
}

static bool share_queue(const struct sets *x, const struct sets *y)
{
	int a, d;

	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			if (has_queue(x, a, d) && has_queue(y, a, d))
				return true;
	return false;
}

static int assign(struct device *dev, const struct sets *new)
{
	int i;

	if (!memcmp(&dev->assigned, new, sizeof(*new)))
		return 0;
	for (i = 0; i < DEVICES; i++)
		if (&world.device[i] != dev && share_queue(&world.device[i].assigned, new))
			return -EADDRINUSE;
	dev->assigned = *new;
	refilter_anew(dev);
	return 0;
}

static int assign_one(struct device *dev, const struct op *op, bool on)
{
	struct sets new = dev->assigned;

	new.in[op->set][op->id] = on;
	return assign(dev, &new);
}

static bool taking_part(const struct op *op, int i)
{
	return (op->devices >> i & 1) && world.device[i].has_staged;
}

/* Queues that a guest is to lose are unclean for everybody from now on. */
static void begin_losses(struct device *dev)
{
	int a, d;

	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			if (has_queue(&dev->has, a, d) && !has_queue(&dev->assigned, a, d) &&
			    world.queue[a][d] != UNBOUND)
				world.queue[a][d] = RESETTING;
}

/* All or nothing, judged by the final state. */
static int commit(const struct op *op)
{
	struct sets final[DEVICES];
	struct device *dev;
	int i, j;

	for (i = 0; i < DEVICES; i++) {
		dev = &world.device[i];
		final[i] = taking_part(op, i) ? dev->staged : dev->assigned;
		for (j = 0; j < i; j++)
			if (share_queue(&final[i], &final[j]))
				return -EADDRINUSE;
	}
	for (i = 0; i < DEVICES; i++) {
		world.device[i].assigned = final[i];
		begin_losses(&world.device[i]);
	}
	for (i = 0; i < DEVICES; i++) {
		dev = &world.device[i];
		if (!taking_part(op, i))
			continue;
		dev->has_staged = false;
		refilter_anew(dev);
	}
	return 0;
}

static int guest_opens(struct device *dev)
{
	if (dev->open)
		return -EBUSY;
	dev->open = true;
	refilter_anew(dev);
	return 0;
}

static int guest_closes(struct device *dev)
{
	const struct sets none = { 0 };

	if (!dev->open)
		return -EBUSY;
	give(dev, &none);
	dev->open = false;
	refilter_anew(dev);
	return 0;
}

/* During a scan what the new configuration brings or takes waits for its end. */
static void tell_owner(int a, int d)
{
	int i;

	for (i = 0; i < DEVICES && (!world.scanning || has_queue(&world.host, a, d)); i++)
		if (has_queue(&world.device[i].assigned, a, d))
			refilter_anew(&world.device[i]);
}

static int queue_becomes(const struct op *op, bool wrong, enum reset state)
{
	if (wrong)
		return -EBUSY;
	world.queue[op->id][op->domain] = state;
	tell_owner(op->id, op->domain);
	return 0;
}

static int reset_over(const struct op *op, enum reset state)
{
	int i;

	if (world.queue[op->id][op->domain] != RESETTING)
		return -EBUSY;
	world.queue[op->id][op->domain] = state;
	for (i = 0; i < DEVICES; i++)
		if (world.device[i].seen.waiting)
			refilter(&world.device[i]);
	return 0;
}

static int patience_ends(struct device *dev)
{
	dev->patient = false;
	if (dev->seen.waiting)
		refilter(dev);
	return 0;
}

/* Until the scan is complete: only what was there before and is there after. */
static int host_changes(const struct op *op)
{
	int kind, id;

	world.scanning = true;
	world.next_host = op->sets;
	for (kind = 0; kind < KINDS; kind++)
		for (id = 0; id < IDS; id++)
			world.host.in[kind][id] &= op->sets.in[kind][id];
	return 0;
}

static int scan_ends(void)
{
	int i, a, d;

	if (world.scanning)
		world.host = world.next_host;
	world.scanning = false;
	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			if (world.queue[a][d] == FAILED)
				world.queue[a][d] = RESETTING;
	for (i = 0; i < DEVICES; i++)
		refilter_anew(&world.device[i]);
	return 0;
}

static int stage(struct device *dev, const struct op *op)
{
	dev->staged = op->sets;
	dev->has_staged = true;
	return 0;
}

static int apply_to_queue(const struct op *op)
{
	bool bound = world.queue[op->id][op->domain] != UNBOUND;

	switch (op->kind) {
	case OP_BIND:
		return queue_becomes(op, bound, RESETTING);
	case OP_UNBIND:
		return queue_becomes(op, !bound, UNBOUND);
	case OP_RESET_ENDS:
		return reset_over(op, CLEAN);
	case OP_RESET_FAILS:
		return reset_over(op, FAILED);
	case OP_HOST_CHANGES:
		return host_changes(op);
	case OP_SCAN_ENDS:
		return scan_ends();
	default:
		return 0;
	}
}

static int apply(const struct op *op)
{
	struct device *dev = &world.device[op->device];

	switch (op->kind) {
	case OP_ASSIGN:
		return assign_one(dev, op, true);
	case OP_UNASSIGN:
		return assign_one(dev, op, false);
	case OP_CONFIG:
		return assign(dev, &op->sets);
	case OP_STAGE:
		return stage(dev, op);
	case OP_COMMIT:
		return commit(op);
	case OP_OPEN:
		return guest_opens(dev);
	case OP_CLOSE:
		return guest_closes(dev);
	case OP_PATIENCE_ENDS:
		return patience_ends(dev);
	default:
		return apply_to_queue(op);
	}
}

static void look(struct view *v)
{
	int i, a, d;

	for (i = 0; i < DEVICES; i++) {
		v->device[i] = world.device[i].seen;
		v->device[i].assigned = world.device[i].assigned;
		v->device[i].guest = world.device[i].guest;
	}
	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			v->queue[a][d] = world.queue[a][d];
}

static bool can(enum op_kind kind)
{
	return kind < OP_KINDS;
}

const struct backend reference = { "reference", start, apply, look, can };
