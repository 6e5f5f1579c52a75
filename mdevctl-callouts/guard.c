// SPDX-License-Identifier: LGPL-2.1-or-later
#include "guard.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal.h"
#include "kept.h"
#include "lockfile.h"
#include "process.h"
#include "session.h"

#define GUARD_LOCK_SECONDS 60

static void clean_up(const struct call *c)
{
	g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) error = NULL;
	guint i;

	if (!ap_lockfile_take(c->host, getpid(), GUARD_LOCK_SECONDS, told, &error)) {
		journal_send(c->host, JOURNAL_ERROR, error->message, NULL);
		return;
	}
	ap_kept_settle(c->host, told);
	ap_lockfile_release(c->host, getpid());
	for (i = 0; i < told->len; i++)
		journal_send(c->host, JOURNAL_WARNING, told->pdata[i], NULL);
}

/* Nothing of mdevctl's may stay open: it waits for the end of our output. */
static void detach(int pidfd)
{
	int fd;

	dup2(pidfd, 3);
	syscall(SYS_close_range, 4, ~0U, 0);
	for (fd = 0; fd < 3; fd++)
		close(fd);
	open("/dev/null", O_RDWR);
	if (dup(0) < 0 || dup(0) < 0)
		_exit(1);
	setsid();
	if (chdir("/"))
		_exit(1);
}

static void stand_guard(const struct call *c, int pidfd)
{
	struct pollfd end = { .fd = 3, .events = POLLIN };

	detach(pidfd);
	while (poll(&end, 1, -1) <= 0)
		;
	if (ap_lockfile_is_owner(c->host, c->mdevctl) ||
	    ap_kept_is_changing(c->host, c->uuid, c->stamp))
		clean_up(c);
	session_remove(c->host, c->mdevctl);
}

/* Two forks: nobody has to wait for it. */
void guard_start(struct call *c)
{
	g_autofree char *guarded = session_get(c, "guarded");
	int pidfd = -1;
	pid_t child;

	if (!c->guard || guarded)
		return;
	pidfd = syscall(SYS_pidfd_open, c->mdevctl, 0);
	if (pidfd < 0)
		return;
	child = fork();
	if (!child) {
		if (!fork())
			stand_guard(c, pidfd);
		_exit(0);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
	close(pidfd);
	session_set(c, "guarded", "yes");
}
