// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Operations of the bus, as vfio_ap sees them: a change of the machine is "the configuration
 * changes", queues that are unbound and bound, "the scan is complete" (docs/ap_sim.md).
 */
#include <errno.h>
#include <string.h>
#include "world.h"

/* @gone: queues that do not answer though the host has them; @reserved: apmask and aqmask */
struct bus {
	struct sets host;
	bool gone[IDS][IDS];
	bool reserved[2][IDS];
};

static struct bus bus, next;

void bus_start(void)
{
	memset(&bus, 0, sizeof(bus));
	memset(&bus.host, true, sizeof(bus.host));
	memset(bus.gone, true, sizeof(bus.gone));
}

static bool is_bound(const struct bus *b, int a, int d)
{
	return sets_have(&b->host, a, d) && !b->gone[a][d] &&
	       !(b->reserved[ADAPTER][a] && b->reserved[DOMAIN][d]);
}

static void emit(struct op *out, size_t *n, enum op_kind kind, int a, int d)
{
	out[(*n)++] = (struct op){ .kind = kind, .id = a, .domain = d };
}

static void emit_bindings(struct op *out, size_t *n)
{
	int a, d;

	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			if (is_bound(&bus, a, d) != is_bound(&next, a, d))
				emit(out, n, is_bound(&next, a, d) ? OP_BIND : OP_UNBIND, a, d);
}

/* An adapter that went comes back whole. */
static void machine_changes(const struct op *op, struct op *out, size_t *n)
{
	int a;

	if (!memcmp(&bus.host, &op->sets, sizeof(bus.host)))
		return;
	next.host = op->sets;
	for (a = 0; a < IDS; a++)
		if (!next.host.in[ADAPTER][a])
			memset(next.gone[a], false, sizeof(next.gone[a]));
	out[(*n)++] = (struct op){ .kind = OP_HOST_CHANGES, .sets = op->sets };
	emit_bindings(out, n);
	emit(out, n, OP_SCAN_ENDS, 0, 0);
}

/**
 * bus_expand() - what an operation is for vfio_ap
 * @op: any operation
 * @out: set to the operations, at most EXPANDED_MAX; when the first fails, none is done
 * @n: set to their number
 *
 * bus_done() has to follow when it was done.
 *
 * Return: 0 or the negative errno that the operation fails with.
 */
int bus_expand(const struct op *op, struct op *out, size_t *n)
{
	next = bus;
	*n = 0;
	switch (op->kind) {
	case OP_APPEAR:
	case OP_VANISH:
		if (!bus.host.in[ADAPTER][op->id])
			return -ENODEV;
		next.gone[op->id][op->domain] = op->kind == OP_VANISH;
		emit_bindings(out, n);
		return 0;
	case OP_BUSY:
		return is_bound(&bus, op->id, op->domain) ? 0 : -EBUSY;
	case OP_MACHINE:
		machine_changes(op, out, n);
		return 0;
	case OP_MASK:
		out[(*n)++] = *op;
		next.reserved[op->set % 2][op->id] = op->on;
		emit_bindings(out, n);
		return 0;
	default:
		out[(*n)++] = *op;
		return 0;
	}
}

/* The operation that was expanded last was done. */
void bus_done(void)
{
	bus = next;
}
