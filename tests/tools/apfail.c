// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * To be preloaded: lets operations on files fail, or hides files, in the programs named.
 *
 * APFAIL_PROGRAMS  their names, with spaces between: "apmatrix mdevctl"
 * APFAIL_FILES     the operations that count are write, fsync, rename, unlink and creating open
 *                  on files that match one of these patterns (fnmatch), with spaces between
 * APFAIL_COUNT     a file with the number of operations so far, over all processes
 * APFAIL_AT        the operation that fails, from 0 on; none without it
 * APFAIL_HOW       before: it is not done. after: it is done and fails. forever: it and all later
 *                  ones are not done. kill: the process ends there
 * APFAIL_ERRNO     its errno as a number; EIO without it
 * APFAIL_HIDE      files that match one of these patterns cannot be opened: ENOENT
 * APFAIL_LOG       a file that gets a line for each operation that counts
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum how { PASS, BEFORE, AFTER };

static ssize_t (*real_write)(int fd, const void *buf, size_t count);
static int (*real_open)(const char *path, int flags, ...);
static int (*real_openat)(int dir, const char *path, int flags, ...);
static int (*real_fsync)(int fd);
static int (*real_rename)(const char *from, const char *to);
static int (*real_unlink)(const char *path);

/* Some words of a variable, any of which holds. */
static bool any_word(const char *variable, bool (*holds)(const char *word, const char *text),
		     const char *text)
{
	const char *value = getenv(variable);
	char *copy, *word, *rest;
	bool found = false;

	if (!value)
		return false;
	copy = rest = strdup(value);
	while (!found && (word = strsep(&rest, " ")))
		found = *word && holds(word, text);
	free(copy);
	return found;
}

static bool same(const char *word, const char *text)
{
	return !strcmp(word, text);
}

static bool matches(const char *word, const char *text)
{
	return !fnmatch(word, text, 0);
}

static bool concerned(void)
{
	return any_word("APFAIL_PROGRAMS", same, program_invocation_short_name);
}

/* Constructors of other libraries may come first. */
__attribute__((constructor)) static void find_real(void)
{
	if (real_unlink)
		return;
	real_write = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
	real_open = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64");
	real_openat = (int (*)(int, const char *, int, ...))dlsym(RTLD_NEXT, "openat64");
	real_fsync = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
	real_rename = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
	real_unlink = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
}

/* The number of this operation; the file is the lock as well. */
static long count_one(void)
{
	const char *path = getenv("APFAIL_COUNT");
	char text[32] = "";
	int fd = path ? real_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
	long n;

	if (fd < 0)
		return -1;
	flock(fd, LOCK_EX);
	if (pread(fd, text, sizeof(text) - 1, 0) < 0)
		abort();
	n = strtol(text, NULL, 10);
	snprintf(text, sizeof(text), "%ld\n", n + 1);
	if (pwrite(fd, text, strlen(text), 0) < 0)
		abort();
	close(fd);
	return n;
}

static void log_one(long n, const char *what, const char *path, const char *text, size_t len)
{
	const char *file = getenv("APFAIL_LOG");
	int fd = file ? real_open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
	char line[PATH_MAX + 1024];
	int used, i;

	if (fd < 0)
		return;
	used = snprintf(line, sizeof(line) - 2, "%ld %s %s %s %.*s", n,
			program_invocation_short_name, what, path, (int)(len < 512 ? len : 512),
			text);
	for (i = 0; i < used; i++)
		if (line[i] == '\n')
			line[i] = ' ';
	line[used++] = '\n';
	if (real_write(fd, line, used) != used)
		abort();
	close(fd);
}

static enum how judge(const char *what, const char *path, const char *text, size_t len)
{
	const char *at = getenv("APFAIL_AT"), *how = getenv("APFAIL_HOW");
	const char *number = getenv("APFAIL_ERRNO");
	long n;

	if (!concerned() || !any_word("APFAIL_FILES", matches, path))
		return PASS;
	n = count_one();
	log_one(n, what, path, text, len);
	if (!at || !how || n < atol(at) || (n > atol(at) && strcmp(how, "forever")))
		return PASS;
	if (!strcmp(how, "kill"))
		raise(SIGKILL);
	errno = number ? atoi(number) : EIO;
	return strcmp(how, "after") ? BEFORE : AFTER;
}

static enum how judge_fd(const char *what, int fd, const char *text, size_t len)
{
	char link[64], path[PATH_MAX];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 0)
		return PASS;
	path[n] = 0;
	return judge(what, path, text, len);
}

/* What was done all the same, with the errno that was chosen. */
static long outcome(enum how how, long (*rc)(void *), void *data)
{
	int err = errno;
	long result;

	if (how == BEFORE)
		return -1;
	result = rc(data);
	if (how != AFTER || result < 0)
		return result;
	errno = err;
	return -1;
}

struct write_args {
	int fd;
	const void *buf;
	size_t count;
};

static long do_write(void *data)
{
	const struct write_args *a = data;

	return real_write(a->fd, a->buf, a->count);
}

ssize_t write(int fd, const void *buf, size_t count)
{
	struct write_args args = { fd, buf, count };

	find_real();
	return outcome(judge_fd("write", fd, buf, count), do_write, &args);
}

static long do_fsync(void *data)
{
	return real_fsync(*(int *)data);
}

int fsync(int fd)
{
	find_real();
	return outcome(judge_fd("fsync", fd, "", 0), do_fsync, &fd);
}

static long do_rename(void *data)
{
	const char **paths = data;

	return real_rename(paths[0], paths[1]);
}

int rename(const char *from, const char *to)
{
	const char *paths[] = { from, to };

	find_real();
	return outcome(judge("rename", to, from, strlen(from)), do_rename, paths);
}

static long do_unlink(void *data)
{
	return real_unlink(data);
}

int unlink(const char *path)
{
	find_real();
	return outcome(judge("unlink", path, "", 0), do_unlink, (void *)(uintptr_t)path);
}

struct open_args {
	int dir;
	const char *path;
	int flags;
	int mode;
};

static long do_open(void *data)
{
	const struct open_args *a = data;

	return real_openat(a->dir, a->path, a->flags, a->mode);
}

static int open_any(int dir, const char *path, int flags, int mode)
{
	struct open_args args = { dir, path, flags, mode };

	find_real();
	if (concerned() && any_word("APFAIL_HIDE", matches, path)) {
		errno = ENOENT;
		return -1;
	}
	if (!(flags & O_CREAT))
		return do_open(&args);
	return outcome(judge("create", path, "", 0), do_open, &args);
}

#define OPEN_MODE(flags)                                 \
	({                                               \
		int mode = 0;                            \
		if ((flags) & (O_CREAT | __O_TMPFILE)) { \
			va_list list;                    \
			va_start(list, flags);           \
			mode = va_arg(list, int);        \
			va_end(list);                    \
		}                                        \
		mode;                                    \
	})

int open(const char *path, int flags, ...);
int open64(const char *path, int flags, ...);
int openat(int dir, const char *path, int flags, ...);
int openat64(int dir, const char *path, int flags, ...);

int open(const char *path, int flags, ...)
{
	return open_any(AT_FDCWD, path, flags, OPEN_MODE(flags));
}

int open64(const char *path, int flags, ...)
{
	return open_any(AT_FDCWD, path, flags, OPEN_MODE(flags));
}

int openat(int dir, const char *path, int flags, ...)
{
	return open_any(dir, path, flags, OPEN_MODE(flags));
}

int openat64(int dir, const char *path, int flags, ...)
{
	return open_any(dir, path, flags, OPEN_MODE(flags));
}
