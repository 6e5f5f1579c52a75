/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_HELP_H
#define APMATRIX_HELP_H

#include "command.h"

void help_all(void);
void help_command(const struct command *c);

/* What is made from the table: "bash", "zsh" or "man"; with @name, that command's page. */
gboolean help_generate(const char *what, const char *name);

#endif
