/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_LOAD_H
#define APMATRIX_LOAD_H

#include "apmatrix.h"

/**
 * struct loaded - what a file is; one of the two is set
 * @host: a host definition
 * @guest: a single device
 */
typedef struct loaded {
	ApHostDef *host;
	ApGuest *guest;
} loaded_t;

void loaded_clear(struct loaded *loaded);

/**
 * load_file() - read a definition of any kind
 * @path: a file, "-" for standard input
 * @loaded: what it is
 * @error: G_FILE_ERROR or AP_MATRIX_ERROR
 *
 * Return: whether it succeeded.
 */
gboolean load_file(const char *path, struct loaded *loaded, GError **error);

ApHostDef *load_host(const char *path, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(loaded_t, loaded_clear)

#endif
