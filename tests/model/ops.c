// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Operations at random, and printed.
 */
#include <errno.h>
#include <stdio.h>
#include "world.h"

static const char *const names[OP_KINDS] = {
	[OP_ASSIGN] = "assign",
	[OP_UNASSIGN] = "unassign",
	[OP_CONFIG] = "config",
	[OP_STAGE] = "stage",
	[OP_DISCARD] = "discard",
	[OP_COMMIT] = "commit",
	[OP_NONSENSE] = "nonsense",
	[OP_BAD_COMMIT] = "bad-commit",
	[OP_OPEN] = "open",
	[OP_CLOSE] = "close",
	[OP_DEVICE_RESET] = "device-reset",
	[OP_RECREATE] = "recreate",
	[OP_MASK] = "mask",
	[OP_BIND] = "bind",
	[OP_UNBIND] = "unbind",
	[OP_RESET_ENDS] = "reset-ends",
	[OP_RESET_FAILS] = "reset-fails",
	[OP_RETRY] = "retry",
	[OP_GIVE_UP] = "give-up",
	[OP_PATIENCE_ENDS] = "patience-ends",
	[OP_HOST_CHANGES] = "host-changes",
	[OP_SCAN_ENDS] = "scan-ends",
	[OP_TEXTS] = "texts",
	[OP_APPEAR] = "appear",
	[OP_VANISH] = "vanish",
	[OP_BUSY] = "busy",
	[OP_MACHINE] = "machine",
};

#define DIGITS64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* docs/sysfs.md: what is not a number, not a configuration, or above the host's limit */
const struct nonsense nonsense[] = {
	{ false, "x", -EINVAL },
	{ false, " 5", -EINVAL },
	{ false, "5 ", -EINVAL },
	{ false, "-1", -EINVAL },
	{ false, "08", -EINVAL },
	{ false, "0x", -EINVAL },
	{ false, "++5", -EINVAL },
	{ false, "5\n\n", -EINVAL },
	{ false, "18446744073709551616", -ERANGE },
	{ false, "255", -ENODEV },
	{ false, "0x100", -ENODEV },
	{ true, "0x80", -EINVAL },
	{ true, "0x80,0x80", -EINVAL },
	{ true, "0x80,0x80,", -EINVAL },
	{ true, ",,", -EINVAL },
	{ true, "0x80 0x80 0x80", -EINVAL },
	{ true, "0x80,0x80,0x80,0x80", -EINVAL },
	{ true, "0x80,g,0x80", -EINVAL },
	{ true, "0x80,0x80,0x80\n\n", -EINVAL },
	{ true, "0x" DIGITS64 "0,0x80,0x80", -EINVAL },
	{ true, "0x80,0x" DIGITS64 ",0x80", -ENODEV },
	{ true, "0,0,0x" DIGITS64, -ENODEV },
};

const unsigned int nonsenses = sizeof(nonsense) / sizeof(*nonsense);

static uint64_t random_state;

void ops_seed(uint64_t seed)
{
	random_state = seed;
}

/* splitmix64 */
static uint64_t random_u64(void)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static unsigned int below(unsigned int n)
{
	return random_u64() % n;
}

static enum op_kind any_kind(const unsigned char *weight)
{
	unsigned int sum = 0, n;
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		sum += weight[kind];
	n = below(sum);
	for (kind = 0; n >= weight[kind]; kind++)
		n -= weight[kind];
	return kind;
}

/* A matrix of few ids, so that devices do not conflict all the time; a host with most. */
static struct sets any_sets(unsigned int percent)
{
	struct sets s;
	int kind, id;

	for (kind = 0; kind < KINDS; kind++)
		for (id = 0; id < IDS; id++)
			s.in[kind][id] = below(100) < percent;
	return s;
}

/**
 * ops_make() - the n-th operation of a sequence
 * @op: set to it
 * @b: who is to do it
 * @n: from 0; a sequence begins with binding most queues and cleaning most of those
 */
void ops_make(struct op *op, const struct backend *b, unsigned int n)
{
	bool host;

	op->kind = any_kind(b->weight);
	host = op->kind == OP_HOST_CHANGES || op->kind == OP_MACHINE;
	op->device = below(DEVICES);
	op->set = below(KINDS);
	op->id = below(IDS);
	op->domain = below(IDS);
	if (n < 2 * IDS * IDS && below(16)) {
		op->kind = n < IDS * IDS ? b->appears : OP_RESET_ENDS;
		op->id = n / IDS % IDS;
		op->domain = n % IDS;
	}
	if (op->kind == OP_NONSENSE)
		op->id = below(nonsenses);
	op->devices = below(3) ? (1 << DEVICES) - 1 : below(1 << DEVICES);
	op->on = below(5) < 2;
	op->sets = any_sets(host ? 85 : 15 + below(45));
}

void ops_print_sets(const char *what, const struct sets *s)
{
	static const char *const kinds[KINDS] = { "adapters", "domains", "control" };
	int kind, id;

	printf(" %s", what);
	for (kind = 0; kind < KINDS; kind++) {
		printf(" %s", kinds[kind]);
		for (id = 0; id < IDS; id++)
			if (s->in[kind][id])
				printf(" %02x", real_id[id]);
	}
}

static void print_nonsense(const struct op *op)
{
	const struct nonsense *what = &nonsense[op->id];

	printf(" device %u %s %s \"%s\"", op->device,
	       what->config ? (op->on ? "staged" : "config") : (op->on ? "assign" : "unassign"),
	       what->config ? "" : (const char *const[]){ "adapter", "domain", "control" }[op->set],
	       what->text);
}

void ops_print(const struct op *op)
{
	printf("  %s", names[op->kind]);
	switch (op->kind) {
	case OP_ASSIGN:
	case OP_UNASSIGN:
		printf(" device %u set %u id %02x", op->device, op->set, real_id[op->id]);
		break;
	case OP_CONFIG:
	case OP_STAGE:
		printf(" device %u", op->device);
		ops_print_sets("to", &op->sets);
		break;
	case OP_COMMIT:
		printf(" devices %x", op->devices);
		break;
	case OP_NONSENSE:
		print_nonsense(op);
		break;
	case OP_HOST_CHANGES:
	case OP_MACHINE:
		ops_print_sets("to", &op->sets);
		break;
	case OP_MASK:
		printf(" %s %c%02x", op->set % 2 ? "aqmask" : "apmask", op->on ? '+' : '-',
		       real_id[op->id]);
		break;
	case OP_BIND:
	case OP_UNBIND:
	case OP_RESET_ENDS:
	case OP_RESET_FAILS:
	case OP_RETRY:
	case OP_APPEAR:
	case OP_VANISH:
	case OP_BUSY:
		printf(" %02x.%04x", real_id[op->id], real_id[op->domain]);
		break;
	case OP_BAD_COMMIT:
		printf(" %u", op->id);
		break;
	case OP_SCAN_ENDS:
	case OP_GIVE_UP:
		break;
	default:
		printf(" device %u", op->device);
	}
	putchar('\n');
}
