// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a write costs, by number of devices, size of the matrix, and size of the host.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "bench.h"

#define SAMPLES 200
#define ROUNDS 5

/* In reads */
struct cost {
	double assign;
	double config;
	double conflict;
};

/* The quietest round's median of a read, in ns */
static double read_ns;

static double time_read(void)
{
	double start = now_ns();
	char text[32];

	get(attr(1, "generation"), text, sizeof(text));
	return now_ns() - start;
}

/*
 * The median of what @fn costs, in reads of a number from sysfs. Each has a read beside it: an emulated
 * machine on a busy host has slow moments, and these slow both.
 */
static double reads_of(double (*fn)(const struct ap_matrix *m, int i), const struct ap_matrix *m)
{
	static double ratio[ROUNDS * SAMPLES], beside[SAMPLES];
	double median, cost;
	int i, round;

	for (round = 0; round < ROUNDS; round++) {
		for (i = 0; i < SAMPLES; i++) {
			cost = fn(m, i);
			beside[i] = time_read();
			ratio[round * SAMPLES + i] = cost / beside[i];
		}
		median = quantile(beside, SAMPLES, 0.5);
		if (!read_ns || median < read_ns)
			read_ns = median;
		usleep(300000);
	}
	return quantile(ratio, ROUNDS * SAMPLES, 0.5);
}

/* Takes one domain of a full matrix away and adds it again. */
static double time_assign(const struct ap_matrix *m, int i)
{
	double start;

	if (!i)
		assign(1, m);
	must(attr(1, "unassign_domain"), "0");
	start = now_ns();
	must(attr(1, "assign_domain"), "0");
	return now_ns() - start;
}

static double time_config(const struct ap_matrix *m, int i)
{
	const struct ap_matrix none = block(0, 0, 0, 0);
	double start;

	(void)i;
	assign(1, &none);
	start = now_ns();
	assign(1, m);
	return now_ns() - start;
}

/* Refused for what the device made last has, so that all of them are looked at. */
static double time_conflict(const struct ap_matrix *m, int i)
{
	const struct ap_matrix none = block(0, 0, 0, 0);
	double start;
	int rc;

	if (!i)
		assign(1, &none);
	start = now_ns();
	rc = put(attr(1, "ap_config"), config(m));
	if (rc != EADDRINUSE)
		die("expected a conflict, got %s", rc ? strerror(rc) : "success");
	return now_ns() - start;
}

static struct cost measure(unsigned int devices, const struct ap_matrix *m)
{
	const struct ap_matrix corner = block(0, 1, 0, 1), none = block(0, 0, 0, 0);
	struct cost c;

	c.assign = reads_of(time_assign, m);
	c.config = reads_of(time_config, m);
	assign(1, &none);
	assign(devices + 1, &corner);
	c.conflict = reads_of(time_conflict, m);
	assign(devices + 1, &none);
	return c;
}

/*
 * Device 1 is measured, device N+1 gets in its way. Each of the others has a queue beside the
 * 16 × 85, so that its masks have to be looked at; beside 256 × 256 there is none left, and it
 * has an adapter only.
 */
static void populate(unsigned int made, unsigned int count, bool big)
{
	struct ap_matrix m;
	unsigned int dev;

	for (dev = 1; dev <= count; dev++) {
		if (dev > made)
			create(dev);
		m = big ? block(dev % 256, 1, 0, 0) : block(dev % 16, 1, DOMAINS + dev / 16, 1);
		if (dev > 1 && dev < count)
			assign(dev, &m);
	}
}

static void print_costs(const char *name, const struct cost *c, const unsigned int *devices, int n,
			size_t offset)
{
	static const char *const sizes[] = { "16x85", "256x256" };
	const char *sep = "";
	int i, s;

	printf("\"%s\": {", name);
	for (i = 0; i < n; i++)
		for (s = 0; s < 2; s++, sep = ", ")
			printf("%s\"%u devices, %s\": %.0f", sep, devices[i], sizes[s],
			       *(const double *)((const char *)&c[2 * i + s] + offset) * read_ns);
	printf("}");
}

void run_cost(int n, char **counts)
{
	const struct ap_matrix small = block(0, ADAPTERS, 0, DOMAINS), big = block(0, 256, 0, 256);
	unsigned int devices[8] = { 0 }, made = 0;
	struct cost c[16] = { { 0 } };
	int i;

	if (n > 8)
		die("%d numbers of devices are too many", n);
	for (i = 0; i < n; i++) {
		devices[i] = (unsigned int)atoi(counts[i]);
		populate(made, devices[i] + 1, false);
		made = devices[i] + 1;
		c[2 * i] = measure(devices[i], &small);
		populate(made, made, true);
		c[2 * i + 1] = measure(devices[i], &big);
	}
	print_costs("assign_ns", c, devices, n, offsetof(struct cost, assign));
	printf(", ");
	print_costs("ap_config_ns", c, devices, n, offsetof(struct cost, config));
	printf(", ");
	print_costs("conflict_ns", c, devices, n, offsetof(struct cost, conflict));
	printf(", \"read_ns\": %.0f", read_ns);
	while (made)
		destroy(made--);
}

/* The same write on hosts with more or fewer queues, when none of them is being reset any more. */
void run_host(const char *name)
{
	const struct ap_matrix m = block(0, ADAPTERS, 0, DOMAINS), all = block(0, 256, 0, 256);

	create(1);
	assign(1, &all);
	wait_settled(1);
	printf("\"assign_reads_host_%s\": %.2f", name, reads_of(time_assign, &m));
	destroy(1);
}

/* The slowest of a device's writes of a control domain until a time. */
static double slowest_write(unsigned int dev, double until)
{
	double start, worst = 0;

	while ((start = now_ns()) < until) {
		must(attr(dev, "assign_control_domain"), "5");
		must(attr(dev, "unassign_control_domain"), "5");
		if (now_ns() - start > worst)
			worst = now_ns() - start;
	}
	return worst / 2;
}

/* All queues of the largest host: assigned in one write, and lost by a guest, while another device is written to. */
void run_large(void)
{
	const struct ap_matrix all = block(0, 256, 0, 256), none = block(0, 0, 0, 0);
	double assigned, lost, before, meanwhile;
	struct guest g;

	create(1);
	create(2);
	assign(1, &all);
	wait_settled(1);
	assigned = reads_of(time_config, &all) * read_ns;
	g = start_guest(1);
	settle(1);
	before = slowest_write(2, now_ns() + 2e9);
	lost = now_ns();
	assign(1, &none);
	lost = now_ns() - lost;
	meanwhile = slowest_write(2, now_ns() + 2e9);
	printf("\"assign_65536_queues_ns\": %.0f, \"lose_65536_queues_ns\": %.0f, "
	       "\"slowest_other_write_ns_before\": %.0f, \"slowest_other_write_ns_meanwhile\": %.0f",
	       assigned, lost, before, meanwhile);
	end_guest(&g);
	destroy(1);
	destroy(2);
}
