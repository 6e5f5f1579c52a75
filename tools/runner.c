// SPDX-License-Identifier: LGPL-2.1-or-later
#include "runner.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error.h"

#define SAID_MAX 4096

struct remote_ops;

struct progress {
	gint64 start;
	gboolean quiet;
	gboolean tty;
	const struct remote_ops *remote;
};

static volatile sig_atomic_t interrupted;

static void interrupt(int sig G_GNUC_UNUSED)
{
	interrupted = 1;
}

static gboolean stopped(gpointer data G_GNUC_UNUSED)
{
	return interrupted;
}

/* Anything over a second shows how far it is. */
static void show_progress(gpointer data, guint step, guint steps, const char *text)
{
	const struct progress *p = data;

	if (!p->quiet && g_get_monotonic_time() - p->start > G_USEC_PER_SEC)
		fprintf(stderr, "%s[%u/%u] %.100s%s", p->tty ? "\r\033[K" : "", step, steps, text,
			p->tty ? "" : "\n");
}

/* In a file of its own, so that a program which outlives us is not ended by a broken pipe. */
static int make_file(const char *content)
{
	int fd = memfd_create("apmatrix", MFD_CLOEXEC);

	if (fd >= 0 && content &&
	    (write(fd, content, strlen(content)) != (ssize_t)strlen(content) ||
	     lseek(fd, 0, SEEK_SET))) {
		close(fd);
		return -1;
	}
	return fd;
}

static char *what_it_said(int fd)
{
	char buf[SAID_MAX + 1];
	ssize_t n = pread(fd, buf, SAID_MAX, 0);

	buf[MAX(n, 0)] = 0;
	return g_strstrip(g_utf8_make_valid(buf, -1));
}

/* A Ctrl-C is for us: mdevctl finishes what it does. */
static void leave_group(gpointer data G_GNUC_UNUSED)
{
	setpgid(0, 0);
}

static int wait_for(GPid pid)
{
	int status = 0;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

static gboolean finish(const char *const *argv, int status, int said, GError **error)
{
	g_autofree char *text = NULL;

	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return TRUE;
	text = what_it_said(said);
	g_set_error(error, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED, "%s %s: %s", argv[0], argv[1],
		    *text		  ? text
		    : WIFSIGNALED(status) ? "was killed"
					  : "failed without a word");
	return FALSE;
}

static gboolean run(gpointer data G_GNUC_UNUSED, const char *const *argv, const char *input,
		    GError **error)
{
	int in = make_file(input ? input : ""), said = make_file(NULL);
	gboolean ok = in >= 0 && said >= 0;
	GPid pid;

	if (!ok)
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
			    "no memory for the output of %s", argv[0]);
	/* Descriptors stay open for the lock, which is inherited. */
	ok = ok &&
	     g_spawn_async_with_pipes_and_fds(NULL, argv, NULL,
					      G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
						      G_SPAWN_LEAVE_DESCRIPTORS_OPEN,
					      leave_group, NULL, in, said, said, NULL, NULL, 0,
					      &pid, NULL, NULL, NULL, error);
	if (ok)
		ok = finish(argv, wait_for(pid), said, error);
	if (in >= 0)
		close(in);
	if (said >= 0)
		close(said);
	return ok;
}

static gboolean apply(const ApHost *host, const ApPlanOps *ops, const struct progress *p,
		      const ApPlan *plan, GError **error)
{
	const struct sigaction action = { .sa_handler = interrupt };
	gboolean ok;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	ok = ap_plan_apply(plan, host, ops, error);
	if (p->tty && !p->quiet)
		fputs("\r\033[K", stderr);
	return ok;
}

gboolean runner_apply(const ApHost *host, const ApPlan *plan, gboolean quiet, GError **error)
{
	struct progress p = { g_get_monotonic_time(), quiet, isatty(STDERR_FILENO), NULL };
	const ApPlanOps ops = { run, show_progress, stopped, NULL, NULL, 0, &p };

	return apply(host, &ops, &p, plan, error);
}

struct remote_ops {
	struct progress p;
	gpointer data;
	ApState *(*read)(gpointer data, GError **error);
	gboolean (*step)(gpointer data, const ApStep *step, GError **error);
};

static ApState *read_remote(gpointer data, GError **error)
{
	const struct progress *p = data;
	const struct remote_ops *r = p->remote;

	return r->read(r->data, error);
}

static gboolean step_remote(gpointer data, const ApStep *step, GError **error)
{
	const struct progress *p = data;
	const struct remote_ops *r = p->remote;

	return r->step(r->data, step, error);
}

gboolean runner_apply_remote(gpointer data, ApState *(*read)(gpointer, GError **),
			     gboolean (*step)(gpointer, const ApStep *, GError **),
			     const ApPlan *plan, gboolean quiet, GError **error)
{
	struct remote_ops r = {
		{ g_get_monotonic_time(), quiet, isatty(STDERR_FILENO), &r }, data, read, step
	};
	const ApPlanOps ops = { run,	     show_progress,	 stopped, read_remote,
				step_remote, REMOTE_LAG_SECONDS, &r.p };

	return apply(NULL, &ops, &r.p, plan, error);
}
