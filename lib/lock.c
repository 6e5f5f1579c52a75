// SPDX-License-Identifier: LGPL-2.1-or-later
#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "error.h"

#define LOCK "run/apmatrix/apply.lock"

/**
 * ap_lock_take:
 * @host: a host
 * @seconds: how long to wait for another program that changes it
 * @error: AP_MATRIX_ERROR_BUSY when it takes longer; G_FILE_ERROR
 *
 * The descriptor is inherited by programs that are run meanwhile: the lock is free when the
 * last of them has ended, even if this process is killed before.
 *
 * Returns: a file descriptor that is the lock, to be closed; -1 on failure
 */
int ap_lock_take(const ApHost *host, guint seconds, GError **error)
{
	g_autofree char *path = ap_host_path(host, LOCK);
	g_autofree char *dir = g_path_get_dirname(path);
	gint64 end = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
	int fd;

	g_mkdir_with_parents(dir, 0755);
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
	if (fd < 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
			    "cannot open %s: %s", path, g_strerror(errno));
		return -1;
	}
	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (g_get_monotonic_time() > end) {
			g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_BUSY,
				    "another apmatrix, or an mdevctl that one started, has held %s "
				    "for %u seconds; wait for its end (fuser %s names it)",
				    path, seconds, path);
			close(fd);
			return -1;
		}
		g_usleep(100 * 1000);
	}
	return fd;
}
