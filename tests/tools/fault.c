// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Steps of apvfio for allocation failures: the Nth allocation that the kernel makes for the next
 * step fails, by /proc/self/fail-nth (Linux, Documentation/fault-injection/fault-injection.rst);
 * and steps that are one system call on a file.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "fault.h"

static int fail_fd = -1;
static int fail_n; /* of the next step; 0: none */
static bool armed, injected;

static int set_nth(int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", n);

	return pwrite(fail_fd, text, len, 0) == len ? 0 : -1;
}

int step_fail(const char *n)
{
	fail_n = atoi(n);
	if (fail_fd < 0)
		fail_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	return fail_fd;
}

/* The allocation that opens the file, or any of the step before, is not to be counted. */
void fault_begin(void)
{
	armed = fail_n > 0 && fail_fd >= 0;
	if (armed && set_nth(fail_n) < 0)
		armed = false;
	fail_n = 0;
}

/* Sees whether there were as many allocations: what is left of N is 0 when one failed. */
void fault_end(void)
{
	int saved = errno;
	char text[16] = "";

	if (!armed)
		return;
	armed = false;
	if (pread(fail_fd, text, sizeof(text) - 1, 0) < 0)
		perror("apvfio: fail-nth");
	set_nth(0);
	injected = !atoi(text);
	errno = saved;
}

/* Were there N allocations in the last step before which step_fail() was called? */
bool fault_injected(void)
{
	return injected;
}

/* PATH=VALUE: one write(2). */
int step_write(const char *arg)
{
	const char *value = strchr(arg, '=');
	char path[4096];
	ssize_t n;
	int fd;

	if (!value || (size_t)(value - arg) >= sizeof(path)) {
		errno = EINVAL;
		return -1;
	}
	snprintf(path, sizeof(path), "%.*s", (int)(value - arg), arg);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	n = write(fd, value + 1, strlen(value + 1));
	if (n < 0) {
		int saved = errno;

		close(fd);
		errno = saved;
		return -1;
	}
	close(fd);
	return 0;
}

static unsigned int sum = 2166136261;

unsigned int fault_sum(void)
{
	return sum;
}

/* FNV-1a (RFC 9923) */
static void add_to_sum(const char *buf, ssize_t n)
{
	ssize_t i;

	for (i = 0; i < n; i++)
		sum = (sum ^ (unsigned char)buf[i]) * 16777619;
}

int step_read(const char *path)
{
	static char buf[65536];
	int fd = open(path, O_RDONLY | O_CLOEXEC), saved;
	ssize_t n;

	if (fd < 0)
		return -1;
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		add_to_sum(buf, n);
	saved = errno;
	close(fd);
	errno = saved;
	return n < 0 ? -1 : 0;
}

static int watched = -1;

/* An attribute, read once: from now on sysfs_notify() of it counts. */
int step_watch(const char *path)
{
	char buf[4096];

	if (watched >= 0)
		close(watched);
	watched = open(path, O_RDONLY | O_CLOEXEC);
	return watched < 0 || read(watched, buf, sizeof(buf)) < 0 ? -1 : 0;
}

/* Linux, Documentation/filesystems/sysfs.rst: POLLPRI, and a new read from the beginning. */
int step_notified(int ms)
{
	struct pollfd p = { .fd = watched, .events = POLLPRI };
	char buf[4096];

	if (poll(&p, 1, ms) <= 0 || !(p.revents & POLLPRI)) {
		errno = ETIMEDOUT;
		return -1;
	}
	return pread(watched, buf, sizeof(buf), 0) < 0 ? -1 : 0;
}

/* PATH=PARAMETERS */
int step_insmod(const char *arg)
{
	const char *params = strchr(arg, '=');
	char path[4096];
	int fd, rc, saved;

	snprintf(path, sizeof(path), "%.*s", params ? (int)(params - arg) : (int)strlen(arg), arg);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	rc = syscall(SYS_finit_module, fd, params ? params + 1 : "", 0);
	saved = errno;
	close(fd);
	errno = saved;
	return rc;
}
