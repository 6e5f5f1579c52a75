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
#include "progress.h"

#define SAID_MAX 4096

struct runner {
	progress_t *progress;
	gpointer remote;
	ApState *(*read)(gpointer remote, GError **error);
	gboolean (*step)(gpointer remote, const ApStep *step, GError **error);
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

static void show_progress(gpointer data, guint step, guint steps, const char *text)
{
	const struct runner *r = data;

	progress_say(r->progress, "[%u/%u] %s", step, steps, text);
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

static gboolean apply(const ApHost *host, const ApPlanOps *ops, const ApPlan *plan, GError **error)
{
	const struct sigaction action = { .sa_handler = interrupt };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	return ap_plan_apply(plan, host, ops, error);
}

gboolean runner_apply(const ApHost *host, const ApPlan *plan, gboolean quiet, GError **error)
{
	g_autoptr(progress_t) progress = progress_begin(quiet);
	struct runner r = { .progress = progress };
	const ApPlanOps ops = {
		.run = run, .progress = show_progress, .stopped = stopped, .data = &r
	};

	return apply(host, &ops, plan, error);
}

static ApState *read_remote(gpointer data, GError **error)
{
	const struct runner *r = data;

	return r->read(r->remote, error);
}

static gboolean step_remote(gpointer data, const ApStep *step, GError **error)
{
	const struct runner *r = data;

	return r->step(r->remote, step, error);
}

gboolean runner_apply_remote(gpointer data, ApState *(*read)(gpointer, GError **),
			     gboolean (*step)(gpointer, const ApStep *, GError **),
			     const ApPlan *plan, gboolean quiet, GError **error)
{
	g_autoptr(progress_t) progress = progress_begin(quiet);
	struct runner r = { progress, data, read, step };
	const ApPlanOps ops = { .run = run,
				.progress = show_progress,
				.stopped = stopped,
				.read = read_remote,
				.step = step_remote,
				.patience = REMOTE_LAG_SECONDS,
				.data = &r };

	return apply(NULL, &ops, plan, error);
}
