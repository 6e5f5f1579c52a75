/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A host's files in a directory of their own, put there one by one.
 */
#pragma once

#include "host.h"

/* The host of a new, empty directory; one at a time. */
ApHost *tree_new(void);

/* @name: path in it */
void tree_put(const char *name, const char *text);

void tree_free(ApHost *host);
