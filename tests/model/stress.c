// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Random operations on the reference model and on what is to be the same, compared after
 * each step. On a difference the shortest sequence that still shows it is printed.
 *
 *   stress [OPERATIONS]      each run has another seed, and says it; AP_SEED=N in the
 *                            environment repeats it
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "world.h"

/* Each sequence starts from a new world: long enough to get anywhere, short enough to shrink. */
#define LENGTH 250

/* What no state may be, whatever the model says: of one queue. */
static const char *queue_trouble(const struct view *before, const struct view *now, int a, int d)
{
	int i, owners = 0;

	for (i = 0; i < DEVICES; i++) {
		if (!sets_have(&now->device[i].guest, a, d))
			continue;
		owners++;
		if (!sets_have(&before->device[i].guest, a, d) && now->queue[a][d] != CLEAN)
			return "a queue passed that is not clean";
	}
	return owners > 1 ? "a queue in two guests" : NULL;
}

static const char *broken_rule(const struct op *op, const struct view *before,
			       const struct view *now)
{
	unsigned int most = op->kind == OP_CLOSE ? 2 : 1;
	const char *wrong = NULL;
	int i, a, d;

	for (i = 0; i < DEVICES; i++)
		if (now->device[i].transitions > before->device[i].transitions + most)
			return "more than one transition";
	for (a = 0; a < IDS && !wrong; a++)
		for (d = 0; d < IDS && !wrong; d++)
			wrong = queue_trouble(before, now, a, d);
	return wrong;
}

/* Those of the bus are several for who does not do them as a whole; only the first can fail. */
static void apply(const struct backend *b, const struct op *op, int rc[2])
{
	struct op each[EXPANDED_MAX];
	size_t n, i;

	rc[0] = bus_expand(op, each, &n);
	rc[1] = b->whole ? b->apply(op) : rc[0];
	for (i = 0; i < n && !rc[0]; i++) {
		rc[0] = reference.apply(&each[i]);
		if (!b->whole)
			rc[1] = b->apply(&each[i]);
	}
	if (!rc[0])
		bus_done();
}

/* What is wrong after this step, or NULL. */
static const char *step(const struct backend *b, const struct op *op, struct view *want,
			struct view *got, int rc[2])
{
	struct view before = *got;

	apply(b, op, rc);
	if (rc[0] != rc[1])
		return "another result";
	memset(got, 0, sizeof(*got));
	memset(want, 0, sizeof(*want));
	reference.look(want);
	b->look(got);
	b->blind(want);
	b->blind(got);
	if (memcmp(want, got, sizeof(*want)))
		return "another state";
	return broken_rule(op, &before, got);
}

static void begin(const struct backend *b)
{
	reference.start();
	bus_start();
	b->start();
}

/*
 * What was seen at the last step; and of all steps, how many there were, how many changed what can be
 * seen, and how many transitions guests saw.
 */
static struct {
	const char *wrong;
	struct view want, got;
	int rc[2];
} seen;

static struct {
	unsigned long steps, changes, transitions;
} done;

static jmp_buf trouble_out;
static char trouble_text[512];

void trouble(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(trouble_text, sizeof(trouble_text), fmt, args);
	va_end(args);
	longjmp(trouble_out, 1);
}

static void count_step(const struct view *before)
{
	int i;

	done.steps++;
	done.changes += memcmp(before, &seen.got, sizeof(*before)) != 0;
	for (i = 0; i < DEVICES; i++)
		if (seen.got.device[i].transitions > before->device[i].transitions)
			done.transitions +=
				seen.got.device[i].transitions - before->device[i].transitions;
}

/* The number of the step that shows a difference, from 1; 0 when there is none. */
static size_t play(const struct backend *b, const struct op *ops, size_t n)
{
	volatile size_t i = 0;
	struct view before;

	memset(&seen, 0, sizeof(seen));
	if (setjmp(trouble_out)) {
		seen.wrong = trouble_text;
		return i + 1;
	}
	begin(b);
	for (; i < n; i++) {
		before = seen.got;
		seen.wrong = step(b, &ops[i], &seen.want, &seen.got, seen.rc);
		if (seen.wrong)
			return i + 1;
		count_step(&before);
	}
	return 0;
}

/*
 * Leave out pieces, from halves to single steps, and these until none can go, as long as a
 * difference stays and there is time: @whole tells whether there was.
 */
static size_t shrink(const struct backend *b, struct op *ops, size_t n, bool *whole)
{
	struct op *less = calloc(n, sizeof(*ops));
	time_t end = time(NULL) + b->shrink_seconds;
	size_t piece, at, cut, shorter, was = n;

	for (piece = n / 2 + 1; less && piece; piece = piece > 1 ? (piece + 1) / 2 : n < was) {
		was = n;
		for (at = 0; at < n && time(NULL) < end;) {
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
	}
	*whole = less && time(NULL) < end;
	free(less);
	return n;
}

static void print_device(const char *who, const struct device_view *v)
{
	int a, d;

	printf("    %s:", who);
	ops_print_sets("assigned", &v->assigned);
	ops_print_sets("guest", &v->guest);
	ops_print_sets("absent", &v->absent);
	ops_print_sets("held", &v->held);
	if (v->has_staged)
		ops_print_sets("staged", &v->staged);
	printf(" waiting %d transitions %u\n     ", v->waiting, v->transitions);
	for (a = 0; a < IDS; a++) {
		printf(" %02x:%s%s", real_id[a], v->unclean_adapter[a] ? "unclean-adapter" : "",
		       v->unclean_domain[a] ? "unclean-domain" : "");
		if (v->unbound[a])
			printf("unbound-at-%04x", real_id[v->unbound[a] - 1]);
		for (d = 0; d < IDS; d++)
			if (v->why[a][d])
				printf("[%04x %s]", real_id[d],
				       v->why[a][d] == FAILED ? "failed" : "resetting");
	}
	putchar('\n');
}

static void print_queues(const struct view *want, const struct view *got)
{
	static const char *const states[] = { "unbound", "clean", "resetting", "failed" };
	static const char *const statuses[] = { "none", "unassigned", "assigned", "in use" };
	int a, d;

	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			if (want->queue[a][d] != got->queue[a][d] ||
			    want->status[a][d] != got->status[a][d])
				printf("  queue %02x.%04x: expected %s %s, got %s %s\n", real_id[a],
				       real_id[d], states[want->queue[a][d]],
				       statuses[want->status[a][d]], states[got->queue[a][d]],
				       statuses[got->status[a][d]]);
}

static void print_seen(const struct backend *b)
{
	int d;

	printf("  %s; results: reference %d, %s %d\n", seen.wrong ? seen.wrong : "no difference",
	       seen.rc[0], b->name, seen.rc[1]);
	print_queues(&seen.want, &seen.got);
	for (d = 0; d < DEVICES; d++) {
		if (!memcmp(&seen.want.device[d], &seen.got.device[d], sizeof(seen.got.device[d])))
			continue;
		printf("  device %d\n", d);
		print_device("reference", &seen.want.device[d]);
		print_device(b->name, &seen.got.device[d]);
	}
}

/* Whoever has a clock of its own may not show it a second time: what was seen first is told too. */
static void report(const struct backend *b, struct op *ops, size_t n)
{
	bool whole;
	size_t i;

	ops_print(&ops[n - 1]);
	print_seen(b);
	n = shrink(b, ops, n, &whole);
	printf("%s, %zu steps:\n",
	       whole ? "shortest sequence" : "there was no time to look for a shorter sequence", n);
	for (i = 0; i < n; i++)
		ops_print(&ops[i]);
	play(b, ops, n);
	print_seen(b);
}

static int run(const struct backend *b, uint64_t seed, unsigned long operations)
{
	static struct op ops[LENGTH];
	size_t i, bad;

	printf("%lu operations on %s, AP_SEED=%" PRIu64 "\n", operations, b->name, seed);
	ops_seed(seed);
	while (done.steps < operations) {
		for (i = 0; i < LENGTH; i++)
			ops_make(&ops[i], b, i);
		bad = play(b, ops, LENGTH);
		if (bad) {
			printf("difference after %lu operations\n", done.steps + 1);
			report(b, ops, bad);
			return 1;
		}
	}
	printf("no difference; %lu changed something, guests saw %lu transitions\n", done.changes,
	       done.transitions);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long operations = argc > 1 ? strtoul(argv[1], NULL, 0) : subject.operations;
	const char *seed = getenv("AP_SEED");

	setvbuf(stdout, NULL, _IOLBF, 0);
	return run(&subject, seed ? strtoull(seed, NULL, 0) : (uint64_t)time(NULL), operations);
}
