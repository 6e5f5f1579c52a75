// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * plan, diff, apply, reserve and release: ways to another state of the host.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ap_text.h"
#include "command.h"
#include "error.h"
#include "ids.h"
#include "load.h"
#include "lockfile.h"
#include "out.h"
#include "progress.h"
#include "source.h"

/* Longer than mdevctl takes for one device with a slow callout. */
#define LOCK_SECONDS 60

/* Where a change leads; both states are read or made under the lock, if there is one. */
struct change {
	const char *command;
	const struct options *o;
	ApScope scope;
	GPtrArray *warnings;
	ApState *now;
	ApState *wanted;
	ApPlan *plan;
};

typedef struct change change_t;

static void change_clear(change_t *c)
{
	g_ptr_array_unref(c->warnings);
	ap_state_free(c->now);
	ap_state_free(c->wanted);
	ap_plan_free(c->plan);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(change_t, change_clear)

static gboolean begin(change_t *c, GError **error)
{
	c->scope = c->o->scope ? c->o->scope : AP_SCOPE_BOTH;
	c->now = source_read(c->o, c->warnings, error);
	if (c->now)
		c->wanted = ap_state_copy(c->now);
	return !!c->now;
}

static gboolean want_file(change_t *c, const ApHostDef *def, GError **error)
{
	if (!begin(c, error) || !ap_state_want(c->wanted, def, c->scope, error))
		return FALSE;
	source_limit(c->o, c->wanted, c->now, c->warnings);
	if (!ap_state_check(c->wanted, c->now, error))
		return FALSE;
	c->plan = ap_plan_new(c->now, c->wanted);
	return TRUE;
}

static void out_step(JsonBuilder *b, const ApStep *step)
{
	g_autofree char *text = ap_step_describe(step);
	guint i;

	json_builder_begin_object(b);
	out_string(b, "step", ap_step_get_word(step));
	out_string(b, "text", text);
	if (step->uuid)
		out_string(b, "uuid", step->uuid);
	if (step->kind != AP_STEP_NAMES && step->kind != AP_STEP_COMMIT) {
		out_matrix(b, "from", &step->from);
		out_matrix(b, "to", &step->matrix);
	}
	if (step->members) {
		out_array(b, "members");
		for (i = 0; i < step->members->len; i++)
			out_step(b, step->members->pdata[i]);
		json_builder_end_array(b);
	}
	json_builder_end_object(b);
}

static void print_plan(const change_t *c)
{
	const GPtrArray *steps = ap_plan_get_steps(c->plan);
	guint i;

	if (ap_plan_is_empty(c->plan))
		puts("Nothing to do: the host is so already.");
	for (i = 0; !ap_plan_is_empty(c->plan) && i < steps->len; i++) {
		g_autofree char *text = ap_step_describe(steps->pdata[i]);

		printf("%3u. %s\n", i + 1, text);
	}
}

static void out_plan(JsonBuilder *b, const change_t *c)
{
	const GPtrArray *steps = ap_plan_get_steps(c->plan);
	guint i;

	out_bool(b, "empty", ap_plan_is_empty(c->plan));
	out_array(b, "steps");
	for (i = 0; i < steps->len; i++)
		out_step(b, steps->pdata[i]);
	json_builder_end_array(b);
	out_warnings(b, c->warnings);
}

static void show_plan(const change_t *c)
{
	JsonBuilder *b;

	if (!c->o->json) {
		print_warnings(c->warnings);
		print_plan(c);
		return;
	}
	b = out_begin(c->command);
	out_plan(b, c);
	out_end(b, TRUE);
}

int cmd_plan(const struct options *o, GError **error)
{
	g_auto(change_t) c = { "plan", o, .warnings = g_ptr_array_new_with_free_func(g_free) };
	g_autoptr(ApHostDef) def = load_host(o->args[0], error);

	if (!def || !want_file(&c, def, error))
		return 1;
	show_plan(&c);
	return 0;
}

int cmd_diff(const struct options *o, GError **error)
{
	g_auto(change_t) c = { "diff", o, .warnings = g_ptr_array_new_with_free_func(g_free) };
	g_autoptr(ApHostDef) def = load_host(o->args[0], error);
	g_autofree char *text = NULL;
	JsonBuilder *b;

	if (!def || !begin(&c, error) || !ap_state_want(c.wanted, def, c.scope, error))
		return 1;
	source_limit(o, c.wanted, c.now, c.warnings);
	text = ap_state_describe_difference(c.wanted, c.now);
	if (o->json) {
		b = out_begin("diff");
		out_bool(b, "equal", !text);
		out_lines(b, "differences", text);
		out_warnings(b, c.warnings);
		out_end(b, TRUE);
	} else {
		print_warnings(c.warnings);
		puts(text ? text : "No difference.");
	}
	return text ? STATUS_DIFFERENT : 0;
}

/* Assigned but not passed on: told, never a failure; hardware comes and goes. */
static void report_effective(JsonBuilder *b, const ApState *state)
{
	const GPtrArray *entries = ap_state_get_entries(state);
	guint i;

	if (b)
		out_array(b, "not_passed");
	for (i = 0; i < entries->len; i++) {
		const ApEntry *e = entries->pdata[i];

		if (!e->active || !e->has_guest ||
		    (apm_mask_equal(&e->matrix.apm, &e->guest.apm) &&
		     apm_mask_equal(&e->matrix.aqm, &e->guest.aqm)))
			continue;
		if (b)
			json_builder_add_string_value(b, ap_entry_get_label(e));
		else
			printf("%s does not have all of its queues now; apmatrix explain %s tells "
			       "why\n",
			       ap_entry_get_label(e), ap_entry_get_label(e));
	}
	if (b)
		json_builder_end_array(b);
}

static gboolean confirmed(const change_t *c, GError **error)
{
	char answer[8];

	if (c->o->yes || ap_plan_is_empty(c->plan))
		return TRUE;
	if (!isatty(STDIN_FILENO) || c->o->json) {
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_UNSUPPORTED,
			    "nothing was changed: there is nobody to ask; --yes says that it is "
			    "wanted");
		return FALSE;
	}
	print_plan(c);
	fputs("Do this? [y/N] ", stdout);
	fflush(stdout);
	if (fgets(answer, sizeof(answer), stdin) && g_ascii_tolower(answer[0]) == 'y')
		return TRUE;
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_RETRY, "nothing was changed");
	return FALSE;
}

static void show_result(const change_t *c)
{
	g_autoptr(ApState) after = c->o->connect ? NULL : ap_state_read(c->o->host, NULL, NULL);
	JsonBuilder *b = c->o->json ? out_begin(c->command) : NULL;

	if (b) {
		out_plan(b, c);
	} else {
		print_warnings(c->warnings);
		if (ap_plan_is_empty(c->plan))
			print_plan(c);
		else
			printf("Done and verified: %u steps.\n", ap_plan_get_steps(c->plan)->len);
	}
	if (after)
		report_effective(b, after);
	if (b)
		out_end(b, TRUE);
}

static int finish(change_t *c, GError **error)
{
	if (c->o->dry_run) {
		show_plan(c);
		return 0;
	}
	if (!confirmed(c, error) || !source_apply(c->o, c->plan, error))
		return 1;
	show_result(c);
	return 0;
}

/*
 * Steps lock the AP configuration one by one. Taken once before all of them, what a killed
 * program left of that lock is gone even if there is nothing to do.
 */
static gboolean pass_lockfile(change_t *c, progress_t *progress, GError **error)
{
	progress_say(progress, "another program changes the AP configuration; waiting for its end");
	if (!ap_lockfile_take(c->o->host, getpid(), LOCK_SECONDS, c->warnings, error))
		return FALSE;
	ap_lockfile_release(c->o->host, getpid());
	return TRUE;
}

/* -1 if there is nothing to be locked, or with @error. */
static int take_lock(change_t *c, GError **error)
{
	const struct options *o = c->o;
	g_autoptr(progress_t) progress = NULL;
	int lock;

	if (o->dry_run || o->connect)
		return -1;
	progress = progress_begin(o->json);
	progress_say(progress, "another apmatrix changes this host; waiting for its end");
	lock = ap_lock_take(o->host, LOCK_SECONDS, error);
	if (lock < 0 || pass_lockfile(c, progress, error))
		return lock;
	close(lock);
	return -1;
}

int cmd_apply(const struct options *o, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_auto(change_t) c = { "apply", o, .warnings = g_ptr_array_new_with_free_func(g_free) };
	g_autoptr(ApHostDef) def = load_host(o->args[0], error);
	int lock, status = 1;

	if (!def)
		return 1;
	lock = take_lock(&c, &local);
	if (local)
		g_propagate_error(error, g_steal_pointer(&local));
	else if (want_file(&c, def, error))
		status = finish(&c, error);
	if (lock >= 0)
		close(lock);
	return status;
}

static gboolean read_lists(const struct options *o, struct ap_matrix *ids, GError **error)
{
	memset(ids, 0, sizeof(*ids));
	if (!o->adapters && !o->domains) {
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
			    "--adapters or --domains is needed");
		return FALSE;
	}
	return (!o->adapters || ap_ids_parse_list(o->adapters, &ids->apm, error)) &&
	       (!o->domains || ap_ids_parse_list(o->domains, &ids->aqm, error));
}

static struct ap_matrix change_masks(const struct ap_matrix *masks, const struct ap_matrix *ids,
				     gboolean reserve)
{
	struct ap_matrix m = { .apm = apm_mask_or(&masks->apm, &ids->apm),
			       .aqm = apm_mask_or(&masks->aqm, &ids->aqm) };

	if (reserve) {
		m.apm = apm_mask_andnot(&masks->apm, &ids->apm);
		m.aqm = apm_mask_andnot(&masks->aqm, &ids->aqm);
	}
	return m;
}

static gboolean want_masks(change_t *c, const struct ap_matrix *ids, gboolean reserve,
			   GError **error)
{
	const struct ap_matrix *rule;
	struct ap_matrix all = { .apm = APM_MASK_ALL, .aqm = APM_MASK_ALL }, masks;

	if (!begin(c, error))
		return FALSE;
	if ((c->scope & AP_SCOPE_LIVE) && !ap_state_has_bus(c->now)) {
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_UNSUPPORTED,
			    "there is no AP bus on this host; --config changes what holds after a "
			    "boot");
		return FALSE;
	}
	rule = ap_state_get_rule(c->now);
	if (c->scope & AP_SCOPE_LIVE) {
		masks = change_masks(ap_state_get_masks(c->now), ids, reserve);
		ap_state_set_masks(c->wanted, &masks);
	}
	if (c->scope & AP_SCOPE_CONFIG) {
		masks = change_masks(rule			? rule
				     : ap_state_has_bus(c->now) ? ap_state_get_masks(c->now)
								: &all,
				     ids, reserve);
		ap_state_set_rule(c->wanted, &masks);
	}
	if (!ap_state_check(c->wanted, c->now, error))
		return FALSE;
	c->plan = ap_plan_new(c->now, c->wanted);
	return TRUE;
}

static int change_reserve(const char *command, const struct options *o, gboolean reserve,
			  GError **error)
{
	g_auto(change_t) c = { command, o, .warnings = g_ptr_array_new_with_free_func(g_free) };
	g_autoptr(GError) local = NULL;
	struct ap_matrix ids;
	int lock, status = 1;

	if (!read_lists(o, &ids, error))
		return 1;
	lock = take_lock(&c, &local);
	if (local)
		g_propagate_error(error, g_steal_pointer(&local));
	else if (want_masks(&c, &ids, reserve, error))
		status = finish(&c, error);
	if (lock >= 0)
		close(lock);
	return status;
}

int cmd_reserve(const struct options *o, GError **error)
{
	return change_reserve("reserve", o, TRUE, error);
}

int cmd_release(const struct options *o, GError **error)
{
	return change_reserve("release", o, FALSE, error);
}
