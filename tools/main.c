// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * apmatrix: the command.
 */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "help.h"
#include "nearest.h"

static int usage(const char *format, ...) G_GNUC_PRINTF(1, 2);

static int usage(const char *format, ...)
{
	va_list args;

	fputs("apmatrix: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs("\n", stderr);
	return STATUS_USAGE;
}

static int unknown_command(const char *name)
{
	const char *names[32];
	const char *best;
	gsize n;

	for (n = 0; commands[n].name && n < G_N_ELEMENTS(names) - 1; n++)
		names[n] = commands[n].name;
	names[n] = NULL;
	best = ap_nearest(name, names);
	if (best)
		return usage("there is no command '%s'; did you mean '%s'?", name, best);
	return usage("there is no command '%s'; apmatrix help lists what there is", name);
}

static gboolean set_colour(struct options *o, const char *when)
{
	if (g_str_equal(when, "auto"))
		return TRUE;
	o->colour = g_str_equal(when, "always");
	return o->colour || g_str_equal(when, "never");
}

static gboolean set_count(struct options *o, const char *text)
{
	guint64 n;

	if (!g_ascii_string_to_unsigned(text, 10, 1, 1000000000, &n, NULL))
		return FALSE;
	o->count = n;
	return TRUE;
}

static gboolean set_option(struct options *o, const char *name, const char *value)
{
	static const struct {
		const char *name;
		gsize offset;
	} flags[] = {
		{ "json", offsetof(struct options, json) },
		{ "svg", offsetof(struct options, svg) },
		{ "host", offsetof(struct options, whole_host) },
		{ "dry-run", offsetof(struct options, dry_run) },
		{ "yes", offsetof(struct options, yes) },
		{ "matrix", offsetof(struct options, matrix) },
		{ "repair", offsetof(struct options, repair) },
	};
	guint i;

	for (i = 0; i < G_N_ELEMENTS(flags); i++) {
		if (g_str_equal(name, flags[i].name)) {
			*(gboolean *)((char *)o + flags[i].offset) = TRUE;
			return TRUE;
		}
	}
	if (g_str_equal(name, "color"))
		return set_colour(o, value);
	if (g_str_equal(name, "count"))
		return set_count(o, value);
	if (g_str_equal(name, "connect"))
		o->connect = value;
	else if (g_str_equal(name, "adapters"))
		o->adapters = value;
	else if (g_str_equal(name, "domains"))
		o->domains = value;
	else if (g_str_equal(name, "live"))
		o->scope |= AP_SCOPE_LIVE;
	else if (g_str_equal(name, "config"))
		o->scope |= AP_SCOPE_CONFIG;
	else
		o->scope = AP_SCOPE_BOTH;
	return TRUE;
}

static const struct option_entry *find_option(const struct command *c, const char *name, gsize len)
{
	const struct option_entry *e;

	for (e = option_entries; e->name; e++)
		if ((c->options & e->set) && strlen(e->name) == len && !strncmp(e->name, name, len))
			return e;
	return NULL;
}

/* @arg and, for its value, perhaps the one behind it; 0 or an exit status. */
static int read_option(struct options *o, const struct command *c, char ***arg)
{
	const char *name = **arg + 2, *equals = strchr(name, '=');
	gsize len = equals ? (gsize)(equals - name) : strlen(name);
	const struct option_entry *e = find_option(c, name, len);
	const char *value = equals ? equals + 1 : NULL;

	if (!e)
		return usage("%s has no option '%.*s'; apmatrix help %s lists what it has", c->name,
			     (int)len + 2, **arg, c->name);
	if (!e->value && value)
		return usage("the option --%s takes no value", e->name);
	if (e->value && !value)
		value = *++*arg;
	if (e->value && !value)
		return usage("the option --%s needs a value: %s", e->name, e->summary);
	if (!set_option(o, e->name, value))
		return usage("--%s=%s: not understood; it takes: %s", e->name, value, e->summary);
	return 0;
}

static int read_args(struct options *o, const struct command *c, char **argv)
{
	gboolean only_args = FALSE;
	int status;

	for (; *argv; argv++) {
		if (!only_args && g_str_equal(*argv, "--")) {
			only_args = TRUE;
		} else if (!only_args && g_str_has_prefix(*argv, "--")) {
			status = read_option(o, c, &argv);
			if (status)
				return status;
		} else if (!only_args && (*argv)[0] == '-' && (*argv)[1]) {
			return usage("unknown option '%s'; options have two dashes", *argv);
		} else {
			o->args[o->n_args++] = *argv;
		}
	}
	o->args[o->n_args] = NULL;
	if (o->n_args < c->min || (c->max >= 0 && o->n_args > c->max))
		return usage("usage: apmatrix %s%s %s", c->name, c->options ? " [OPTION...]" : "",
			     c->args);
	return 0;
}

static int run_command(const struct command *c, char **argv, const char *root)
{
	g_autofree char **args = g_new0(char *, g_strv_length(argv) + 1);
	g_autoptr(ApHost) host = ap_host_new(root);
	struct options o = { .host = host, .args = args };
	g_autoptr(GError) error = NULL;
	int status;

	o.colour = isatty(STDOUT_FILENO) && !g_getenv("NO_COLOR") &&
		   g_strcmp0(g_getenv("TERM"), "dumb");
	status = read_args(&o, c, argv);
	if (status)
		return status;
	status = c->run(&o, &error);
	if (error) {
		fflush(stdout);
		fprintf(stderr, "apmatrix: %s\n", error->message);
		status = ap_matrix_error_exit_status(error);
	}
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "apmatrix: the output could not be written\n");
		return status ? status : 1;
	}
	return status;
}

/* For completions. */
static int list_guests(const char *root)
{
	g_autoptr(ApHost) host = ap_host_new(root);
	g_autoptr(ApState) state = ap_state_read(host, NULL, NULL);
	guint i;

	for (i = 0; state && i < ap_state_get_entries(state)->len; i++)
		puts(ap_entry_get_label(ap_state_get_entries(state)->pdata[i]));
	return state ? 0 : 1;
}

static int run(char **argv, const char *root)
{
	const struct command *c;

	if (!*argv) {
		help_all();
		return STATUS_USAGE;
	}
	if (g_str_equal(*argv, "--version")) {
		puts("apmatrix " APMATRIX_VERSION);
		return 0;
	}
	if (g_str_equal(*argv, "--guests"))
		return list_guests(root);
	if (g_str_equal(*argv, "--generate") && argv[1])
		return help_generate(argv[1], argv[2]) ? 0 : STATUS_USAGE;
	if (g_str_equal(*argv, "help") || g_str_equal(*argv, "--help") ||
	    g_str_equal(*argv, "-h")) {
		if (!argv[1]) {
			help_all();
			return 0;
		}
		argv++;
		c = command_find(*argv);
		if (!c)
			return unknown_command(*argv);
		help_command(c);
		return 0;
	}
	c = command_find(*argv);
	if (!c)
		return unknown_command(*argv);
	if (argv[1] && g_str_equal(argv[1], "--help")) {
		help_command(c);
		return 0;
	}
	return run_command(c, argv + 1, root);
}

int main(int argc, char **argv)
{
	const char *root = NULL;

	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN);
#ifdef APMATRIX_TEST_ROOT
	/* Only in the program that the tests build: --root DIR comes first. */
	if (argc > 2 && g_str_equal(argv[1], "--root")) {
		root = argv[2];
		argv += 2;
		argc -= 2;
	}
#endif
	return run(argc ? argv + 1 : argv, root);
}
