/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_INPUT_H
#define APMATRIX_INPUT_H

#include <glib.h>

/**
 * input_read() - all of standard input
 * @max: longest input that is accepted, in bytes
 * @len: its length
 * @error: AP_MATRIX_ERROR_INVALID when it is longer, or does not end within ten seconds;
 *         G_FILE_ERROR
 *
 * Return: the text, with a NUL behind it, to be freed; NULL on failure.
 */
char *input_read(gsize max, gsize *len, GError **error);

#endif
