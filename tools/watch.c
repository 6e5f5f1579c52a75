// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The kernel's events, as they come from it (Linux, lib/kobject_uevent.c: the text
 * "ACTION@DEVPATH", then KEY=VALUE, each with a NUL behind it).
 */
#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "command.h"
#include "out.h"

/* Of one event; the kernel's own limit is 2 KiB. */
#define EVENT_MAX 8192

static volatile sig_atomic_t ended;

static void end(int sig G_GNUC_UNUSED)
{
	ended = 1;
}

static int open_socket(GError **error)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
			NETLINK_KOBJECT_UEVENT);
	int size = 4 * 1024 * 1024;

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (fd >= 0 && !bind(fd, (const struct sockaddr *)&kernel, sizeof(kernel)))
		return fd;
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
		    "cannot listen to the kernel's events: %s", g_strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static gboolean is_ours(const char *devpath)
{
	static const char *const ours[] = { "/devices/ap", "/devices/vfio_ap", "/bus/ap" };
	guint i;

	for (i = 0; i < G_N_ELEMENTS(ours); i++) {
		gsize len = strlen(ours[i]);

		if (!strncmp(devpath, ours[i], len) && (!devpath[len] || devpath[len] == '/'))
			return TRUE;
	}
	return FALSE;
}

static gboolean is_boring(const char *pair)
{
	static const char *const boring[] = { "ACTION=", "DEVPATH=", "SEQNUM=", "SUBSYSTEM=",
					      "SYNTH_UUID=" };
	guint i;

	for (i = 0; i < G_N_ELEMENTS(boring); i++)
		if (g_str_has_prefix(pair, boring[i]))
			return TRUE;
	return FALSE;
}

static void print_text(const char *action, const char *devpath, const GPtrArray *pairs)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	g_autofree char *time = g_date_time_format(now, "%H:%M:%S");
	guint i;

	printf("%s.%03d %s %s", time, g_date_time_get_microsecond(now) / 1000, action, devpath);
	for (i = 0; i < pairs->len; i++)
		printf(" %s", (const char *)pairs->pdata[i]);
	puts("");
}

static void print_json(const char *action, const char *devpath, const GPtrArray *pairs)
{
	JsonBuilder *b = out_begin("watch");
	guint i;

	out_int(b, "time_us", g_get_real_time());
	out_string(b, "action", action);
	out_string(b, "device", devpath);
	json_builder_set_member_name(b, "properties");
	json_builder_begin_object(b);
	for (i = 0; i < pairs->len; i++) {
		g_auto(GStrv) pair = g_strsplit(pairs->pdata[i], "=", 2);

		if (pair[0] && pair[1])
			out_string(b, pair[0], pair[1]);
	}
	json_builder_end_object(b);
	out_end(b, FALSE);
}

/* Whether it was one of ours. */
static gboolean handle(const struct options *o, char *text, gsize len)
{
	g_autoptr(GPtrArray) pairs = g_ptr_array_new();
	char *devpath = memchr(text, '@', strnlen(text, len)), *p;

	if (!devpath || !is_ours(devpath + 1))
		return FALSE;
	*devpath++ = 0;
	for (p = devpath + strlen(devpath) + 1; p < text + len; p += strlen(p) + 1)
		if (*p && !is_boring(p))
			g_ptr_array_add(pairs, p);
	(o->json ? print_json : print_text)(text, devpath, pairs);
	return TRUE;
}

/* Bytes of an event of the kernel itself; 0 for one of somebody else's; -1 at the end. */
static ssize_t receive(int fd, char *buf)
{
	struct sockaddr_nl from;
	socklen_t size = sizeof(from);
	ssize_t n = recvfrom(fd, buf, EVENT_MAX, 0, (struct sockaddr *)&from, &size);

	if (n < 0 && errno == ENOBUFS) {
		fputs("apmatrix: events were lost\n", stderr);
		return 0;
	}
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	return from.nl_pid ? 0 : n;
}

/* Signals come in while it waits and at no other time; @open are those that do. */
static gboolean wait_for_event(int fd, const sigset_t *open)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return ppoll(&p, 1, NULL, open) > 0;
}

static void take_signals(sigset_t *before)
{
	const struct sigaction action = { .sa_handler = end };
	sigset_t both;

	sigemptyset(&both);
	sigaddset(&both, SIGINT);
	sigaddset(&both, SIGTERM);
	sigprocmask(SIG_BLOCK, &both, before);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

int cmd_watch(const struct options *o, GError **error)
{
	int fd = open_socket(error);
	char buf[EVENT_MAX + 1];
	sigset_t before;
	guint events = 0;
	ssize_t n = 0;

	if (fd < 0)
		return 1;
	take_signals(&before);
	fputs(o->json ? "" : "watching; Ctrl-C ends\n", stderr);
	while (!ended && n >= 0 && !ferror(stdout) && (!o->count || events < o->count)) {
		if (!wait_for_event(fd, &before))
			continue;
		n = receive(fd, buf);
		buf[MAX(n, 0)] = 0;
		if (n > 0 && handle(o, buf, n))
			events++;
		fflush(stdout);
	}
	close(fd);
	return 0;
}
