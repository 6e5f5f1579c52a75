// SPDX-License-Identifier: LGPL-2.1-or-later
#include "manual.h"

#include <stdio.h>

/* What roff would take for something else. */
static void put_text(const char *text)
{
	for (; *text; text++) {
		if (*text == '-')
			fputs("\\-", stdout);
		else if (*text == '\\')
			fputs("\\e", stdout);
		else
			putchar(*text);
	}
}

static void put_arguments(const struct command *c)
{
	if (c->options)
		puts(".RI [ OPTION ...]");
	if (*c->args)
		printf(".I %s\n", c->args);
}

static void put_options(OptionSet set)
{
	const struct option_entry *e;

	for (e = option_entries; e->name; e++) {
		if (!(set & e->set))
			continue;
		fputs(".TP\n.B \\-\\-", stdout);
		put_text(e->name);
		printf("%s%s\n", e->value ? "=" : "", e->value ? e->value : "");
		put_text(e->summary);
		puts("");
	}
}

void manual_page(const struct command *c)
{
	g_autofree char *upper = g_ascii_strup(c->name, -1);

	printf(".\\\" SPDX-License-Identifier: LGPL-2.1-or-later\n"
	       ".TH APMATRIX\\-%s 1 \"\" \"apmatrix\" \"User Commands\"\n"
	       ".SH NAME\napmatrix\\-%s \\- ",
	       upper, c->name);
	put_text(c->summary);
	printf("\n.SH SYNOPSIS\n.B apmatrix %s\n", c->name);
	put_arguments(c);
	puts(".SH DESCRIPTION");
	put_text(c->text);
	puts("");
	if (c->options)
		puts(".SH OPTIONS");
	put_options(c->options);
	puts(".SH EXIT STATUS\n0 done, 1 failed and nothing was changed, 2 wrong usage, 3 conflict, "
	     "4 verification failed and everything was put back, 5 not everything could be put "
	     "back;\n.BR apmatrix (1)\ntells more.\n.SH SEE ALSO\n.BR apmatrix (1)");
}

void manual_commands(void)
{
	const struct command *c;

	puts(".SH COMMANDS\nEach has a page of its own, such as\n.BR apmatrix\\-apply (1).");
	for (c = commands; c->name; c++) {
		printf(".TP\n.B apmatrix %s\n", c->name);
		put_arguments(c);
		puts(".br");
		put_text(c->text);
		puts("");
	}
	puts(".SH OPTIONS");
	put_options(~0u);
}
