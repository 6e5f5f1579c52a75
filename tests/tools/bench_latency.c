// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Latency of what other devices do while one queue's reset does not end.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "bench.h"

#define OPERATIONS 2000 /* at least */
#define ROUNDS 3
#define STUCK_NS 10e9
#define KINDS 4
#define SAMPLES_MAX 100000

/* What other devices do meanwhile: assign, whole configuration, a commit. */
static double operation(int i)
{
	const struct ap_matrix some = block(8, 4, 0, 16), none = block(0, 0, 0, 0);
	double start = now_ns();

	switch (i % KINDS) {
	case 0:
		assign(2, &some);
		break;
	case 1:
		must(attr(2, "unassign_adapter"), "8");
		break;
	case 2:
		must(attr(2, "assign_adapter"), "8");
		break;
	default:
		stage(2, &none);
		must(MATRIX "/commit", UUID_2);
	}
	return now_ns() - start;
}

/* Latencies by kind of operation: two are done at once, two wait for resets of their own. */
struct latencies {
	double v[KINDS][SAMPLES_MAX];
	int n;
};

/* Until a time, whole turns of all kinds. */
static void operate(struct latencies *l, double until)
{
	int kind;

	for (; now_ns() < until && l->n < SAMPLES_MAX; l->n++)
		for (kind = 0; kind < KINDS; kind++)
			l->v[kind][l->n] = operation(kind);
}

static bool is_stuck(void)
{
	char text[4096];

	return strstr(get(attr(3, "filtered"), text, sizeof(text)),
		      "queue 00.0000: reset in progress");
}

/* A queue that leaves one guest, and for which another one waits. */
static void stuck(bool on)
{
	const struct ap_matrix one = block(0, 1, 0, 1), none = block(0, 0, 0, 0);

	if (on) {
		assign(1, &one);
		settle(1);
		must(FAULTS "/00", "0000 reset=never\n");
		assign(1, &none);
		assign(3, &one);
	}
	if (!is_stuck())
		die("the reset of 00.0000 is not stuck");
	if (!on) {
		must(FAULTS "/00", "clear\n");
		settle(3);
		assign(3, &none);
		usleep(200000);
	}
}

/* The largest ratio of a quantile, of all kinds: of all together it would be that of the slow ones. */
static double worst_ratio(struct latencies *with, struct latencies *without, double q)
{
	double ratio, worst = 0;
	int kind;

	for (kind = 0; kind < KINDS; kind++) {
		ratio = quantile(with->v[kind], with->n, q) /
			quantile(without->v[kind], without->n, q);
		if (ratio > worst)
			worst = ratio;
	}
	return worst;
}

void run_latency(void)
{
	static struct latencies with, without, warm_up;
	struct guest g[3];
	int i;

	for (i = 0; i < 3; i++) {
		create((unsigned int)i + 1);
		g[i] = start_guest((unsigned int)i + 1);
	}
	operate(&warm_up, now_ns() + 1e9);
	for (i = 0; i < ROUNDS; i++) {
		operate(&without, now_ns() + STUCK_NS);
		stuck(true);
		operate(&with, now_ns() + STUCK_NS);
		stuck(false);
	}
	if (with.n * KINDS < OPERATIONS || without.n * KINDS < OPERATIONS)
		die("%d and %d operations are too few", with.n * KINDS, without.n * KINDS);
	printf("\"stuck_reset_seconds\": %.0f, \"stuck_reset_operations\": %d, "
	       "\"stuck_reset_operations_without\": %d, \"stuck_reset_latency_ratio_median\": %.3f, "
	       "\"stuck_reset_latency_ratio_p99\": %.3f",
	       STUCK_NS / 1e9, with.n * KINDS, without.n * KINDS, worst_ratio(&with, &without, 0.5),
	       worst_ratio(&with, &without, 0.99));
	for (i = 0; i < 3; i++) {
		end_guest(&g[i]);
		destroy((unsigned int)i + 1);
	}
}
