// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the mechanics of core/ cost: medians in nanoseconds, by size of the matrix and by
 * number of devices.
 *
 *   core [--json]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "ap_device.h"
#include "ap_text.h"

#define ROUNDS 101
#define DEVICES_MAX 1000
/* Each round takes at least so long, so that the clock does not count. */
#define ROUND_NS 50000

struct size {
	const char *name;
	unsigned int adapters, domains;
};

static const struct size sizes[] = { { "16x85", 16, 85 }, { "256x256", 256, 256 } };
static const unsigned int counts[] = { 1, 10, 100, 1000 };

static struct ap_queues queues;
static struct ap_matrix host;
static struct ap_device device, others[DEVICES_MAX];
static struct ap_claims claims;
/* Results go here, so that no call can be left out. */
static volatile unsigned int sink;

static unsigned long now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000UL + t.tv_nsec;
}

static struct ap_mask first(unsigned int n)
{
	return apm_mask_upto(n - 1);
}

/* All bound and clean; the device has everything, the guest nothing yet. */
static void setup(const struct size *s)
{
	unsigned int apid;

	memset(&device, 0, sizeof(device));
	memset(&queues, 0, sizeof(queues));
	host = (struct ap_matrix){ first(s->adapters), first(s->domains), first(s->domains) };
	for (apid = 0; apid < s->adapters; apid++)
		queues.bound[apid] = queues.clean[apid] = host.aqm;
	device.assigned = host;
}

static void run_filter(unsigned int n)
{
	static struct ap_filtered out;

	(void)n;
	apm_filter(&device.assigned, &host, &queues, &device.shadow, &out);
	sink += out.shadow.apm.w[0];
}

static void run_next(unsigned int n)
{
	struct ap_matrix next = apm_device_next(&device, &host, &queues);

	(void)n;
	sink += next.apm.w[0];
}

/* One matrix against n others, none of which conflicts: the longest way. */
static void run_conflict(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		sink += apm_matrix_conflict(&device.assigned, &others[i].assigned, NULL);
}

/* A commit of n devices: all claims, to the end. */
static void run_claims(unsigned int n)
{
	unsigned int i, apid, apqi;

	memset(&claims, 0, sizeof(claims));
	for (i = 0; i < n; i++)
		sink += apm_claims_add(&claims, &others[i].assigned, &apid, &apqi);
}

static void run_config_text(unsigned int n)
{
	char text[AP_CONFIG_TEXT + 1];
	struct ap_matrix m;

	(void)n;
	apm_text_put_config(&device.assigned, text);
	text[AP_CONFIG_TEXT] = '\0';
	sink += apm_text_config(text, &m);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Calls a round, so that a round is long enough. */
static unsigned long calibrate(void (*run)(unsigned int), unsigned int n)
{
	unsigned long calls = 1, i, start;

	for (;; calls *= 2) {
		start = now();
		for (i = 0; i < calls; i++)
			run(n);
		if (now() - start >= ROUND_NS)
			return calls;
	}
}

static double median_ns(void (*run)(unsigned int), unsigned int n)
{
	unsigned long calls = calibrate(run, n), i, start;
	static double took[ROUNDS];
	int round;

	for (round = 0; round < ROUNDS; round++) {
		start = now();
		for (i = 0; i < calls; i++)
			run(n);
		took[round] = (double)(now() - start) / calls;
	}
	qsort(took, ROUNDS, sizeof(*took), by_value);
	return took[ROUNDS / 2];
}

static void line(bool json, const char *what, const char *size, const char *unit, double ns)
{
	static bool more;

	if (json)
		printf("%s\n  \"%s_%s%s\": %.1f", more ? "," : "", what, size, unit, ns);
	else
		printf("%-12s %8s%-10s %12.1f ns\n", what, size, unit, ns);
	more = true;
}

/* n matrices side by side: as many adapters as there are, then the next domains. */
static void spread(void)
{
	unsigned int i;

	memset(others, 0, sizeof(others));
	for (i = 0; i < DEVICES_MAX; i++) {
		apm_mask_set(&others[i].assigned.apm, i % AP_IDS);
		apm_mask_set(&others[i].assigned.aqm, 200 + i / AP_IDS);
	}
}

static void bench_size(bool json, const struct size *s)
{
	setup(s);
	line(json, "filter", s->name, "", median_ns(run_filter, 0));
	line(json, "next", s->name, "", median_ns(run_next, 0));
	device.shadow = host;
	line(json, "next_noop", s->name, "", median_ns(run_next, 0));
	line(json, "config_text", s->name, "", median_ns(run_config_text, 0));
}

static void bench_count(bool json, unsigned int n)
{
	char count[16];

	snprintf(count, sizeof(count), "%u", n);
	line(json, "conflict", count, "_devices", median_ns(run_conflict, n));
	line(json, "claims", count, "_devices", median_ns(run_claims, n));
}

int main(int argc, char **argv)
{
	bool json = argc > 1 && !strcmp(argv[1], "--json");
	size_t i;

	if (json)
		printf("{");
	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		bench_size(json, &sizes[i]);
	setup(&sizes[0]);
	spread();
	for (i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		bench_count(json, counts[i]);
	if (json)
		printf("\n}\n");
	return 0;
}
