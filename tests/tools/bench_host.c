// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The simulated host of apbench: sysfs, guests, and what the simulator counted.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "bench.h"

extern char **environ;

void die(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("apbench: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* One write(2): 0 or the errno. */
int put(const char *path, const char *text)
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

void must(const char *path, const char *text)
{
	int rc = put(path, text);

	if (rc)
		die("cannot write \"%.40s\" to %s: %s", text, path, strerror(rc));
}

char *get(const char *path, char *buf, size_t size)
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

const char *attr(unsigned int dev, const char *name)
{
	static char path[4][PATH_MAX];
	static int turn;

	turn = (turn + 1) % 4;
	snprintf(path[turn], PATH_MAX, MATRIX "/" UUID "/%s", dev, name);
	return path[turn];
}

void create(unsigned int dev)
{
	char uuid[40];

	snprintf(uuid, sizeof(uuid), UUID, dev);
	must(CREATE, uuid);
}

void destroy(unsigned int dev)
{
	must(attr(dev, "remove"), "1");
}

/* adapters [a, a+na) × domains [d, d+nd) */
struct ap_matrix block(unsigned int a, unsigned int na, unsigned int d, unsigned int nd)
{
	struct ap_matrix m = APM_MATRIX_NONE;

	while (na--)
		apm_mask_set(&m.apm, a + na);
	while (nd--)
		apm_mask_set(&m.aqm, d + nd);
	return m;
}

const char *config(const struct ap_matrix *m)
{
	static char text[4][AP_CONFIG_TEXT + 1];
	static int turn;

	turn = (turn + 1) % 4;
	apm_text_put_config(m, text[turn]);
	text[turn][AP_CONFIG_TEXT] = '\0';
	return text[turn];
}

void assign(unsigned int dev, const struct ap_matrix *m)
{
	must(attr(dev, "ap_config"), config(m));
}

void stage(unsigned int dev, const struct ap_matrix *m)
{
	must(attr(dev, "staged_config"), config(m));
}

/* Waits until a device has what it should. */
void settle_to(unsigned int dev, const struct ap_matrix *m)
{
	char have[AP_CONFIG_TEXT + 2];
	double end = now_ns() + 20e9;

	do {
		if (!strcmp(get(attr(dev, "guest_config"), have, sizeof(have)), config(m)))
			return;
		usleep(2000);
	} while (now_ns() < end);
	die("device %u did not get what it is to have in 20 s", dev);
}

/* Waits until it has all that it is assigned. */
void settle(unsigned int dev)
{
	char text[AP_CONFIG_TEXT + 2];
	struct ap_matrix m;

	if (apm_text_config(get(attr(dev, "ap_config"), text, sizeof(text)), &m))
		die("ap_config of device %u cannot be read", dev);
	settle_to(dev, &m);
}

/* Waits until nothing of a device is being reset. */
void wait_settled(unsigned int dev)
{
	static char text[1 << 22];
	double end = now_ns() + 60e9;

	while (strstr(get(attr(dev, "filtered"), text, sizeof(text)), "reset in progress")) {
		if (now_ns() > end)
			die("queues of device %u are being reset after 60 s", dev);
		usleep(20000);
	}
}

/* A guest is an apvfio process that holds a device open. */
struct guest start_guest(unsigned int dev)
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

void end_guest(struct guest *g)
{
	close(g->in);
	waitpid(g->pid, NULL, 0);
}

long long counter(const char *name)
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
long resets_of(const struct ap_matrix *m)
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
long long guest_commits(unsigned int dev)
{
	char name[80];

	snprintf(name, sizeof(name), "guest " UUID " commits", dev);
	return counter(name);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double quantile(double *v, int n, double q)
{
	qsort(v, (size_t)n, sizeof(*v), compare);
	return v[(int)((n - 1) * q)];
}
