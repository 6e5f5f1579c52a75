// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The reference model: what docs/matrix.md says, in the plainest way. It shares nothing
 * with core/: sets are arrays of booleans, and every rule is a question about single
 * adapters, domains and queues.
 */
#include <errno.h>
#include <string.h>
#include "world.h"

/*
 * @guest: the effective matrix that is shown; @has: what an open guest has in fact; @goal: what
 * it is to have when all that is to come together has come; @fresh: ids that came lately, and come
 * together as long as it is @patient; @awaited: a queue of theirs is being reset; @in_scan: the
 * host's change, which is not complete, brings or takes some of what is assigned; @born: which was
 * made first
 */
struct device {
	struct sets assigned, guest, has, staged, goal, fresh;
	bool has_staged, open, patient, awaited, in_scan;
	unsigned int born;
	struct device_view seen;
};

static struct {
	struct device device[DEVICES];
	struct sets host, next_host, reserved;
	bool scanning;
	unsigned int born;
	enum reset queue[IDS][IDS];
} world;

static void start(void)
{
	memset(&world, 0, sizeof(world));
	memset(&world.host, true, sizeof(world.host));
	for (; world.born < DEVICES; world.born++)
		world.device[world.born].born = world.born;
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

/* An old adapter that the guest lacks, for want of a clean queue in an old domain, comes by nothing fresh. */
static bool adapter_is_stuck(const struct device *dev, int a)
{
	int d;

	if (dev->fresh.in[ADAPTER][a] || !adapter_withheld(dev, a))
		return false;
	for (d = 0; d < IDS; d++)
		if (present(dev, DOMAIN, d) && !domain_withheld(dev, d) &&
		    !dev->fresh.in[DOMAIN][d] && world.queue[a][d] != CLEAN)
			return true;
	return false;
}

/* So does an old domain that the guest lacks, since that is for want of a queue of an adapter it has. */
static bool domain_is_stuck(const struct device *dev, int d)
{
	return !dev->fresh.in[DOMAIN][d] && domain_withheld(dev, d);
}

/* Does what is fresh wait for a queue? */
static bool is_awaited(const struct device *dev, int a, int d)
{
	if (dev->fresh.in[ADAPTER][a])
		return !domain_is_stuck(dev, d);
	return dev->fresh.in[DOMAIN][d] && !adapter_is_stuck(dev, a);
}

/* Is any queue that the device would have being reset; or one that what is fresh waits for? */
static bool any_reset(const struct device *dev, bool fresh)
{
	int a, d;

	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			if (usable(dev, a) && present(dev, DOMAIN, d) &&
			    world.queue[a][d] == RESETTING && (!fresh || is_awaited(dev, a, d)))
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
		v->unclean_domain[id] = domain_withheld(dev, id);
		v->unclean_adapter[id] = adapter_withheld(dev, id);
		withheld |= v->unclean_domain[id] || v->unclean_adapter[id];
		next.in[ADAPTER][id] = usable(dev, id) && !v->unclean_adapter[id];
		next.in[DOMAIN][id] = present(dev, DOMAIN, id) && !v->unclean_domain[id];
		next.in[CONTROL][id] = present(dev, CONTROL, id);
	}
	dev->goal = next;
	v->waiting = withheld && any_reset(dev, false);
	dev->awaited = withheld && any_reset(dev, true);
	for (kind = 0; dev->awaited && kind < KINDS; kind++)
		for (id = 0; id < IDS; id++)
			if (dev->fresh.in[kind][id])
				next.in[kind][id] &= dev->has.in[kind][id];
	return next;
}

/* A bound queue that a guest has no more is reset. */
static void give(struct device *dev, const struct sets *next)
{
	int a, d;

	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			if (sets_have(&dev->has, a, d) && !sets_have(next, a, d) &&
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

	if (!dev->awaited)
		memset(&dev->fresh, 0, sizeof(dev->fresh));
	pass(dev, &next);
}

/* An open device: what is new comes together, with what came before and is still waited for. */
static void is_new(struct device *dev, int kind, int id)
{
	if (dev->open)
		dev->fresh.in[kind][id] = true;
}

static void forget_fresh(struct device *dev)
{
	memset(&dev->fresh, 0, sizeof(dev->fresh));
}

/* A change begins: what is not waited for any more, or was long enough, is not new. */
static void change_begins(struct device *dev)
{
	if (!dev->awaited || !dev->patient)
		forget_fresh(dev);
	dev->patient = true;
}

static void all_new(struct device *dev, const struct sets *from, const struct sets *to)
{
	int kind, id;

	for (kind = 0; kind < KINDS; kind++)
		for (id = 0; id < IDS; id++)
			if (to->in[kind][id] && !from->in[kind][id])
				is_new(dev, kind, id);
}

static void becomes(struct device *dev, const struct sets *new)
{
	struct sets old = dev->assigned;

	dev->assigned = *new;
	change_begins(dev);
	all_new(dev, &old, new);
}

static bool share_queue(const struct sets *x, const struct sets *y)
{
	int a, d;

	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			if (sets_have(x, a, d) && sets_have(y, a, d))
				return true;
	return false;
}

static int assign(struct device *dev, const struct sets *new)
{
	int i;

	if (!memcmp(&dev->assigned, new, sizeof(*new)))
		return 0;
	if (share_queue(&world.reserved, new))
		return -EADDRNOTAVAIL;
	for (i = 0; i < DEVICES; i++)
		if (&world.device[i] != dev && share_queue(&world.device[i].assigned, new))
			return -EADDRINUSE;
	becomes(dev, new);
	refilter(dev);
	return 0;
}

static int assign_one(struct device *dev, const struct op *op, bool on)
{
	struct sets new = dev->assigned;

	new.in[op->set][op->id] = on;
	return assign(dev, &new);
}

static bool all_of(const struct op *op)
{
	return op->devices == (1 << DEVICES) - 1;
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
			if (sets_have(&dev->has, a, d) && !sets_have(&dev->assigned, a, d) &&
			    world.queue[a][d] != UNBOUND)
				world.queue[a][d] = RESETTING;
}

/* The device that is looked at k-th: as they are named, or as they were made. */
static int in_turn(const struct op *op, int k)
{
	int i, j, before;

	for (i = 0; i < DEVICES && all_of(op); i++) {
		for (j = 0, before = 0; j < DEVICES; j++)
			before += world.device[j].born < world.device[i].born;
		if (before == k)
			return i;
	}
	return k;
}

/* Who wants what another keeps, or one before it wants, is refused. */
static int judge_commit(const struct op *op)
{
	struct device *dev;
	int i, j, k;

	for (k = 0; k < DEVICES; k++) {
		i = in_turn(op, k);
		dev = &world.device[i];
		if (!taking_part(op, i))
			continue;
		if (share_queue(&world.reserved, &dev->staged))
			return -EADDRNOTAVAIL;
		for (j = 0; j < DEVICES; j++)
			if (!taking_part(op, j) &&
			    share_queue(&world.device[j].assigned, &dev->staged))
				return -EADDRINUSE;
		for (j = 0; j < k; j++)
			if (taking_part(op, in_turn(op, j)) &&
			    share_queue(&world.device[in_turn(op, j)].staged, &dev->staged))
				return -EADDRINUSE;
	}
	return 0;
}

/* All or nothing, judged by the final state. */
static int commit(const struct op *op)
{
	struct device *dev;
	int i, rc;

	if (!op->devices)
		return -EINVAL;
	for (i = 0; i < DEVICES && !all_of(op); i++)
		if ((op->devices >> i & 1) && !world.device[i].has_staged)
			return -ENODATA;
	rc = judge_commit(op);
	if (rc)
		return rc;
	for (i = 0; i < DEVICES; i++) {
		dev = &world.device[i];
		if (taking_part(op, i))
			becomes(dev, &dev->staged);
		begin_losses(dev);
	}
	for (i = 0; i < DEVICES; i++) {
		dev = &world.device[i];
		if (!taking_part(op, i))
			continue;
		dev->has_staged = false;
		refilter(dev);
	}
	return 0;
}

static int guest_opens(struct device *dev)
{
	const struct sets none = { 0 };

	if (dev->open)
		return -EBUSY;
	dev->open = true;
	change_begins(dev);
	all_new(dev, &none, &dev->assigned);
	refilter(dev);
	return 0;
}

static int guest_closes(struct device *dev)
{
	const struct sets none = { 0 };

	if (!dev->open)
		return -EBUSY;
	give(dev, &none);
	dev->open = false;
	forget_fresh(dev);
	refilter(dev);
	return 0;
}

/* A queue that comes: its adapter is new to the guest, or else its domain. */
static void queue_is_new(struct device *dev, int a, int d)
{
	change_begins(dev);
	if (dev->guest.in[ADAPTER][a])
		is_new(dev, DOMAIN, d);
	else
		is_new(dev, ADAPTER, a);
}

/* During a scan what the new configuration brings or takes waits for its end. */
static void tell_owner(int a, int d)
{
	int i;

	for (i = 0; i < DEVICES && (!world.scanning || sets_have(&world.host, a, d)); i++) {
		if (!sets_have(&world.device[i].assigned, a, d))
			continue;
		if (world.queue[a][d] != UNBOUND)
			queue_is_new(&world.device[i], a, d);
		refilter(&world.device[i]);
	}
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
		if (world.device[i].seen.waiting && !world.device[i].in_scan)
			refilter(&world.device[i]);
	return 0;
}

/* No reset is awaited any more. */
static int give_up(void)
{
	int i, a, d;

	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			if (world.queue[a][d] == RESETTING)
				world.queue[a][d] = FAILED;
	for (i = 0; i < DEVICES; i++)
		if (world.device[i].seen.waiting && !world.device[i].in_scan)
			refilter(&world.device[i]);
	return 0;
}

/* An operator's wish: only a reset that was given up begins anew. */
static int retry(const struct op *op)
{
	switch (world.queue[op->id][op->domain]) {
	case UNBOUND:
		return -ENOENT;
	case CLEAN:
		return -EINVAL;
	case RESETTING:
		return 0;
	case FAILED:
		return queue_becomes(op, false, RESETTING);
	}
	return 0;
}

static int patience_ends(struct device *dev)
{
	dev->patient = false;
	forget_fresh(dev);
	if (dev->seen.waiting && !dev->in_scan)
		refilter(dev);
	return 0;
}

static bool concerns(const struct device *dev, const struct sets *next)
{
	int kind, id;

	for (kind = 0; kind < KINDS; kind++)
		for (id = 0; id < IDS; id++)
			if (dev->assigned.in[kind][id] &&
			    world.host.in[kind][id] != next->in[kind][id])
				return true;
	return false;
}

/*
 * Until the scan is complete: only what was there before and is there after. For whom that makes
 * no difference things go on as usual.
 */
static int host_changes(const struct op *op)
{
	int kind, id;

	for (id = 0; id < DEVICES; id++)
		world.device[id].in_scan |= concerns(&world.device[id], &op->sets);
	world.scanning = true;
	world.next_host = op->sets;
	for (kind = 0; kind < KINDS; kind++)
		for (id = 0; id < IDS; id++)
			world.host.in[kind][id] &= op->sets.in[kind][id];
	return 0;
}

static void arrive(struct device *dev)
{
	int kind, id;

	dev->in_scan = false;
	if (!concerns(dev, &world.next_host))
		return;
	change_begins(dev);
	for (kind = 0; kind < KINDS; kind++)
		for (id = 0; id < IDS; id++)
			if (dev->assigned.in[kind][id] && world.next_host.in[kind][id] &&
			    !world.host.in[kind][id])
				is_new(dev, kind, id);
}

/* What was given up is tried again, each guest has one transition. */
static int scan_ends(void)
{
	int i, a, d;

	for (i = 0; i < DEVICES && world.scanning; i++)
		arrive(&world.device[i]);
	if (world.scanning)
		world.host = world.next_host;
	world.scanning = false;
	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			if (world.queue[a][d] == FAILED)
				world.queue[a][d] = RESETTING;
	for (i = 0; i < DEVICES; i++)
		refilter(&world.device[i]);
	return 0;
}

static int stage(struct device *dev, const struct op *op)
{
	dev->staged = op->sets;
	dev->has_staged = op->kind == OP_STAGE;
	return 0;
}

/* A device that nobody has open can go; another one takes its place. */
static int recreate(struct device *dev)
{
	if (dev->open)
		return -EBUSY;
	*dev = (struct device){ .born = world.born++ };
	return 0;
}

/* What becomes the host's must not be assigned to anybody. */
static int mask(const struct op *op)
{
	struct sets reserved = world.reserved;
	int i;

	reserved.in[op->set % 2][op->id] = op->on;
	for (i = 0; i < DEVICES; i++)
		if (share_queue(&world.device[i].assigned, &reserved))
			return -EBUSY;
	world.reserved = reserved;
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
	case OP_RETRY:
		return retry(op);
	case OP_GIVE_UP:
		return give_up();
	case OP_MASK:
		return mask(op);
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
	case OP_DISCARD:
		return stage(dev, op);
	case OP_COMMIT:
		return commit(op);
	case OP_OPEN:
		return guest_opens(dev);
	case OP_CLOSE:
		return guest_closes(dev);
	case OP_DEVICE_RESET:
		return dev->open ? 0 : -EBUSY;
	case OP_RECREATE:
		return recreate(dev);
	case OP_PATIENCE_ENDS:
		return patience_ends(dev);
	case OP_NONSENSE:
		return nonsense[op->id].error;
	case OP_BAD_COMMIT:
		return op->id % 2 ? -ENOENT : -E2BIG;
	default:
		return apply_to_queue(op);
	}
}

/* Why an adapter that is not passed is not: its first queue that has no driver, from 1. */
static int missing(const struct device *dev, int a)
{
	int d;

	for (d = 0; d < IDS; d++)
		if (present(dev, ADAPTER, a) && present(dev, DOMAIN, d) &&
		    world.queue[a][d] == UNBOUND)
			return d + 1;
	return 0;
}

/* A queue is told of when its adapter or its domain waits for it. */
static bool to_blame(const struct device *dev, int a, int d)
{
	return usable(dev, a) && present(dev, DOMAIN, d) && world.queue[a][d] != CLEAN &&
	       (dev->seen.unclean_adapter[a] || dev->seen.unclean_domain[d]);
}

static void look_at_device(const struct device *dev, struct device_view *v)
{
	int kind, a, d;

	*v = dev->seen;
	v->assigned = dev->assigned;
	v->guest = dev->guest;
	v->has_staged = dev->has_staged;
	if (dev->has_staged)
		v->staged = dev->staged;
	for (a = 0; a < IDS; a++) {
		v->unbound[a] = missing(dev, a);
		for (kind = 0; kind < KINDS; kind++)
			v->held.in[kind][a] = dev->goal.in[kind][a] && !dev->guest.in[kind][a];
		for (d = 0; d < IDS; d++)
			if (to_blame(dev, a, d))
				v->why[a][d] = world.queue[a][d];
	}
}

static enum status status(int a, int d)
{
	const struct device *dev;

	if (world.queue[a][d] == UNBOUND)
		return NO_STATUS;
	for (dev = world.device; dev < world.device + DEVICES; dev++)
		if (sets_have(&dev->assigned, a, d))
			return dev->open && sets_have(&dev->has, a, d) ? IN_USE : ASSIGNED;
	return UNASSIGNED;
}

static void look(struct view *v)
{
	int i, a, d;

	for (i = 0; i < DEVICES; i++)
		look_at_device(&world.device[i], &v->device[i]);
	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++) {
			v->queue[a][d] = world.queue[a][d];
			v->status[a][d] = status(a, d);
		}
}

const struct backend reference = { .name = "reference",
				   .start = start,
				   .apply = apply,
				   .look = look };
