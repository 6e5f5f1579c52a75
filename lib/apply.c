// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A plan as a transaction: done and verified, or undone.
 */
#include "describe.h"
#include "error.h"
#include "plan.h"
#include "planimpl.h"
#include "stateimpl.h"

static void line(GString *s, const char *label, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void line(GString *s, const char *label, const char *format, ...)
{
	va_list args;

	g_string_append_printf(s, "%s%s: ", s->len ? "\n" : "", label);
	va_start(args, format);
	g_string_append_vprintf(s, format, args);
	va_end(args);
}

static void compare_matrix(GString *s, const ApEntry *e, const char *what,
			   const struct ap_matrix *wanted, const struct ap_matrix *found)
{
	g_autofree char *text = NULL;

	if (apm_matrix_equal(wanted, found))
		return;
	text = ap_describe_difference(wanted, found);
	line(s, ap_entry_get_label(e), "%s: %s", what, text);
}

static void compare_entry(GString *s, const ApEntry *wanted, const ApEntry *found)
{
	const ApEntry *e = wanted->name || !found->uuid ? wanted : found;

	if (found->broken != wanted->broken)
		line(s, ap_entry_get_label(e), "the definition is %s",
		     found->broken ? "broken" : "not as broken as it was");
	else if (found->defined != wanted->defined)
		line(s, ap_entry_get_label(e), "is %sdefined", found->defined ? "" : "not ");
	else if (wanted->defined && found->autostart != wanted->autostart)
		line(s, ap_entry_get_label(e), "is defined to start %s",
		     found->autostart ? "automatically" : "by hand");
	else if (wanted->defined)
		compare_matrix(s, e, "the definition is", &wanted->definition, &found->definition);
	if (found->active != wanted->active)
		line(s, ap_entry_get_label(e), "is %sactive", found->active ? "" : "not ");
	else if (wanted->active)
		compare_matrix(s, e, "the active device is", &wanted->matrix, &found->matrix);
}

static void compare_entries(GString *s, const ApState *wanted, const ApState *found)
{
	const GPtrArray *entries = ap_state_get_entries(wanted);
	static const ApEntry none;
	const ApEntry *other;
	guint i;

	for (i = 0; i < entries->len; i++) {
		const ApEntry *entry = entries->pdata[i];

		other = ap_state_find(found, entry->uuid);
		compare_entry(s, entry, other ? other : &none);
	}
	entries = ap_state_get_entries(found);
	for (i = 0; i < entries->len; i++) {
		const ApEntry *entry = entries->pdata[i];

		if (!ap_state_find(wanted, entry->uuid))
			compare_entry(s, &none, entry);
	}
}

static void compare_masks(GString *s, const char *label, const struct ap_matrix *wanted,
			  const struct ap_matrix *found)
{
	g_autofree char *text = NULL;

	if (!wanted != !found) {
		line(s, label, "is %sthere", found ? "" : "not ");
	} else if (wanted && !apm_matrix_equal(wanted, found)) {
		text = ap_describe_difference(wanted, found);
		line(s, label, "%s", text);
	}
}

/**
 * ap_state_describe_difference:
 * @wanted: a host as it should be
 * @found: as it is
 *
 * Returns: (transfer full) (nullable): a line for each difference; %NULL if there are none
 */
char *ap_state_describe_difference(const ApState *wanted, const ApState *found)
{
	GString *s = g_string_new(NULL);

	compare_masks(s, "the masks", ap_state_has_bus(wanted) ? ap_state_get_masks(wanted) : NULL,
		      ap_state_has_bus(found) ? ap_state_get_masks(found) : NULL);
	compare_masks(s, "the masks after a boot", ap_state_get_rule(wanted),
		      ap_state_get_rule(found));
	compare_entries(s, wanted, found);
	if (s->len)
		return g_string_free(s, FALSE);
	g_string_free(s, TRUE);
	return NULL;
}

static void touch_steps(const GPtrArray *steps, GHashTable *uuids, guint *kinds)
{
	guint i;

	for (i = 0; i < steps->len; i++) {
		const ApStep *step = steps->pdata[i];

		*kinds |= 1u << step->kind;
		if (step->uuid)
			g_hash_table_add(uuids, step->uuid);
		if (step->members)
			touch_steps(step->members, uuids, kinds);
	}
}

static void touch_names(const ApState *a, const ApState *b, GHashTable *uuids)
{
	const GPtrArray *entries = ap_state_get_entries(a);
	guint i;

	for (i = 0; i < entries->len; i++) {
		const ApEntry *entry = entries->pdata[i];
		const ApEntry *other = ap_state_find(b, entry->uuid);

		if (g_strcmp0(entry->name, other ? other->name : NULL))
			g_hash_table_add(uuids, entry->uuid);
	}
}

/* @found, but what the plan changes is as in @goal: the rest is others' to change meanwhile. */
static ApState *expect(const ApPlan *plan, const ApState *goal, const ApState *found)
{
	g_autoptr(GHashTable) uuids = g_hash_table_new(g_str_hash, g_str_equal);
	ApState *state = ap_state_copy(found);
	GHashTableIter iter;
	gpointer uuid;
	guint kinds = 0;

	touch_steps(plan->steps, uuids, &kinds);
	touch_names(plan->now, plan->wanted, uuids);
	touch_names(plan->wanted, plan->now, uuids);
	g_hash_table_iter_init(&iter, uuids);
	while (g_hash_table_iter_next(&iter, &uuid, NULL))
		ap_state_take(state, goal, uuid);
	if (kinds & (1u << AP_STEP_MASKS))
		ap_state_set_masks(state, ap_state_get_masks(goal));
	if (kinds & (1u << AP_STEP_RULE))
		ap_state_set_rule(state, ap_state_get_rule(goal));
	ap_state_sort(state);
	return state;
}

/* What of the plan's doing is not as in @goal. */
static char *difference(const ApPlan *plan, const ApState *goal, const ApState *found)
{
	g_autoptr(ApState) expected = expect(plan, goal, found);

	return ap_state_describe_difference(expected, found);
}

static ApState *read_state(const ApHost *host, const ApPlanOps *ops, GError **error)
{
	return ops->read ? ops->read(ops->data, error) : ap_state_read(host, NULL, error);
}

static gboolean set_stopped(GError **error)
{
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_RETRY, "interrupted");
	return FALSE;
}

static gboolean run_steps(const ApPlan *plan, const ApHost *host, const ApPlanOps *ops,
			  GError **error)
{
	guint i;

	for (i = 0; i < plan->steps->len; i++) {
		const ApStep *step = plan->steps->pdata[i];
		g_autofree char *text = ap_step_describe(step);

		if (ops->stopped && ops->stopped(ops->data))
			return set_stopped(error);
		if (ops->progress)
			ops->progress(ops->data, i + 1, plan->steps->len, text);
		if (!ap_step_run(step, host, ops, error)) {
			g_prefix_error(error, "%s: ", text);
			return FALSE;
		}
	}
	return TRUE;
}

/* What is read may lag behind what was done; ops->patience says for how long. */
static gboolean verify(const ApPlan *plan, const ApHost *host, const ApPlanOps *ops, GError **error)
{
	gint64 end = g_get_monotonic_time() + (gint64)ops->patience * G_USEC_PER_SEC;

	if (ops->progress)
		ops->progress(ops->data, plan->steps->len, plan->steps->len,
			      "reading everything back");
	for (;;) {
		g_autoptr(ApState) found = read_state(host, ops, error);
		g_autofree char *text = NULL;

		if (!found)
			return FALSE;
		text = difference(plan, plan->wanted, found);
		if (!text)
			return TRUE;
		if (g_get_monotonic_time() < end) {
			g_usleep(G_USEC_PER_SEC / 5);
			continue;
		}
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_VERIFY_FAILED,
			    "the host is not as it was asked for:\n%s", text);
		return FALSE;
	}
}

/*
 * As much as possible: a step that fails does not keep the others from being tried. But what
 * could not be removed keeps its name, so that it is known to be ours the next time.
 */
static void run_all(const ApPlan *plan, const ApHost *host, const ApPlanOps *ops, GString *why)
{
	guint i;

	for (i = 0; i < plan->steps->len; i++) {
		const ApStep *step = plan->steps->pdata[i];
		g_autoptr(GError) error = NULL;
		g_autofree char *text = ap_step_describe(step);
		g_autofree char *shown = g_strconcat("putting back: ", text, NULL);

		if (step->kind == AP_STEP_NAMES && why->len)
			continue;
		if (ops->progress)
			ops->progress(ops->data, i + 1, plan->steps->len, shown);
		if (!ap_step_run(step, host, ops, &error))
			g_string_append_printf(why, "\n%s: %s", text, error->message);
	}
}

/* libvirt knows no names, so they are no part of what two states differ in. */
static char *add_names(const ApPlan *plan, const ApState *after, char *difference)
{
	g_autoptr(GHashTable) uuids = g_hash_table_new(g_str_hash, g_str_equal);
	GString *s = g_string_new(difference);
	GHashTableIter iter;
	gpointer uuid;

	g_free(difference);
	touch_names(plan->now, after, uuids);
	touch_names(after, plan->now, uuids);
	g_hash_table_iter_init(&iter, uuids);
	while (g_hash_table_iter_next(&iter, &uuid, NULL)) {
		const ApEntry *old = ap_state_find(plan->now, uuid);
		const ApEntry *new = ap_state_find(after, uuid);

		if (new &&new->name)
			line(s, uuid, "the name '%s' is kept", new->name);
		else
			line(s, uuid, "the name '%s' is lost", old->name);
	}
	return g_string_free(s, !s->len);
}

/* What is not as before, %NULL for nothing; reasons are added to @why. */
static char *undo(const ApPlan *plan, const ApHost *host, const ApPlanOps *ops, GString *why)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ApState) found = read_state(host, ops, &error);
	g_autoptr(ApState) before = NULL;
	g_autoptr(ApState) after = NULL;
	g_autoptr(ApPlan) back = NULL;
	char *text;

	if (!found)
		return g_strdup_printf("what is different is not known: %s", error->message);
	before = expect(plan, plan->now, found);
	back = ap_plan_new(found, before);
	run_all(back, host, ops, why);
	after = read_state(host, ops, &error);
	if (!after)
		return g_strdup_printf("what is different is not known: %s", error->message);
	text = difference(plan, plan->now, after);
	return host ? add_names(plan, after, text) : text;
}

static void roll_back(const ApPlan *plan, const ApHost *host, const ApPlanOps *ops, GError **error)
{
	g_autoptr(GString) why = g_string_new(NULL);
	g_autoptr(GError) first = g_steal_pointer(error);
	g_autofree char *left = undo(plan, host, ops, why);

	if (!left)
		g_set_error(error, first->domain, first->code,
			    "%s\nEverything was put back as it was before.", first->message);
	else
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_NOT_RESTORED,
			    "%s\nNot everything could be put back as it was before:\n%s%s",
			    first->message, left, why->str);
}

/**
 * ap_plan_apply:
 * @plan: a plan
 * @host: (nullable): the host it is for; %NULL if @ops reads its state and does the steps
 * @ops: how programs are run and progress is shown
 * @error: what the first failing step says, AP_MATRIX_ERROR_VERIFY_FAILED when all steps
 *   succeeded but not what was wanted came of it: in both cases the host is as before;
 *   AP_MATRIX_ERROR_NOT_RESTORED when it is not, with all that is different
 *
 * Devices that the plan does not change may be changed by others meanwhile; they are
 * neither verified nor put back.
 *
 * Returns: whether the host is as wanted, seen by reading it anew
 */
gboolean ap_plan_apply(const ApPlan *plan, const ApHost *host, const ApPlanOps *ops, GError **error)
{
	g_autoptr(GError) local = NULL;

	if (run_steps(plan, host, ops, &local) && verify(plan, host, ops, &local))
		return TRUE;
	roll_back(plan, host, ops, &local);
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}
