/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_FILE_H
#define APMATRIX_FILE_H

#include <glib.h>

/**
 * ap_file_read:
 * @path: a file
 * @max: longest content that is accepted, in bytes
 * @len: (out) (optional): length of the content
 * @error: G_FILE_ERROR, or AP_MATRIX_ERROR_INVALID for anything but a regular file and for
 *   content longer than @max
 *
 * Never waits: a FIFO or a device that somebody left in a configuration directory is
 * refused, as is a symbolic link.
 *
 * Returns: (transfer full) (nullable): the content, with a NUL behind it
 */
char *ap_file_read(const char *path, gsize max, gsize *len, GError **error);

/**
 * ap_file_write_attribute:
 * @path: an attribute in sysfs
 * @text: what to write
 * @error: G_FILE_ERROR
 *
 * One write(2), as an attribute takes it; a short write is an error.
 *
 * Returns: 0, or the positive errno of what failed
 */
int ap_file_write_attribute(const char *path, const char *text, gsize len, GError **error);

/**
 * ap_file_replace:
 * @path: a file, in a directory that is made when it is not there
 * @text: (nullable): its new content; %NULL removes it
 * @error: G_FILE_ERROR
 *
 * Whole or not at all: written beside it, flushed to disk, renamed.
 *
 * Returns: whether it succeeded
 */
gboolean ap_file_replace(const char *path, const char *text, GError **error);

#endif
