// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plan.h"

#include "describe.h"
#include "guest.h"
#include "order.h"
#include "planimpl.h"

static void step_free(ApStep *step)
{
	g_free(step->uuid);
	g_free(step->label);
	g_free(step->json);
	g_clear_pointer(&step->members, g_ptr_array_unref);
	g_clear_pointer(&step->names, g_hash_table_unref);
	g_free(step);
}

static ApStep *add_to(GPtrArray *steps, ApStepKind kind, const ApEntry *entry)
{
	ApStep *step = g_new0(ApStep, 1);

	step->kind = kind;
	if (entry) {
		step->uuid = g_strdup(entry->uuid);
		step->label = g_strdup(ap_entry_get_label(entry));
	}
	g_ptr_array_add(steps, step);
	return step;
}

static GHashTable *names_of(const ApState *state, GHashTable *names)
{
	const GPtrArray *entries = ap_state_get_entries(state);
	guint i;

	if (!names)
		names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (i = 0; i < entries->len; i++) {
		const ApEntry *entry = entries->pdata[i];

		if (entry->name)
			g_hash_table_insert(names, g_strdup(entry->uuid), g_strdup(entry->name));
	}
	return names;
}

static gboolean same_names(GHashTable *a, GHashTable *b)
{
	GHashTableIter iter;
	gpointer uuid, name;

	if (g_hash_table_size(a) != g_hash_table_size(b))
		return FALSE;
	g_hash_table_iter_init(&iter, a);
	while (g_hash_table_iter_next(&iter, &uuid, &name))
		if (g_strcmp0(g_hash_table_lookup(b, uuid), name))
			return FALSE;
	return TRUE;
}

/* Keeps @names, unless they are kept already as @old. */
static void plan_names(ApPlan *plan, GHashTable *old, GHashTable *names)
{
	if (!same_names(old, names))
		add_to(plan->steps, AP_STEP_NAMES, NULL)->names = g_hash_table_ref(names);
}

static void plan_masks(ApPlan *plan, const struct ap_matrix *from, const struct ap_matrix *to)
{
	ApStep *step;

	if (apm_matrix_equal(from, to))
		return;
	step = add_to(plan->steps, AP_STEP_MASKS, NULL);
	step->from = *from;
	step->matrix = *to;
}

static void plan_rule(ApPlan *plan)
{
	const struct ap_matrix *from = ap_state_get_rule(plan->now);
	const struct ap_matrix *to = ap_state_get_rule(plan->wanted);
	ApStep *step;

	if (!from == !to && (!from || apm_matrix_equal(from, to)))
		return;
	step = add_to(plan->steps, AP_STEP_RULE, NULL);
	step->nothing = !to;
	if (from)
		step->from = *from;
	if (to)
		step->matrix = *to;
}

static const ApEntry *entry_in(const ApState *state, const ApEntry *entry)
{
	static const ApEntry none;
	const ApEntry *found = ap_state_find(state, entry->uuid);

	return found ? found : &none;
}

static void plan_removals(ApPlan *plan)
{
	const GPtrArray *entries = ap_state_get_entries(plan->now);
	guint i;

	for (i = 0; i < entries->len; i++) {
		const ApEntry *entry = entries->pdata[i];

		if (entry->active && !entry_in(plan->wanted, entry)->active)
			add_to(plan->steps, AP_STEP_STOP, entry)->from = entry->matrix;
	}
	for (i = 0; i < entries->len; i++) {
		const ApEntry *entry = entries->pdata[i];

		if (entry->defined && !entry_in(plan->wanted, entry)->defined)
			add_to(plan->steps, AP_STEP_UNDEFINE, entry)->from = entry->definition;
	}
}

static void add_definition(ApPlan *plan, const ApEntry *entry, const char *json,
			   const struct ap_matrix *matrix)
{
	const ApEntry *old = entry_in(plan->now, entry);
	ApStep *step = add_to(plan->steps, old->defined ? AP_STEP_MODIFY : AP_STEP_DEFINE, entry);

	step->json = g_strdup(json);
	step->from = old->definition;
	step->matrix = *matrix;
}

/* One that keeps only what it does not lose, for as long as others wait for the rest. */
static void add_kept(ApPlan *plan, const ApEntry *entry, const struct ap_matrix *kept)
{
	g_autoptr(ApGuest) guest = ap_guest_new(NULL, NULL);
	g_autofree char *json = NULL;

	guest->autostart = TRUE;
	guest->matrix = *kept;
	json = ap_guest_to_json(guest);
	add_definition(plan, entry, json, kept);
}

static gboolean definition_changes(const ApEntry *old, const ApEntry *entry)
{
	return entry->defined &&
	       (!old->defined || old->broken || g_strcmp0(old->json, entry->json));
}

/* Only definitions that start automatically must never share queues. */
static void plan_definitions(ApPlan *plan)
{
	const GPtrArray *entries = ap_state_get_entries(plan->wanted);
	g_autofree ApMove *moves = g_new0(ApMove, entries->len + 1);
	g_autoptr(GArray) order = NULL;
	guint i;

	for (i = 0; i < entries->len; i++) {
		const ApEntry *entry = entries->pdata[i], *old = entry_in(plan->now, entry);

		if (old->autostart && entry->defined)
			moves[i].from = old->definition;
		if (entry->autostart)
			moves[i].to = entry->definition;
		if (apm_matrix_equal(&moves[i].from, &moves[i].to) &&
		    definition_changes(old, entry))
			add_definition(plan, entry, entry->json, &entry->definition);
	}
	order = ap_order(moves, entries->len);
	for (i = 0; i < order->len; i++) {
		const ApOrderStep *step = &g_array_index(order, ApOrderStep, i);
		const ApEntry *entry = entries->pdata[step->index];

		if (!apm_matrix_equal(&step->matrix, &moves[step->index].to))
			add_kept(plan, entry, &step->matrix);
		else if (entry->defined)
			add_definition(plan, entry, entry->json, &entry->definition);
	}
}

static void add_start(ApPlan *plan, const ApEntry *entry)
{
	ApStep *step = add_to(plan->steps, AP_STEP_START, entry);
	g_autoptr(ApGuest) guest = ap_guest_new(NULL, NULL);

	step->matrix = entry->matrix;
	if (entry->defined && !entry->broken &&
	    apm_matrix_equal(&entry->matrix, &entry->definition))
		return;
	guest->matrix = entry->matrix;
	step->json = ap_guest_to_json(guest);
}

static void add_live(GPtrArray *steps, const ApEntry *entry, const struct ap_matrix *from,
		     const struct ap_matrix *to)
{
	ApStep *step = add_to(steps, AP_STEP_LIVE, entry);

	step->from = *from;
	step->matrix = *to;
}

static guint count_live(const ApMove *moves, const GPtrArray *entries, const ApState *now)
{
	guint i, n = 0;

	for (i = 0; i < entries->len; i++) {
		const ApEntry *entry = entries->pdata[i];

		n += entry->active && entry_in(now, entry)->active &&
		     !apm_matrix_equal(&moves[i].from, &moves[i].to);
	}
	return n;
}

/* All changes in one write; nothing has to wait for anything after that. */
static void plan_commit(ApPlan *plan, ApMove *moves)
{
	const GPtrArray *entries = ap_state_get_entries(plan->wanted);
	ApStep *step = add_to(plan->steps, AP_STEP_COMMIT, NULL);
	guint i;

	step->members = g_ptr_array_new_with_free_func((GDestroyNotify)step_free);
	for (i = 0; i < entries->len; i++) {
		const ApEntry *entry = entries->pdata[i];

		if (!entry->active || !entry_in(plan->now, entry)->active ||
		    apm_matrix_equal(&moves[i].from, &moves[i].to))
			continue;
		add_live(step->members, entry, &moves[i].from, &moves[i].to);
		moves[i].from = moves[i].to;
	}
}

static void plan_single(ApPlan *plan, const ApMove *moves)
{
	const GPtrArray *entries = ap_state_get_entries(plan->wanted);
	g_autoptr(GArray) order = ap_order(moves, entries->len);
	g_autofree struct ap_matrix *at = g_new0(struct ap_matrix, entries->len + 1);
	guint i;

	for (i = 0; i < entries->len; i++)
		at[i] = moves[i].from;
	for (i = 0; i < order->len; i++) {
		const ApOrderStep *step = &g_array_index(order, ApOrderStep, i);
		const ApEntry *entry = entries->pdata[step->index];

		if (entry_in(plan->now, entry)->active)
			add_live(plan->steps, entry, &at[step->index], &step->matrix);
		else
			add_start(plan, entry);
		at[step->index] = step->matrix;
	}
	/* A start without queues needs no room. */
	for (i = 0; i < entries->len; i++) {
		const ApEntry *entry = entries->pdata[i];

		if (entry->active && !entry_in(plan->now, entry)->active &&
		    apm_matrix_equal(&moves[i].from, &moves[i].to))
			add_start(plan, entry);
	}
}

static void plan_active(ApPlan *plan)
{
	const GPtrArray *entries = ap_state_get_entries(plan->wanted);
	g_autofree ApMove *moves = g_new0(ApMove, entries->len + 1);
	guint i;

	for (i = 0; i < entries->len; i++) {
		const ApEntry *entry = entries->pdata[i], *old = entry_in(plan->now, entry);

		if (old->active && entry->active)
			moves[i].from = old->matrix;
		if (entry->active)
			moves[i].to = entry->matrix;
	}
	if ((ap_state_get_features(plan->now) & AP_FEATURE_COMMIT) &&
	    count_live(moves, entries, plan->now) > 1)
		plan_commit(plan, moves);
	plan_single(plan, moves);
}

/**
 * ap_plan_new:
 * @now: a host as it is
 * @wanted: as it is to be; ap_state_check() agreed
 *
 * In an order in which no step conflicts: what is given up first, what is taken last;
 * names are kept before there are devices with them. Killed at any point, a new plan from
 * there leads to the same end.
 *
 * Returns: (transfer full): the steps
 */
ApPlan *ap_plan_new(const ApState *now, const ApState *wanted)
{
	g_autoptr(GHashTable) old = names_of(now, NULL);
	g_autoptr(GHashTable) names = names_of(wanted, NULL);
	g_autoptr(GHashTable) both = names_of(wanted, names_of(now, NULL));
	const struct ap_matrix *from = ap_state_get_masks(now), *to = ap_state_get_masks(wanted);
	struct ap_matrix least = apm_matrix_and(from, to);
	ApPlan *plan = g_new0(ApPlan, 1);

	plan->steps = g_ptr_array_new_with_free_func((GDestroyNotify)step_free);
	plan->now = ap_state_copy(now);
	plan->wanted = ap_state_copy(wanted);
	plan_names(plan, old, both);
	plan_rule(plan);
	plan_masks(plan, from, &least);
	plan_removals(plan);
	plan_definitions(plan);
	plan_active(plan);
	plan_masks(plan, &least, to);
	plan_names(plan, both, names);
	return plan;
}

/**
 * ap_plan_free:
 * @plan: (nullable) (transfer full): a plan
 */
void ap_plan_free(ApPlan *plan)
{
	if (!plan)
		return;
	g_ptr_array_unref(plan->steps);
	ap_state_free(plan->now);
	ap_state_free(plan->wanted);
	g_free(plan);
}

/**
 * ap_plan_get_steps:
 * @plan: a plan
 *
 * Returns: (element-type ApStep): its steps in order
 */
const GPtrArray *ap_plan_get_steps(const ApPlan *plan)
{
	return plan->steps;
}

/**
 * ap_plan_is_empty:
 * @plan: a plan
 *
 * Returns: whether nothing but names would be kept
 */
gboolean ap_plan_is_empty(const ApPlan *plan)
{
	guint i;

	for (i = 0; i < plan->steps->len; i++)
		if (((const ApStep *)plan->steps->pdata[i])->kind != AP_STEP_NAMES)
			return FALSE;
	return TRUE;
}

/**
 * ap_step_get_word:
 * @step: a step
 *
 * Returns: its kind as JSON output has it
 */
const char *ap_step_get_word(const ApStep *step)
{
	static const char *const words[] = {
		[AP_STEP_NAMES] = "names",	 [AP_STEP_RULE] = "rule",
		[AP_STEP_MASKS] = "masks",	 [AP_STEP_STOP] = "stop",
		[AP_STEP_UNDEFINE] = "undefine", [AP_STEP_DEFINE] = "define",
		[AP_STEP_MODIFY] = "modify",	 [AP_STEP_LIVE] = "live",
		[AP_STEP_COMMIT] = "commit",	 [AP_STEP_START] = "start",
	};

	return words[step->kind];
}

/* The masks are what the host drivers have; people think of what guests can get. */
static char *describe_masks(const struct ap_matrix *from, const struct ap_matrix *to)
{
	const struct ap_matrix all = { .apm = APM_MASK_ALL, .aqm = APM_MASK_ALL };
	struct ap_matrix a = { .apm = apm_mask_andnot(&all.apm, &from->apm),
			       .aqm = apm_mask_andnot(&all.aqm, &from->aqm) };
	struct ap_matrix b = { .apm = apm_mask_andnot(&all.apm, &to->apm),
			       .aqm = apm_mask_andnot(&all.aqm, &to->aqm) };

	return ap_describe_change(&a, &b);
}

static char *describe_commit(const ApStep *step)
{
	GString *s = g_string_new("change at once");
	guint i;

	for (i = 0; i < step->members->len; i++) {
		const ApStep *member = step->members->pdata[i];
		g_autofree char *change = ap_describe_change(&member->from, &member->matrix);

		g_string_append_printf(s, "%s %s (%s)", i ? "," : "", member->label, change);
	}
	return g_string_free(s, FALSE);
}

static char *describe_matrix(const char *verb, const ApStep *step, const struct ap_matrix *m)
{
	g_autofree char *text = ap_describe_matrix(m);

	return g_strdup_printf("%s %s: %s", verb, step->label, text);
}

static char *describe_change(const char *verb, const ApStep *step)
{
	g_autofree char *text = ap_describe_change(&step->from, &step->matrix);

	return g_strdup_printf("%s %s: %s", verb, step->label, text);
}

/**
 * ap_step_describe:
 * @step: a step
 *
 * Returns: (transfer full): what it does, in one line
 */
char *ap_step_describe(const ApStep *step)
{
	g_autofree char *text = NULL;

	switch (step->kind) {
	case AP_STEP_NAMES:
		return g_strdup("keep the names");
	case AP_STEP_RULE:
		if (step->nothing)
			return g_strdup("reserve nothing for guests after a boot");
		text = describe_masks(&step->from, &step->matrix);
		return g_strdup_printf("reserve for guests after a boot: %s", text);
	case AP_STEP_MASKS:
		text = describe_masks(&step->from, &step->matrix);
		return g_strdup_printf("reserve for guests now: %s", text);
	case AP_STEP_STOP:
		return describe_matrix("stop", step, &step->from);
	case AP_STEP_UNDEFINE:
		return describe_matrix("undefine", step, &step->from);
	case AP_STEP_DEFINE:
		return describe_matrix("define", step, &step->matrix);
	case AP_STEP_MODIFY:
		return describe_change("change the definition of", step);
	case AP_STEP_LIVE:
		return describe_change("change", step);
	case AP_STEP_COMMIT:
		return describe_commit(step);
	case AP_STEP_START:
		return describe_matrix("start", step, &step->matrix);
	}
	g_return_val_if_reached(NULL);
}
