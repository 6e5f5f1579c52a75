// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * One step with its Nth allocation failing, for N = 1, 2, … (or a wider stride) until it needs fewer. Each time it either
 * fails with ENOMEM, and all that can be read of devices and bus is as it was, bit for bit; or it
 * succeeds, and has done and read the same as without a failure, and what undoes it brings the state
 * before back.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "every.h"
#include "fault.h"

#define SETTLE_SECONDS 60
#define WRONG_MAX 5

/*
 * Without the generation, which may grow, and available_instances, of which Linux loses one when there
 * is no memory for the device (drivers/vfio/mdev/mdev_core.c, mdev_device_create()).
 */
static const char *const files[] = {
	"/sys/devices/vfio_ap/matrix/features",
	"/sys/devices/vfio_ap/matrix/*-*/ap_config",
	"/sys/devices/vfio_ap/matrix/*-*/control_domains",
	"/sys/devices/vfio_ap/matrix/*-*/filtered",
	"/sys/devices/vfio_ap/matrix/*-*/guest_config",
	"/sys/devices/vfio_ap/matrix/*-*/guest_matrix",
	"/sys/devices/vfio_ap/matrix/*-*/matrix",
	"/sys/devices/vfio_ap/matrix/*-*/staged_config",
	"/sys/devices/ap/card*/*.*/reset_state",
	"/sys/devices/ap/card*/*.*/status",
	"/sys/bus/ap/apmask",
	"/sys/bus/ap/aqmask",
	"/sys/bus/ap/bindings",
};

/*
 * Not /sys/kernel/iommu_groups: when a group's device cannot be made, Linux keeps its IOMMU group
 * (drivers/vfio/group.c, vfio_create_group(): the reference is put by vfio_device_remove_group() only).
 */
static const char *const folders[] = {
	"/dev/vfio",
	"/dev/vfio/devices",
	"/sys/devices/vfio_ap/matrix",
};
#define DEV_FOLDERS 2

#define GENERATION "/sys/devices/vfio_ap/matrix/*-*/generation"

static glob_t paths;
static size_t loose_paths; /* without the generations, the last ones */

struct text {
	char *s;
	size_t len;
};

static void add(struct text *t, const char *fmt, ...)
{
	va_list args;
	char *more;
	int n;

	va_start(args, fmt);
	n = vasprintf(&more, fmt, args);
	va_end(args);
	t->s = n < 0 ? NULL : realloc(t->s, t->len + (size_t)n + 1);
	if (!t->s)
		abort();
	memcpy(t->s + t->len, more, (size_t)n + 1);
	t->len += (size_t)n;
	free(more);
}

static void add_file(struct text *t, const char *path)
{
	static char buf[1 << 16];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);

	add(t, "%s: %.*s\n", path, n < 0 ? 0 : (int)n, buf);
	if (fd >= 0)
		close(fd);
}

static void add_folder(struct text *t, const char *path)
{
	struct dirent **names;
	int i, n = scandir(path, &names, NULL, alphasort);

	for (i = 0; i < n; i++) {
		add(t, "%s/%s\n", path, names[i]->d_name);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

/* @dev: the length of the folders in /dev; @loose: that without what comes last, the generations */
struct state {
	char *text;
	size_t dev;
	size_t loose;
};

static struct state state(void)
{
	struct text t = { NULL, 0 };
	struct state s;
	size_t i;

	for (i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		add_folder(&t, folders[i]);
		if (i == DEV_FOLDERS - 1)
			s.dev = t.len;
	}
	for (i = 0; i < paths.gl_pathc; i++) {
		if (i == loose_paths)
			s.loose = t.len;
		add_file(&t, paths.gl_pathv[i]);
	}
	if (i == loose_paths)
		s.loose = t.len;
	s.text = t.s;
	return s;
}

/*
 * The files that there are now, which is when all is as it is to be again: what comes shows in the
 * folders, what goes cannot be read.
 */
static void find_files(void)
{
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(*files); i++)
		glob(files[i], i ? GLOB_APPEND : 0, NULL, &paths);
	loose_paths = paths.gl_pathc;
	glob(GENERATION, GLOB_APPEND, NULL, &paths);
}

/* No reset is under way any more, and every queue has a driver. */
static bool is_settled(const char *text)
{
	return !strstr(text, "in progress") && !strstr(text, "waits for") &&
	       strstr(text, "(complete)");
}

/* The state, when it stays as it is. */
static struct state settled(void)
{
	time_t end = time(NULL) + SETTLE_SECONDS;
	struct state s;

	for (;;) {
		s = state();
		if (is_settled(s.text) || time(NULL) > end)
			return s;
		free(s.text);
		usleep(5000);
	}
}

/* The first line that differs. */
static void show_difference(const char *what, int n, const char *before, const char *now)
{
	size_t line = 0, i;

	for (i = 0; before[i] && before[i] == now[i]; i++)
		if (before[i] == '\n')
			line = i + 1;
	printf("# allocation %d, %s: \"%.*s\" has become \"%.*s\"\n", n, what,
	       (int)strcspn(before + line, "\n"), before + line, (int)strcspn(now + line, "\n"),
	       now + line);
}

/* What became of the last of some steps: errno, or 0; whether an allocation failed; what was read. */
struct outcome {
	int error;
	bool injected;
	unsigned int sum;
};

/* In a process of its own, so that all is closed again. */
static struct outcome play(char **steps, int count, int fail_n)
{
	struct outcome o = { .error = -1 };
	int fds[2], i, rc = 0;
	char n[16];
	pid_t pid;

	if (pipe(fds))
		abort();
	fflush(stdout);
	pid = fork();
	if (!pid) {
		snprintf(n, sizeof(n), "%d", fail_n);
		for (i = 0; i < count && rc >= 0; i++) {
			if (i == count - 1 && fail_n)
				step_fail(n);
			rc = every_step(steps[i]);
			o.error = rc < 0 ? errno : 0;
		}
		o.injected = fault_injected();
		o.sum = fault_sum();
		if (i < count)
			o.error = -1; /* not the last one */
		_exit(write(fds[1], &o, sizeof(o)) != sizeof(o));
	}
	close(fds[1]);
	if (read(fds[0], &o, sizeof(o)) != sizeof(o))
		o.error = -1;
	close(fds[0]);
	waitpid(pid, NULL, 0);
	return o;
}

static bool alike(const struct state *a, const struct state *b)
{
	return a->loose == b->loose && !memcmp(a->text, b->text, a->loose);
}

/* Is all as it was, the generations included when @strict? Takes the new state for the old one. */
static bool same(const char *what, int n, struct state *before, bool strict)
{
	struct state now = settled();
	bool is = strict ? !strcmp(before->text, now.text) : alike(before, &now);

	if (!is)
		show_difference(what, n, before->text, now.text);
	free(before->text);
	*before = now;
	return is;
}

/* What the step does, and reads, when nothing fails. */
struct usual {
	struct state after;
	unsigned int sum;
};

static bool undo(struct every *e)
{
	return !e->undo_count || !play(e->undo, e->undo_count, 0).error;
}

static bool learn(struct every *e, struct usual *u)
{
	struct outcome o = play(e->steps, e->count, 0);

	u->after = settled();
	u->sum = o.sum;
	if (!o.error && undo(e))
		return true;
	printf("# without a failure: %s\n", strerror(o.error > 0 ? o.error : EIO));
	return false;
}

/*
 * Has a step that succeeded although an allocation failed done all that it should? Not compared is
 * /dev: groups have the next number each time, and Linux leaves a node there when it has no memory to
 * ask for its removal (drivers/base/devtmpfs.c, devtmpfs_delete_node()).
 */
static bool complete(const struct usual *u, int n, const struct outcome *o)
{
	time_t end = time(NULL) + SETTLE_SECONDS;
	struct state now;
	size_t len;
	bool did;

	/* What there was no memory for may be made up for in a moment. */
	for (;;) {
		now = settled();
		len = now.loose - now.dev;
		did = len == u->after.loose - u->after.dev &&
		      !memcmp(u->after.text + u->after.dev, now.text + now.dev, len);
		if (did || time(NULL) > end)
			break;
		free(now.text);
		usleep(50000);
	}
	if (!did)
		show_difference("succeeded", n, u->after.text + u->after.dev, now.text + now.dev);
	free(now.text);
	if (o->sum != u->sum)
		printf("# allocation %d: other text was read\n", n);
	return did && o->sum == u->sum;
}

/* One N. Returns whether all was well. */
static bool once(struct every *e, int n, const struct usual *u, struct state *before,
		 struct outcome *o)
{
	/* Who opens a device, be it for a moment, and closes it again changes what is shown. */
	bool strict = e->count == 1 && strncmp(e->steps[0], "open:", 5), whole, undone;

	*o = play(e->steps, e->count, n);
	if (o->error == ENOMEM)
		return same("failed", n, before, strict);
	if (o->error) {
		printf("# allocation %d: %s\n", n,
		       o->error < 0 ? "could not be tried" : strerror(o->error));
		return false;
	}
	whole = complete(u, n, o);
	undone = undo(e);
	if (!undone)
		printf("# allocation %d: cannot be undone\n", n);
	return same("undone", n, before, false) && undone && whole;
}

/* Prints what was found; 0 when nothing was wrong. */
int every_run(struct every *e)
{
	struct state before;
	struct usual u;
	struct outcome o = { .injected = true };
	int n, tried = 0, failed = 0, wrong;

	find_files();
	wrong = !learn(e, &u);
	before = settled();
	for (n = 1; n <= e->limit && o.injected && wrong < WRONG_MAX; n += e->stride, tried++) {
		wrong += !once(e, n, &u, &before, &o);
		failed += o.error == ENOMEM;
	}
	if (o.injected && wrong < WRONG_MAX) {
		printf("# more than %d allocations\n", e->limit);
		wrong++;
	}
	if (!failed && !wrong) {
		puts("# no allocation failed");
		wrong++;
	}
	free(before.text);
	free(u.after.text);
	printf("%d allocations, %d of them tried, %d of these needed, %d wrong\n",
	       n - 1 - e->stride, tried - 1, failed, wrong);
	return wrong ? 1 : 0;
}
