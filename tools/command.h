/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The commands: one table, from which help, completions and the manual's list are made.
 */
#ifndef APMATRIX_COMMAND_H
#define APMATRIX_COMMAND_H

#include "apmatrix.h"

/* Exit statuses: 0, 1 and 3 to 5 by ap_matrix_error_exit_status(). */
#define STATUS_USAGE 2
/* diff: there is a difference. */
#define STATUS_DIFFERENT 1

typedef enum {
	OPTION_JSON = 1 << 0,
	OPTION_SCOPE = 1 << 1,
	OPTION_DRY_RUN = 1 << 2,
	OPTION_YES = 1 << 3,
	OPTION_SVG = 1 << 4,
	OPTION_COLOUR = 1 << 5,
	OPTION_HOST = 1 << 6,
	OPTION_IDS = 1 << 7,
	OPTION_FORM = 1 << 8,
	OPTION_COUNT = 1 << 9,
	OPTION_CONNECT = 1 << 10,
	OPTION_REPAIR = 1 << 11,
} OptionSet;

/**
 * struct options - what the command line says
 * @host: the host
 * @json: machine-readable output
 * @svg: a picture
 * @colour: terminal colours
 * @whole_host: show the whole host
 * @dry_run: change nothing
 * @yes: ask nothing
 * @matrix: <ap:matrix> in place of libvirt's attributes
 * @scope: which side is changed; 0 if not said
 * @repair: mend what can be mended
 * @count: end after so many events; 0 for never
 * @connect: (nullable): URI of libvirt, in place of the host
 * @adapters: (nullable): list of adapters
 * @domains: (nullable): list of domains
 * @args: the arguments that are no options
 * @n_args: their number
 */
struct options {
	ApHost *host;
	gboolean json;
	gboolean svg;
	gboolean colour;
	gboolean whole_host;
	gboolean dry_run;
	gboolean yes;
	gboolean matrix;
	gboolean repair;
	ApScope scope;
	guint count;
	const char *connect;
	const char *adapters;
	const char *domains;
	char **args;
	int n_args;
};

/* What completions offer for an argument. */
typedef enum {
	ARGS_NONE,
	ARGS_FILES,
	ARGS_GUESTS,
} ArgsKind;

/**
 * struct command - a command
 * @name: what is typed
 * @args: what follows, for the usage line
 * @min: least number of arguments
 * @max: most of them; -1 without limit
 * @kind: what they are
 * @options: what it takes
 * @summary: in one line
 * @text: more, for the manual
 * @run: does it; an exit status, with or without @error
 */
struct command {
	const char *name;
	const char *args;
	int min;
	int max;
	ArgsKind kind;
	OptionSet options;
	const char *summary;
	const char *text;
	int (*run)(const struct options *o, GError **error);
};

/* One option: @value names what follows it, NULL for nothing. */
struct option_entry {
	const char *name;
	const char *value;
	OptionSet set;
	const char *summary;
};

extern const struct command commands[];
extern const struct option_entry option_entries[];

const struct command *command_find(const char *name);

int cmd_validate(const struct options *o, GError **error);
int cmd_show(const struct options *o, GError **error);
int cmd_explain(const struct options *o, GError **error);
int cmd_plan(const struct options *o, GError **error);
int cmd_diff(const struct options *o, GError **error);
int cmd_apply(const struct options *o, GError **error);
int cmd_export(const struct options *o, GError **error);
int cmd_import(const struct options *o, GError **error);
int cmd_reserve(const struct options *o, GError **error);
int cmd_release(const struct options *o, GError **error);
int cmd_watch(const struct options *o, GError **error);
int cmd_doctor(const struct options *o, GError **error);

#endif
