// SPDX-License-Identifier: LGPL-2.1-or-later
#include "input.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "error.h"

#ifndef INPUT_SECONDS
#define INPUT_SECONDS 10
#endif

/* Whether there is something to read, or the end, before @deadline. */
static gboolean wait_for_input(gint64 deadline, GError **error)
{
	struct pollfd fd = { .fd = STDIN_FILENO, .events = POLLIN };
	gint64 left;
	int n;

	do {
		left = MAX(deadline - g_get_monotonic_time(), 0) / 1000;
		n = poll(&fd, 1, left);
	} while (n < 0 && errno == EINTR);
	if (n > 0)
		return TRUE;
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
		    "standard input did not end within %d seconds", INPUT_SECONDS);
	return FALSE;
}

static gboolean read_some(GByteArray *all, gsize max, gboolean *end, GError **error)
{
	guint8 buf[16384];
	ssize_t n = TEMP_FAILURE_RETRY(read(STDIN_FILENO, buf, sizeof(buf)));

	if (n < 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
			    "cannot read standard input: %s", g_strerror(errno));
		return FALSE;
	}
	*end = n == 0;
	g_byte_array_append(all, buf, n);
	if (all->len <= max)
		return TRUE;
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
		    "standard input is longer than %" G_GSIZE_FORMAT " bytes", max);
	return FALSE;
}

char *input_read(gsize max, gsize *len, GError **error)
{
	gint64 deadline = g_get_monotonic_time() + INPUT_SECONDS * G_USEC_PER_SEC;
	g_autoptr(GByteArray) all = g_byte_array_new();
	gboolean end = FALSE;

	while (!end)
		if (!wait_for_input(deadline, error) || !read_some(all, max, &end, error))
			return NULL;
	*len = all->len;
	g_byte_array_append(all, (const guint8 *)"", 1);
	return (char *)g_byte_array_free(g_steal_pointer(&all), FALSE);
}
