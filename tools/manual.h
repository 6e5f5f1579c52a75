/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Pages of the manual from the table of commands.
 */
#ifndef APMATRIX_MANUAL_H
#define APMATRIX_MANUAL_H

#include "command.h"

/* apmatrix-NAME(1) */
void manual_page(const struct command *c);

/* The part of apmatrix(1) between what is written by hand. */
void manual_commands(void);

#endif
