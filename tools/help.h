/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_HELP_H
#define APMATRIX_HELP_H

#include "command.h"

void help_all(void);
void help_command(const struct command *c);

/* What is generated from the table: "bash", "zsh" or "man". */
gboolean help_generate(const char *what);

#endif
