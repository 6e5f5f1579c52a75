// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Random operations on the reference model and on what is to be the same, compared after
 * each step. On a difference the shortest sequence that still shows it is printed.
 *
 *   stress [OPERATIONS]      AP_SEED=N in the environment repeats a run
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "world.h"

#define OPERATIONS 1000000
#define DEFAULT_SEED 20250301
/* Each sequence starts from a new world: long enough to get anywhere, short enough to shrink. */
#define LENGTH 250

static const char *const names[OP_KINDS] = {
	"assign",      "unassign",	"config",	"stage",     "commit",
	"open",	       "close",		"bind",		"unbind",    "reset-ends",
	"reset-fails", "patience-ends", "host-changes", "scan-ends", "texts",
};

/* How often each kind comes, so that queues are mostly bound and clean. */
static const unsigned char weight[OP_KINDS] = { 8, 4, 6, 4, 3, 4, 2, 24, 2, 32, 2, 3, 1, 3, 2 };

static uint64_t random_state;

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

static enum op_kind any_kind(void)
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

/* The n-th of a sequence: it begins with binding most queues and cleaning most of those. */
static void make(struct op *op, const struct backend *b, unsigned int n)
{
	do {
		op->kind = any_kind();
	} while (!b->can(op->kind));
	op->device = below(DEVICES);
	op->set = below(KINDS);
	op->id = below(IDS);
	op->domain = below(IDS);
	if (n < 2 * IDS * IDS && below(16) && b->can(OP_BIND)) {
		op->kind = n < IDS * IDS ? OP_BIND : OP_RESET_ENDS;
		op->id = n / IDS % IDS;
		op->domain = n % IDS;
	}
	op->devices = below(4) ? below(1 << DEVICES) : (1 << DEVICES) - 1;
	op->sets = any_sets(op->kind == OP_HOST_CHANGES ? 85 : 15 + below(45));
}

static void print_sets(const char *what, const struct sets *s)
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

static void print_op(const struct op *op)
{
	printf("  %s", names[op->kind]);
	if (op->kind == OP_ASSIGN || op->kind == OP_UNASSIGN)
		printf(" device %u set %u id %02x", op->device, op->set, real_id[op->id]);
	else if (op->kind == OP_CONFIG || op->kind == OP_STAGE)
		printf(" device %u", op->device), print_sets("to", &op->sets);
	else if (op->kind == OP_COMMIT)
		printf(" devices %x", op->devices);
	else if (op->kind == OP_HOST_CHANGES)
		print_sets("to", &op->sets);
	else if (op->kind >= OP_BIND && op->kind <= OP_RESET_FAILS)
		printf(" %02x.%04x", real_id[op->id], real_id[op->domain]);
	else if (op->kind != OP_SCAN_ENDS)
		printf(" device %u", op->device);
	putchar('\n');
}

static bool has_queue(const struct device_view *v, int a, int d)
{
	return v->guest.in[ADAPTER][a] && v->guest.in[DOMAIN][d];
}

/* What no state may be, whatever the model says: of one queue. */
static const char *queue_trouble(const struct view *before, const struct view *now, int a, int d)
{
	int i, owners = 0;

	for (i = 0; i < DEVICES; i++) {
		if (!has_queue(&now->device[i], a, d))
			continue;
		owners++;
		if (!has_queue(&before->device[i], a, d) && now->queue[a][d] != CLEAN)
			return "a queue passed that is not clean";
	}
	return owners > 1 ? "a queue in two guests" : NULL;
}

static const char *trouble(const struct op *op, const struct view *before, const struct view *now)
{
	unsigned int most = op->kind == OP_CLOSE ? 2 : 1;
	const char *wrong = NULL;
	int i, a, d;

	for (i = 0; i < DEVICES; i++)
		if (now->device[i].transitions - before->device[i].transitions > most)
			return "more than one transition";
	for (a = 0; a < IDS && !wrong; a++)
		for (d = 0; d < IDS && !wrong; d++)
			wrong = queue_trouble(before, now, a, d);
	return wrong;
}

/* What is wrong after this step, or NULL. */
static const char *step(const struct backend *b, const struct op *op, struct view *want,
			struct view *got, int rc[2])
{
	struct view before = *got;

	rc[0] = reference.apply(op);
	rc[1] = b->apply(op);
	if (rc[0] != rc[1])
		return "another result";
	memset(got, 0, sizeof(*got));
	memset(want, 0, sizeof(*want));
	reference.look(want);
	b->look(got);
	if (memcmp(want, got, sizeof(*want)))
		return "another state";
	return trouble(op, &before, got);
}

/* The number of the step that shows a difference, from 1; 0 when there is none. */
static size_t play(const struct backend *b, const struct op *ops, size_t n)
{
	struct view want, got = { 0 };
	int rc[2];
	size_t i;

	reference.start();
	b->start();
	for (i = 0; i < n; i++)
		if (step(b, &ops[i], &want, &got, rc))
			return i + 1;
	return 0;
}

/* Leave out pieces, from halves to single steps, as long as a difference stays. */
static size_t shrink(const struct backend *b, struct op *ops, size_t n)
{
	struct op *less = calloc(n, sizeof(*ops));
	size_t piece, at, cut, shorter;

	for (piece = n / 2 + 1; less && piece; piece = piece == 1 ? 0 : (piece + 1) / 2)
		for (at = 0; at < n;) {
			cut = piece < n - at ? piece : n - at;
			memcpy(less, ops, at * sizeof(*ops));
			memcpy(less + at, ops + at + cut, (n - at - cut) * sizeof(*ops));
			shorter = play(b, less, n - cut);
			if (!shorter) {
				at += piece;
				continue;
			}
			memcpy(ops, less, shorter * sizeof(*ops));
			n = shorter;
		}
	free(less);
	return n;
}

static void print_device(const char *who, const struct device_view *v)
{
	int id;

	printf("    %s:", who);
	print_sets("assigned", &v->assigned);
	print_sets("guest", &v->guest);
	print_sets("absent", &v->absent);
	printf(" waiting %d transitions %u\n     ", v->waiting, v->transitions);
	for (id = 0; id < IDS; id++)
		printf(" %02x:%s%s%s", real_id[id], v->unbound[id] ? "unbound" : "",
		       v->unclean_adapter[id] ? "unclean-adapter" : "",
		       v->unclean_domain[id] ? "unclean-domain" : "");
	putchar('\n');
}

static void report(const struct backend *b, const struct op *ops, size_t n)
{
	const char *wrong = NULL;
	struct view want, got = { 0 };
	int rc[2] = { 0 }, d;
	size_t i;

	printf("shortest sequence, %zu steps:\n", n);
	reference.start();
	b->start();
	for (i = 0; i < n; i++) {
		print_op(&ops[i]);
		wrong = step(b, &ops[i], &want, &got, rc);
	}
	printf("  %s; results: reference %d, %s %d\n", wrong ? wrong : "?", rc[0], b->name, rc[1]);
	for (d = 0; d < DEVICES; d++) {
		if (!memcmp(&want.device[d], &got.device[d], sizeof(got.device[d])))
			continue;
		printf("  device %d\n", d);
		print_device("reference", &want.device[d]);
		print_device(b->name, &got.device[d]);
	}
}

static int run(const struct backend *b, uint64_t seed, unsigned long operations)
{
	static struct op ops[LENGTH];
	unsigned long done;
	size_t i, bad;

	printf("%lu operations on %s, AP_SEED=%" PRIu64 "\n", operations, b->name, seed);
	random_state = seed;
	for (done = 0; done < operations; done += LENGTH) {
		for (i = 0; i < LENGTH; i++)
			make(&ops[i], b, i);
		bad = play(b, ops, LENGTH);
		if (bad) {
			printf("difference after %lu operations\n", done + bad);
			report(b, ops, shrink(b, ops, bad));
			return 1;
		}
	}
	puts("no difference");
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long operations = argc > 1 ? strtoul(argv[1], NULL, 0) : OPERATIONS;
	const char *seed = getenv("AP_SEED");

	setvbuf(stdout, NULL, _IOLBF, 0);
	return run(&core_backend, seed ? strtoull(seed, NULL, 0) : DEFAULT_SEED, operations);
}
