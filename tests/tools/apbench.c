// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Measures vfio_ap through sysfs, on a simulated host of 16 adapters × 85 domains whose queues
 * are all given to guests. Prints what it measured as one JSON object; figures that are times
 * are meant to be compared with each other, within one run.
 *
 * usage: apbench counts|latency|cost DEVICES…|host NAME
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "ap_text.h"

#define MATRIX "/sys/devices/vfio_ap/matrix"
#define CREATE MATRIX "/mdev_supported_types/vfio_ap-passthrough/create"
#define FAULTS "/sys/kernel/debug/ap_sim"
#define UUID "00000000-0000-4000-8000-%012x"
#define UUID_2 "00000000-0000-4000-8000-000000000002\n"
#define ADAPTERS 16
#define DOMAINS 85

extern char **environ;

static void __attribute__((format(printf, 1, 2), noreturn)) die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("apbench: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* One write(2): 0 or the errno. */
static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;
	int rc;

	if (fd < 0)
		return errno;
	n = write(fd, text, strlen(text));
	rc = n < 0 ? errno : n == (ssize_t)strlen(text) ? 0 : EIO;
	close(fd);
	return rc;
}

static void must(const char *path, const char *text)
{
	int rc = put(path, text);

	if (rc)
		die("cannot write \"%.40s\" to %s: %s", text, path, strerror(rc));
}

static char *get(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n, total = 0;

	if (fd < 0)
		die("cannot open %s: %s", path, strerror(errno));
	while ((n = read(fd, buf + total, size - 1 - (size_t)total)) > 0)
		total += n;
	close(fd);
	buf[total] = '\0';
	return buf;
}

static const char *attr(unsigned int dev, const char *name)
{
	static char path[4][PATH_MAX];
	static int turn;

	turn = (turn + 1) % 4;
	snprintf(path[turn], PATH_MAX, MATRIX "/" UUID "/%s", dev, name);
	return path[turn];
}

static void create(unsigned int dev)
{
	char uuid[40];

	snprintf(uuid, sizeof(uuid), UUID, dev);
	must(CREATE, uuid);
}

static void destroy(unsigned int dev)
{
	must(attr(dev, "remove"), "1");
}

/* adapters [a, a+na) × domains [d, d+nd) */
static struct ap_matrix block(unsigned int a, unsigned int na, unsigned int d, unsigned int nd)
{
	struct ap_matrix m = { .apm = APM_MASK_NONE };

	while (na--)
		apm_mask_set(&m.apm, a + na);
	while (nd--)
		apm_mask_set(&m.aqm, d + nd);
	return m;
}

static const char *config(const struct ap_matrix *m)
{
	static char text[4][AP_CONFIG_TEXT + 1];
	static int turn;

	turn = (turn + 1) % 4;
	apm_text_put_config(m, text[turn]);
	text[turn][AP_CONFIG_TEXT] = '\0';
	return text[turn];
}

static void assign(unsigned int dev, const struct ap_matrix *m)
{
	must(attr(dev, "ap_config"), config(m));
}

/* Waits until a device has all that it is assigned. */
static void settle(unsigned int dev)
{
	char want[AP_CONFIG_TEXT + 2], have[AP_CONFIG_TEXT + 2];
	double end = now_ns() + 20e9;

	do {
		get(attr(dev, "ap_config"), want, sizeof(want));
		get(attr(dev, "guest_config"), have, sizeof(have));
		if (!strcmp(want, have))
			return;
		usleep(2000);
	} while (now_ns() < end);
	die("device %u did not get what it is assigned in 20 s", dev);
}

/* Waits until nothing of a device is being reset. */
static void wait_settled(unsigned int dev)
{
	static char text[1 << 22];
	double end = now_ns() + 60e9;

	while (strstr(get(attr(dev, "filtered"), text, sizeof(text)), "reset in progress")) {
		if (now_ns() > end)
			die("queues of device %u are being reset after 60 s", dev);
		usleep(20000);
	}
}

/* --- guests: apvfio processes that hold a device open ------------------------------------ */

struct guest {
	pid_t pid;
	int in;
};

static struct guest start_guest(unsigned int dev)
{
	char step[64], line[256];
	char name[] = "apvfio", hold[] = "hold";
	char *argv[] = { name, step, hold, NULL };
	posix_spawn_file_actions_t actions;
	struct guest g;
	int in[2], out[2];
	FILE *f;

	snprintf(step, sizeof(step), "open:" UUID, dev);
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		die("no pipe: %s", strerror(errno));
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], 0);
	posix_spawn_file_actions_adddup2(&actions, out[1], 1);
	if (posix_spawnp(&g.pid, "apvfio", &actions, NULL, argv, environ))
		die("cannot start apvfio");
	posix_spawn_file_actions_destroy(&actions);
	close(in[0]);
	close(out[1]);
	g.in = in[1];
	f = fdopen(out[0], "r");
	while (fgets(line, sizeof(line), f) && strcmp(line, "held\n"))
		if (!strstr(line, ": ok"))
			die("guest %u: %s", dev, line);
	fclose(f);
	return g;
}

static void end_guest(struct guest *g)
{
	close(g->in);
	waitpid(g->pid, NULL, 0);
}

/* --- what the simulator counted ---------------------------------------------------------- */

static long long counter(const char *name)
{
	static char text[65536];
	char line[64], *at;

	get(FAULTS "/counters", text, sizeof(text));
	snprintf(line, sizeof(line), "\n%s ", name);
	at = strstr(text, line);
	if (!at)
		die("the simulator has no counter %s", name);
	return atoll(at + strlen(line));
}

/* All resets so far of the queues of @m. */
static long resets_of(const struct ap_matrix *m)
{
	static char text[1 << 20];
	unsigned int apid, apqi;
	long sum = 0, n;
	char *line;

	get(FAULTS "/resets", text, sizeof(text));
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (sscanf(line, "%x.%x %ld", &apid, &apqi, &n) == 3 &&
		    apm_matrix_has(m, apid, apqi))
			sum += n;
	return sum;
}

/* Commits to the guest of device @dev so far. */
static long long guest_commits(unsigned int dev)
{
	char name[80];

	snprintf(name, sizeof(name), "guest " UUID " commits", dev);
	return counter(name);
}

static long long step_commits(long long *before)
{
	long long now = counter("commits"), n = now - *before;

	*before = now;
	return n;
}

#define RAISE(max, value)               \
	do {                            \
		long long v_ = (value); \
		if (v_ > (max))         \
			(max) = v_;     \
	} while (0)

/* Waits until what a guest lost is clean again: device 2, which nobody has open, gets it. */
static void drain(const struct ap_matrix *old, const struct ap_matrix *new)
{
	const struct ap_matrix none = block(0, 0, 0, 0);
	struct ap_matrix lost = *old;

	lost.apm = apm_mask_andnot(&old->apm, &new->apm);
	assign(2, &lost);
	settle(2);
	lost.apm = old->apm;
	lost.aqm = apm_mask_andnot(&old->aqm, &new->aqm);
	assign(2, &lost);
	settle(2);
	assign(2, &none);
}

/*
 * Random mixtures of adds and removes on a running guest, of which 03.0003 stays all the time; what
 * comes is clean soon: nothing of it left this guest just before.
 */
static void count_writes(unsigned int rounds, long long *changing, long long *noop, long *resets)
{
	struct guest g = start_guest(1);
	struct ap_matrix m = block(3, 1, 3, 1), old, staying;
	long before;
	long long at;
	unsigned int i, k;

	assign(1, &m);
	settle(1);
	for (i = 0; i < rounds; i++) {
		old = m;
		for (k = 0; k < 4; k++) {
			apm_mask_assign(&m.apm, (unsigned int)rand() % ADAPTERS, rand() & 1);
			apm_mask_assign(&m.aqm, (unsigned int)rand() % DOMAINS, rand() & 1);
		}
		apm_mask_set(&m.apm, 3);
		apm_mask_set(&m.aqm, 3);
		staying = apm_matrix_and(&old, &m);
		before = resets_of(&staying);
		at = counter("commits");
		assign(1, &m);
		settle(1);
		RAISE(*changing, step_commits(&at));
		assign(1, &m);
		RAISE(*noop, step_commits(&at));
		*resets += resets_of(&staying) - before;
		drain(&old, &m);
	}
	end_guest(&g);
}

static void stage(unsigned int dev, const struct ap_matrix *m)
{
	must(attr(dev, "staged_config"), config(m));
}

/* Queues move from one running guest to another, and are swapped between them. */
static void count_commits(unsigned int rounds, long long *move, long long *swap)
{
	const struct ap_matrix a = block(0, 4, 0, 8), b = block(4, 4, 0, 8);
	const struct ap_matrix more = block(0, 8, 0, 8), none = block(0, 0, 0, 0);
	struct guest g1, g2;
	long long at1, at2;
	unsigned int i;

	assign(1, &none);
	g1 = start_guest(1);
	g2 = start_guest(2);
	for (i = 0; i < rounds; i++) {
		assign(1, &a);
		assign(2, &b);
		settle(1);
		settle(2);
		at1 = guest_commits(1);
		at2 = guest_commits(2);
		stage(1, &none);
		stage(2, &more);
		must(MATRIX "/commit", "all\n");
		settle(2);
		RAISE(*move, guest_commits(1) - at1);
		RAISE(*move, guest_commits(2) - at2);
		assign(2, &b);
		assign(1, &a);
		settle(1);
		settle(2);
		at1 = guest_commits(1);
		at2 = guest_commits(2);
		stage(1, &b);
		stage(2, &a);
		must(MATRIX "/commit", "all\n");
		settle(1);
		settle(2);
		RAISE(*swap, guest_commits(1) - at1);
		RAISE(*swap, guest_commits(2) - at2);
		assign(1, &none);
		assign(2, &none);
	}
	end_guest(&g1);
	end_guest(&g2);
}

static void run_counts(void)
{
	long long changing = 0, noop = 0, move = 0, swap = 0;
	long resets = 0;

	create(1);
	create(2);
	count_writes(100, &changing, &noop, &resets);
	count_commits(20, &move, &swap);
	printf("\"commits_per_changing_write_max\": %lld, \"commits_per_noop_write_max\": %lld, "
	       "\"resets_of_staying_queues\": %ld, \"move_commits_max\": %lld, "
	       "\"swap_commits_max\": %lld, \"invariant_breaches\": %lld",
	       changing, noop, resets, move, swap, counter("breaches"));
	destroy(1);
	destroy(2);
}

/* --- latency of others while a reset is stuck ------------------------------------------------ */

#define OPERATIONS 2000
#define BLOCK 200
#define KINDS 4

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double quantile(double *v, int n, double q)
{
	qsort(v, (size_t)n, sizeof(*v), compare);
	return v[(int)((n - 1) * q)];
}

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
	} else {
		must(FAULTS "/00", "clear\n");
		settle(3);
		assign(3, &none);
		usleep(200000);
	}
}

/*
 * Two kinds are done at once and two wait for resets of their own, so that a median of all
 * would be the slowest of the fast or the fastest of the slow: each kind has its own. The
 * largest ratio of them.
 */
static double ratio_of_medians(const double *with, const double *without)
{
	double a[OPERATIONS / KINDS], b[OPERATIONS / KINDS], ratio, worst = 0;
	int kind, i;

	for (kind = 0; kind < KINDS; kind++) {
		for (i = 0; i < OPERATIONS / KINDS; i++) {
			a[i] = with[i * KINDS + kind];
			b[i] = without[i * KINDS + kind];
		}
		ratio = quantile(a, OPERATIONS / KINDS, 0.5) / quantile(b, OPERATIONS / KINDS, 0.5);
		if (ratio > worst)
			worst = ratio;
	}
	return worst;
}

static void run_latency(void)
{
	static double with[OPERATIONS], without[OPERATIONS];
	struct guest g1, g2, g3;
	double median;
	int i, n = 0;

	create(1);
	create(2);
	create(3);
	g1 = start_guest(1);
	g2 = start_guest(2);
	g3 = start_guest(3);
	for (i = 0; i < BLOCK; i++)
		operation(i);
	while (n < OPERATIONS) {
		for (i = 0; i < BLOCK; i++)
			without[n + i] = operation(i);
		stuck(true);
		for (i = 0; i < BLOCK; i++)
			with[n + i] = operation(i);
		stuck(false);
		n += BLOCK;
	}
	median = ratio_of_medians(with, without);
	printf("\"stuck_reset_operations\": %d, \"stuck_reset_latency_ratio_median\": %.3f, "
	       "\"stuck_reset_latency_ratio_p99\": %.3f",
	       n, median, quantile(with, n, 0.99) / quantile(without, n, 0.99));
	end_guest(&g1);
	end_guest(&g2);
	end_guest(&g3);
	destroy(1);
	destroy(2);
	destroy(3);
}

/* --- cost by number of devices and size ------------------------------------------------------ */

#define SAMPLES 200

struct cost {
	double assign;
	double config;
	double conflict;
};

static double median_of(double (*fn)(const struct ap_matrix *m, int i), const struct ap_matrix *m)
{
	static double v[SAMPLES];
	int i;

	for (i = 0; i < SAMPLES; i++)
		v[i] = fn(m, i);
	return quantile(v, SAMPLES, 0.5);
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

	c.assign = median_of(time_assign, m);
	c.config = median_of(time_config, m);
	assign(1, &none);
	assign(devices + 1, &corner);
	c.conflict = median_of(time_conflict, m);
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
			       *(const double *)((const char *)&c[2 * i + s] + offset));
	printf("}");
}

static void run_cost(int n, char **counts)
{
	const struct ap_matrix small = block(0, ADAPTERS, 0, DOMAINS), big = block(0, 256, 0, 256);
	unsigned int devices[8], made = 0;
	struct cost c[16];
	int i;

	for (i = 0; i < n && i < 8; i++) {
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
	while (made)
		destroy(made--);
}

/* The same write on hosts with more or fewer queues, when none of them is being reset any more. */
static void run_host(const char *name)
{
	const struct ap_matrix m = block(0, ADAPTERS, 0, DOMAINS), all = block(0, 256, 0, 256);

	create(1);
	assign(1, &all);
	wait_settled(1);
	printf("\"assign_ns_host_%s\": %.0f", name, median_of(time_assign, &m));
	destroy(1);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	srand(4711);
	printf("{");
	if (!strcmp(what, "counts"))
		run_counts();
	else if (!strcmp(what, "latency"))
		run_latency();
	else if (!strcmp(what, "cost") && argc > 2)
		run_cost(argc - 2, argv + 2);
	else if (!strcmp(what, "host") && argc == 3)
		run_host(argv[2]);
	else
		die("usage: apbench counts|latency|cost DEVICES…|host NAME");
	printf("}\n");
	return 0;
}
