// SPDX-License-Identifier: LGPL-2.1-or-later
#include "journal.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET "run/systemd/journal/socket"

/* A value with a newline is preceded by its length, little endian. */
static void append(GString *entry, const char *name, const char *value)
{
	guint64 len = GUINT64_TO_LE(strlen(value));

	if (!strchr(value, '\n')) {
		g_string_append_printf(entry, "%s=%s\n", name, value);
		return;
	}
	g_string_append_printf(entry, "%s\n", name);
	g_string_append_len(entry, (const char *)&len, sizeof(len));
	g_string_append_printf(entry, "%s\n", value);
}

static void send_entry(const ApHost *host, const GString *entry)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	g_autofree char *path = ap_host_path(host, SOCKET);
	int fd;

	if (strlen(path) >= sizeof(to.sun_path))
		return;
	strcpy(to.sun_path, path);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	sendto(fd, entry->str, entry->len, MSG_DONTWAIT, (struct sockaddr *)&to, sizeof(to));
	close(fd);
}

void journal_send(const ApHost *host, int priority, const char *message, ...)
{
	g_autoptr(GString) entry = g_string_new(NULL);
	const char *name, *value;
	va_list args;

	append(entry, "MESSAGE", message);
	g_string_append_printf(entry, "PRIORITY=%d\nSYSLOG_IDENTIFIER=apmatrix\n", priority);
	va_start(args, message);
	while ((name = va_arg(args, const char *))) {
		value = va_arg(args, const char *);
		if (value)
			append(entry, name, value);
	}
	va_end(args);
	send_entry(host, entry);
}
