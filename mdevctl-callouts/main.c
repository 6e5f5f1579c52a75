// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The callout and notifier that mdevctl runs for AP mediated devices.
 *
 * mdevctl takes a callout that is killed by a signal for one that agreed (1.4.0,
 * src/callouts.rs, Callout::callout). So what may refuse something is done by a child, and
 * whatever ends that without an answer is a refusal.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "event.h"
#include "lockfile.h"
#include "process.h"
#include "session.h"

#define WARNINGS_SHOWN 10

/* Exit statuses that mdevctl knows (its manual, CALLOUT SCRIPTS). */
enum {
	STATUS_DONE = 0,
	STATUS_REFUSED = 1,
	STATUS_NOT_MINE = 2,
};

/* Options come with the program that the tests build only. */
struct options {
	const char *root;
	pid_t mdevctl;
	gboolean guard;
};

/* With one of them closed, a message could go into the next file that is opened. */
static gboolean open_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0)
		return FALSE;
	close(fd);
	return TRUE;
}

static void print_warnings(const GPtrArray *warnings)
{
	guint i;

	for (i = 0; i < warnings->len && i < WARNINGS_SHOWN; i++)
		fprintf(stderr, "warning: %s\n", (const char *)warnings->pdata[i]);
	if (i < warnings->len)
		fprintf(stderr, "warning: and %u more like these\n", warnings->len - i);
}

static gboolean answer(const struct options *o, const struct request *req, GPtrArray *warnings,
		       GError **error)
{
	g_autoptr(ApHost) host = ap_host_new(o->root);
	struct call c = { .req = req, .host = host, .mdevctl = o->mdevctl, .guard = o->guard };
	gboolean ok;

	c.warnings = warnings;
	c.uuid = g_ascii_strdown(req->uuid, -1);
	c.stamp = ap_process_stamp(host, o->mdevctl);
	session_open(&c);
	ok = event_run(&c, error);
	g_key_file_unref(c.session);
	g_free(c.stamp);
	g_free(c.uuid);
	return ok;
}

static int run(int argc, char **argv, const struct options *o)
{
	g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	struct request req;
	gboolean ok;

	ok = request_parse(argc, argv, &req, &error);
	if (req.type && !g_str_equal(req.type, AP_MDEV_TYPE))
		return STATUS_NOT_MINE;
	if (ok && request_check(&req, &error))
		answer(o, &req, warnings, &error);
	print_warnings(warnings);
	if (error)
		fprintf(stderr, "%s\n", error->message);
	return error ? STATUS_REFUSED : STATUS_DONE;
}

/* Of a worker that was ended, or of a mdevctl that was: nobody else would give it back. */
static void release(const struct options *o)
{
	g_autoptr(ApHost) host = ap_host_new(o->root);

	ap_lockfile_release(host, o->mdevctl);
}

static int supervise(int argc, char **argv, const struct options *o)
{
	pid_t self = getpid(), worker = fork();
	int status = 0;

	if (worker < 0) {
		fprintf(stderr, "cannot start: %s\n", g_strerror(errno));
		return STATUS_REFUSED;
	}
	if (!worker) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != self)
			_exit(STATUS_REFUSED);
		exit(run(argc, argv, o));
	}
	while (waitpid(worker, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status)) {
		if (o->guard && getppid() != o->mdevctl)
			release(o);
		return WEXITSTATUS(status);
	}
	release(o);
	fprintf(stderr, "ended by signal %d in the midst of it: nothing is allowed\n",
		WTERMSIG(status));
	return STATUS_REFUSED;
}

#ifdef APMATRIX_TEST_ROOT
/* Pairs of --root DIR and --parent PID come first. */
static int read_options(int argc, char **argv, struct options *o)
{
	int i;

	o->guard = FALSE;
	for (i = 1; i + 1 < argc; i += 2) {
		if (g_str_equal(argv[i], "--root"))
			o->root = argv[i + 1];
		else if (g_str_equal(argv[i], "--parent"))
			o->mdevctl = atoi(argv[i + 1]);
		else
			break;
	}
	return i;
}
#else
static int read_options(int argc, char **argv G_GNUC_UNUSED, struct options *o G_GNUC_UNUSED)
{
	return MIN(argc, 1);
}
#endif

/* Nothing is allowed by looking and telling. */
static gboolean may_refuse(int argc, char **argv)
{
	struct request req;

	return !request_parse(argc, argv, &req, NULL) || !req.event ||
	       (!g_str_equal(req.event, "get") && !g_str_equal(req.event, "notify"));
}

int main(int argc, char **argv)
{
	struct options o = { .mdevctl = getppid(), .guard = TRUE };
	int skip;

	signal(SIGPIPE, SIG_IGN);
	if (!open_standard_files())
		return STATUS_REFUSED;
	skip = read_options(argc, argv, &o);
	argc -= skip;
	argv += skip;
	return may_refuse(argc, argv) ? supervise(argc, argv, &o) : run(argc, argv, &o);
}
