// SPDX-License-Identifier: LGPL-2.1-or-later
#include "help.h"

#include <stdio.h>
#include <string.h>

#include "manual.h"

void help_all(void)
{
	const struct command *c;

	puts("usage: apmatrix COMMAND [OPTION...] [ARGUMENT…]\n");
	for (c = commands; c->name; c++)
		printf("  %-9s %-11s %s\n", c->name, c->args, c->summary);
	puts("\napmatrix help COMMAND tells more; so does the manual, apmatrix(1).\n"
	     "Ends with 0 done, 1 failed, 2 usage, 3 conflict, 4 verification failed and rolled "
	     "back,\n5 rolled back incompletely.");
}

void help_command(const struct command *c)
{
	const struct option_entry *e;

	printf("usage: apmatrix %s%s%s%s\n\n%s\n", c->name, c->options ? " [OPTION...]" : "",
	       *c->args ? " " : "", c->args, c->text);
	for (e = option_entries; e->name; e++) {
		g_autofree char *name = g_strdup_printf("--%s%s%s", e->name, e->value ? "=" : "",
							e->value ? e->value : "");

		if (c->options & e->set)
			printf("  %-18s %s\n", name, e->summary);
	}
}

static char *options_of(const struct command *c)
{
	const struct option_entry *e;
	GString *s = g_string_new(NULL);

	for (e = option_entries; e->name; e++)
		if (c->options & e->set)
			g_string_append_printf(s, "%s--%s%s", s->len ? " " : "", e->name,
					       e->value ? "=" : "");
	return g_string_free(s, FALSE);
}

static void generate_bash(void)
{
	static const char *const words[] = {
		[ARGS_NONE] = "",
		[ARGS_FILES] = "files=yes",
		[ARGS_GUESTS] = "words+=\" $(apmatrix --guests 2>/dev/null)\"",
	};
	const struct command *c;

	puts("# bash completion for apmatrix; generated from its table of commands\n"
	     "_apmatrix() {\n"
	     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} words='' files=no\n"
	     "\tCOMPREPLY=()\n"
	     "\tif ((COMP_CWORD == 1)); then");
	fputs("\t\twords='help", stdout);
	for (c = commands; c->name; c++)
		printf(" %s", c->name);
	puts("'\n\telse\n\t\tcase ${COMP_WORDS[1]} in");
	for (c = commands; c->name; c++) {
		g_autofree char *options = options_of(c);

		printf("\t\t%s)\n\t\t\twords='%s'\n", c->name, options);
		if (*words[c->kind])
			printf("\t\t\t%s\n", words[c->kind]);
		puts("\t\t\t;;");
	}
	puts("\t\tesac\n\tfi\n"
	     "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	     "\tif [[ $files == yes && $cur != -* ]]; then\n"
	     "\t\tmapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- \"$cur\")\n"
	     "\tfi\n"
	     "}\n"
	     "complete -o filenames -F _apmatrix apmatrix");
}

/* Between single quotes, and where brackets and colons have a meaning. */
static char *quote_zsh(const char *text)
{
	GString *s = g_string_new(NULL);

	for (; *text; text++) {
		if (*text == '\'')
			g_string_append(s, "'\\''");
		else if (strchr("[]:\\", *text))
			g_string_append_printf(s, "\\%c", *text);
		else
			g_string_append_c(s, *text);
	}
	return g_string_free(s, FALSE);
}

static void generate_zsh_command(const struct command *c)
{
	static const char *const args[] = {
		[ARGS_NONE] = "",
		[ARGS_FILES] = " '*:file:_files'",
		[ARGS_GUESTS] =
			" '*:guest:{compadd -- ${(f)\"$(apmatrix --guests 2>/dev/null)\"}}'",
	};
	const struct option_entry *e;

	printf("\t%s)\n\t\t_arguments", c->name);
	for (e = option_entries; e->name; e++) {
		g_autofree char *summary = quote_zsh(e->summary);

		if (c->options & e->set)
			printf(" \\\n\t\t\t'--%s%s[%s]%s%s%s'", e->name, e->value ? "=" : "",
			       summary, e->value ? ":" : "", e->value ? e->value : "",
			       e->value ? ":" : "");
	}
	printf("%s%s\n\t\t;;\n", c->kind ? " \\\n\t\t\t" : "", args[c->kind]);
}

static void generate_zsh(void)
{
	const struct command *c;

	puts("#compdef apmatrix\n# generated from apmatrix' table of commands\n"
	     "local -a commands=(\n\t'help:tell more about a command'");
	for (c = commands; c->name; c++) {
		g_autofree char *summary = quote_zsh(c->summary);

		printf("\t'%s:%s'\n", c->name, summary);
	}
	puts(")\nif ((CURRENT == 2)); then\n\t_describe command commands\n\treturn\nfi\n"
	     "local command=$words[2]\nshift words\n((CURRENT--))\ncase $command in");
	for (c = commands; c->name; c++)
		generate_zsh_command(c);
	puts("esac");
}

gboolean help_generate(const char *what, const char *name)
{
	const struct command *c = name ? command_find(name) : NULL;

	if (g_str_equal(what, "man") && c)
		manual_page(c);
	else if (name)
		return FALSE;
	else if (g_str_equal(what, "bash"))
		generate_bash();
	else if (g_str_equal(what, "zsh"))
		generate_zsh();
	else if (g_str_equal(what, "man"))
		manual_commands();
	else
		return FALSE;
	return TRUE;
}
