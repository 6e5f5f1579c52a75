// SPDX-License-Identifier: LGPL-2.1-or-later
#include "lockfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "process.h"

/* Held while a lock file of nobody's is removed. */
#define BREAKER "run/apmatrix/breaker.lock"

#define POLL_US (20 * 1000)
#define PID_TEXT 16

typedef enum { LOCK_FREE, LOCK_HELD, LOCK_STALE, LOCK_FOREIGN } LockKind;

/* The file as it was when somebody looked; @why is for LOCK_FOREIGN. */
struct look {
	LockKind kind;
	pid_t pid;
	struct stat st;
	const char *why;
};

static gboolean set_errno(GError **error, const char *path, int err)
{
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(err),
		    "cannot make the lock %s: %s", path, g_strerror(err));
	return FALSE;
}

static int open_below(const char *path, int flags, mode_t mode)
{
	g_autofree char *dir = g_path_get_dirname(path);

	g_mkdir_with_parents(dir, 0755);
	return open(flags & O_TMPFILE ? dir : path, flags | O_CLOEXEC, mode);
}

/* Whole or not there: a file without a name gets one. Returns 0 or an errno. */
static int make(const char *path, pid_t pid)
{
	g_autofree char *text = g_strdup_printf("%d\n", pid);
	int fd = open_below(path, O_TMPFILE | O_WRONLY, 0644), err = 0;
	g_autofree char *name = g_strdup_printf("/proc/self/fd/%d", fd);
	ssize_t n;

	if (fd < 0)
		return errno;
	n = write(fd, text, strlen(text));
	if (n != (ssize_t)strlen(text))
		err = n < 0 ? errno : ENOSPC;
	else if (fchmod(fd, 0644) || linkat(AT_FDCWD, name, AT_FDCWD, path, AT_SYMLINK_FOLLOW))
		err = errno;
	close(fd);
	return err;
}

static pid_t read_pid(int fd)
{
	char text[PID_TEXT] = "";
	ssize_t n = read(fd, text, sizeof(text) - 1);
	guint64 pid = 0;

	if (n > 0 && g_ascii_string_to_unsigned(g_strchomp(text), 10, 1, G_MAXINT32, &pid, NULL))
		return pid;
	return 0;
}

static void foreign(struct look *look, const char *why)
{
	look->kind = LOCK_FOREIGN;
	look->why = why;
}

static void look_at(const ApHost *host, const char *path, struct look *look)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

	memset(look, 0, sizeof(*look));
	if (fd < 0 ? lstat(path, &look->st) : fstat(fd, &look->st)) {
		look->kind = LOCK_FREE;
	} else if (fd < 0 || !S_ISREG(look->st.st_mode)) {
		foreign(look, "it was not a regular file");
	} else if (look->st.st_uid && look->st.st_uid != geteuid()) {
		foreign(look, "it was not root's");
	} else {
		look->pid = read_pid(fd);
		look->kind = ap_process_is_alive(host, look->pid) ? LOCK_HELD : LOCK_STALE;
		if (!look->pid)
			foreign(look, "it held no process id");
	}
	if (fd >= 0)
		close(fd);
}

static gboolean is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* A directory that is not empty cannot be removed, but be put out of the way. */
static gboolean remove_any(const char *path)
{
	g_autofree char *aside = NULL;

	if (!unlink(path) || errno == ENOENT || !rmdir(path))
		return TRUE;
	aside = g_strdup_printf("%s.was-in-the-way.%d", path, getpid());
	return !rename(path, aside);
}

/*
 * Between looking and removing another one may have removed the file and made its own: hence
 * one at a time, and only the file that was looked at. Returns whether it may be tried again.
 */
static gboolean break_lock(const ApHost *host, const char *path, const struct look *look)
{
	g_autofree char *breaker = ap_host_path(host, BREAKER);
	int fd = open_below(breaker, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
	gboolean done = FALSE;
	struct stat st;

	if (fd < 0)
		return FALSE;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		done = lstat(path, &st) || !is_same(&st, &look->st) || remove_any(path);
	close(fd);
	return done;
}

static gboolean set_held(const ApHost *host, const char *path, const struct look *look,
			 guint seconds, GError **error)
{
	g_autofree char *owner = NULL;

	if (look->kind != LOCK_HELD) {
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_BUSY,
			    "the lock of the AP configuration, %s, is in the way and cannot be "
			    "removed",
			    path);
		return FALSE;
	}
	owner = ap_process_describe(host, look->pid);
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_BUSY,
		    "%s has locked the AP configuration for more than %u seconds; wait for its end "
		    "(the lock is %s)",
		    owner, seconds, path);
	return FALSE;
}

gboolean ap_lockfile_take(const ApHost *host, pid_t pid, guint seconds, GPtrArray *warnings,
			  GError **error)
{
	gint64 end = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
	g_autofree char *path = ap_host_path(host, AP_LOCKFILE);
	struct look look;
	int err;

	while ((err = make(path, pid)) == EEXIST) {
		look_at(host, path, &look);
		if (look.kind == LOCK_HELD && look.pid == pid)
			return TRUE;
		if (look.kind == LOCK_FREE)
			continue;
		if (look.kind != LOCK_HELD && break_lock(host, path, &look)) {
			if (look.why && warnings)
				g_ptr_array_add(warnings, g_strdup_printf("removed the lock %s: %s",
									  path, look.why));
			continue;
		}
		if (g_get_monotonic_time() > end)
			return set_held(host, path, &look, seconds, error);
		g_usleep(POLL_US + g_random_int_range(0, POLL_US));
	}
	return err ? set_errno(error, path, err) : TRUE;
}

gboolean ap_lockfile_is_owner(const ApHost *host, pid_t pid)
{
	g_autofree char *path = ap_host_path(host, AP_LOCKFILE);
	struct look look;

	look_at(host, path, &look);
	return (look.kind == LOCK_HELD || look.kind == LOCK_STALE) && look.pid == pid;
}

void ap_lockfile_release(const ApHost *host, pid_t pid)
{
	g_autofree char *path = ap_host_path(host, AP_LOCKFILE);

	if (ap_lockfile_is_owner(host, pid))
		unlink(path);
}
