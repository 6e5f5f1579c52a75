// SPDX-License-Identifier: LGPL-2.1-or-later
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

static void set_errno(GError **error, const char *path, const char *verb, int err)
{
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(err), "cannot %s %s: %s", verb,
		    path, g_strerror(err));
}

static int open_regular(const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	struct stat st;

	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode))
		return fd;
	if (fd < 0 && errno != ELOOP && errno != ENXIO) {
		set_errno(error, path, "read", errno);
		return -1;
	}
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID, "%s is not a regular file",
		    path);
	if (fd >= 0)
		close(fd);
	return -1;
}

static gboolean read_all(int fd, const char *path, gsize max, GByteArray *all, GError **error)
{
	guint8 buf[16384];
	ssize_t n;

	while ((n = TEMP_FAILURE_RETRY(read(fd, buf, sizeof(buf)))) > 0) {
		g_byte_array_append(all, buf, n);
		if (all->len > max) {
			g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
				    "%s is longer than %" G_GSIZE_FORMAT " bytes", path, max);
			return FALSE;
		}
	}
	if (n < 0)
		set_errno(error, path, "read", errno);
	return n == 0;
}

char *ap_file_read(const char *path, gsize max, gsize *len, GError **error)
{
	g_autoptr(GByteArray) all = g_byte_array_new();
	int fd = open_regular(path, error);
	gboolean ok;

	if (fd < 0)
		return NULL;
	ok = read_all(fd, path, max, all, error);
	close(fd);
	if (!ok)
		return NULL;
	if (len)
		*len = all->len;
	g_byte_array_append(all, (const guint8 *)"", 1);
	return (char *)g_byte_array_free(g_steal_pointer(&all), FALSE);
}

int ap_file_write_attribute(const char *path, const char *text, gsize len, GError **error)
{
	int fd = open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY), err = 0;
	ssize_t n;

	if (fd < 0) {
		err = errno;
	} else {
		n = write(fd, text, len);
		if (n < 0)
			err = errno;
		else if ((gsize)n != len)
			err = EIO;
		if (close(fd) < 0 && !err)
			err = errno;
	}
	if (err)
		set_errno(error, path, "write", err);
	return err;
}

static int write_all(int fd, const char *text)
{
	gsize left = strlen(text);
	ssize_t n;

	for (; left; left -= n, text += n) {
		n = TEMP_FAILURE_RETRY(write(fd, text, left));
		if (n < 0)
			return errno;
	}
	return fsync(fd) ? errno : 0;
}

/* So that the rename itself survives a power failure. */
static int flush_directory(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = 0;

	if (fd < 0 || fsync(fd))
		err = errno;
	if (fd >= 0)
		close(fd);
	return err;
}

static int put_beside(const char *path, const char *text, const char *beside)
{
	int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644), err;

	if (fd < 0)
		return errno;
	err = write_all(fd, text);
	if (close(fd) && !err)
		err = errno;
	if (!err && rename(beside, path))
		err = errno;
	if (err)
		unlink(beside);
	return err;
}

gboolean ap_file_replace(const char *path, const char *text, GError **error)
{
	g_autofree char *beside = g_strconcat(path, ".apmatrix-new", NULL);
	g_autofree char *dir = g_path_get_dirname(path);
	int err = 0;

	if (text && g_mkdir_with_parents(dir, 0755))
		err = errno;
	else if (text)
		err = put_beside(path, text, beside);
	else if (unlink(path) && errno != ENOENT)
		err = errno;
	if (!err && (text || g_file_test(dir, G_FILE_TEST_IS_DIR)))
		err = flush_directory(dir);
	if (err)
		set_errno(error, path, "write", err);
	return !err;
}
