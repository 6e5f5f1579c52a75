// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Stand-ins, linked in place of system calls (-Wl,--wrap).
 *
 * sendto(2): what goes to the journal's socket is appended to the file of that name, if there
 * is one, with "--" after each entry.
 *
 * write(2): the kernel's side of writing ap_config. Beside an ap_config file there may be a file "answers", one line for
 * each write:
 *
 *   E...      fail with this errno
 *   short     take only half of the text
 *   lose      claim success, change nothing
 *   TEXT      claim success, keep TEXT instead
 *
 * Without a line left for it, a write does what it says.
 */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

ssize_t __wrap_sendto(int fd, const void *buf, size_t len, int flags, const struct sockaddr *to,
		      socklen_t to_len);
ssize_t __real_write(int fd, const void *buf, size_t count);
ssize_t __wrap_write(int fd, const void *buf, size_t count);

static const struct {
	const char *name;
	int err;
} errors[] = {
	{ "EADDRINUSE", EADDRINUSE }, { "EADDRNOTAVAIL", EADDRNOTAVAIL },
	{ "EAGAIN", EAGAIN },	      { "EBUSY", EBUSY },
	{ "EINVAL", EINVAL },	      { "EIO", EIO },
	{ "ENODEV", ENODEV },	      { "ENOSPC", ENOSPC },
};

/* The line for this write; NULL for none. */
static char *next_answer(int fd)
{
	static guint writes;
	g_autofree char *link = g_strdup_printf("/proc/self/fd/%d", fd);
	g_autofree char *path = g_file_read_link(link, NULL);
	g_autofree char *answers = NULL;
	g_autofree char *text = NULL;
	g_autofree char *dir = NULL;
	g_auto(GStrv) lines = NULL;

	if (!path || !g_str_has_suffix(path, "/ap_config"))
		return NULL;
	dir = g_path_get_dirname(path);
	answers = g_build_filename(dir, "answers", NULL);
	if (!g_file_get_contents(answers, &text, NULL, NULL))
		return NULL;
	lines = g_strsplit(text, "\n", -1);
	if (writes + 1 >= g_strv_length(lines))
		return NULL;
	return g_strdup(lines[writes++]);
}

static ssize_t fail(const char *name)
{
	guint i;

	for (i = 0; i < G_N_ELEMENTS(errors); i++) {
		if (g_str_equal(errors[i].name, name)) {
			errno = errors[i].err;
			return -1;
		}
	}
	g_error("no such answer: %s", name);
}

ssize_t __wrap_write(int fd, const void *buf, size_t count)
{
	g_autofree char *answer = next_answer(fd);
	g_autofree char *text = NULL;

	if (!answer)
		return __real_write(fd, buf, count);
	if (answer[0] == 'E')
		return fail(answer);
	if (g_str_equal(answer, "lose"))
		return count;
	if (g_str_equal(answer, "short"))
		return __real_write(fd, buf, count / 2);
	text = g_strdup_printf("%s\n", answer);
	if (ftruncate(fd, 0) || __real_write(fd, text, strlen(text)) < 0)
		return -1;
	return count;
}

ssize_t __wrap_sendto(int fd G_GNUC_UNUSED, const void *buf, size_t len, int flags G_GNUC_UNUSED,
		      const struct sockaddr *to, socklen_t to_len G_GNUC_UNUSED)
{
	const char *path = ((const struct sockaddr_un *)(const void *)to)->sun_path;
	FILE *file = g_file_test(path, G_FILE_TEST_EXISTS) ? fopen(path, "a") : NULL;

	if (!file) {
		errno = ENOENT;
		return -1;
	}
	fwrite(buf, 1, len, file);
	fputs("--\n", file);
	fclose(file);
	return len;
}
