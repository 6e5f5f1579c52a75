// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a host definition makes of a host, whether that can be, and the way back.
 */
#include <string.h>

#include "conflict.h"
#include "describe.h"
#include "error.h"
#include "stateimpl.h"

static void want_guest(ApState *state, const ApGuest *guest, ApScope scope)
{
	ApEntry *entry = ap_state_add(state, guest->uuid);

	g_free(entry->name);
	entry->name = g_strdup(guest->name);
	if ((scope & AP_SCOPE_CONFIG) &&
	    (!entry->defined || entry->broken || entry->autostart != guest->autostart ||
	     !apm_matrix_equal(&entry->definition, &guest->matrix))) {
		entry->defined = TRUE;
		entry->broken = FALSE;
		entry->autostart = guest->autostart;
		entry->definition = guest->matrix;
		g_free(entry->json);
		entry->json = ap_guest_to_json(guest);
	}
	if ((scope & AP_SCOPE_LIVE) && (guest->autostart || entry->active)) {
		entry->active = TRUE;
		entry->matrix = guest->matrix;
	}
}

/* What an earlier definition made, and this one does not have. */
static void want_gone(ApEntry *entry, ApScope scope)
{
	if (scope & AP_SCOPE_CONFIG) {
		entry->defined = FALSE;
		entry->broken = FALSE;
		entry->autostart = FALSE;
		g_clear_pointer(&entry->json, g_free);
	}
	if (scope & AP_SCOPE_LIVE)
		entry->active = FALSE;
	if (!entry->defined && !entry->active)
		g_clear_pointer(&entry->name, g_free);
}

/**
 * ap_state_want_reserve:
 * @state: a state, changed into what is wanted
 * @reserve: adapters and domains that the host drivers do not get
 * @scope: now, after a boot, or both
 */
void ap_state_want_reserve(ApState *state, const struct ap_matrix *reserve, ApScope scope)
{
	const struct ap_mask all = APM_MASK_ALL;
	struct ap_matrix masks = {
		.apm = apm_mask_andnot(&all, &reserve->apm),
		.aqm = apm_mask_andnot(&all, &reserve->aqm),
	};
	gboolean plain = apm_mask_equal(&masks.apm, &all) && apm_mask_equal(&masks.aqm, &all);

	if (scope & AP_SCOPE_LIVE)
		ap_state_set_masks(state, &masks);
	if ((scope & AP_SCOPE_CONFIG) && (!plain || ap_state_get_rule(state)))
		ap_state_set_rule(state, &masks);
}

/**
 * ap_state_want:
 * @state: a host as it is, changed into what is wanted
 * @def: a host definition
 * @scope: active devices, definitions, or both
 * @error: AP_MATRIX_ERROR_UNSUPPORTED when the host cannot have it; AP_MATRIX_ERROR_INVALID
 *   when the names of devices cannot be read
 *
 * Devices with start='manual' are not started, but changed if they are active. Devices of
 * an earlier definition that are not in @def go; devices of others stay as they are.
 *
 * Returns: whether it succeeded
 */
gboolean ap_state_want(ApState *state, const ApHostDef *def, ApScope scope, GError **error)
{
	const GPtrArray *guests = ap_host_def_get_guests(def);
	const GPtrArray *entries = ap_state_get_entries(state);
	g_autoptr(GHashTable) named = g_hash_table_new(g_str_hash, g_str_equal);
	guint i;

	if (ap_state_get_names_problem(state)) {
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
			    "%s; mend it or remove it: without it nobody knows which devices an "
			    "earlier definition has made",
			    ap_state_get_names_problem(state));
		return FALSE;
	}
	if ((scope & AP_SCOPE_LIVE) && (!ap_state_has_bus(state) || !ap_state_has_parent(state))) {
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_UNSUPPORTED,
			    "there is no %s on this host; load the module, or change the "
			    "definitions only (--config)",
			    ap_state_has_bus(state) ? "vfio_ap" : "AP bus");
		return FALSE;
	}
	for (i = 0; i < guests->len; i++)
		g_hash_table_add(named, ((ApGuest *)guests->pdata[i])->uuid);
	for (i = 0; i < entries->len; i++) {
		ApEntry *entry = entries->pdata[i];

		if (entry->name && !g_hash_table_contains(named, entry->uuid))
			want_gone(entry, scope);
	}
	for (i = 0; i < guests->len; i++)
		want_guest(state, guests->pdata[i], scope);
	if (ap_host_def_get_reserve(def))
		ap_state_want_reserve(state, ap_host_def_get_reserve(def), scope);
	return TRUE;
}

struct check {
	const ApState *state;
	const ApState *now;
	GString *conflicts;
	GString *invalid;
};

static char *owner_label(const ApEntry *entry)
{
	return entry->name ? g_strdup_printf("%s '%s'", entry->uuid, entry->name)
			   : g_strdup(entry->uuid);
}

static void add_others(const struct check *c, const ApEntry *entry, ApOwners kind,
		       ApConflict *conflict)
{
	const GPtrArray *entries = ap_state_get_entries(c->state);
	guint i;

	for (i = 0; i < entries->len; i++) {
		const ApEntry *other = entries->pdata[i];
		const struct ap_matrix *m = &other->matrix;
		g_autofree char *label = NULL;

		if (other == entry)
			continue;
		if (kind == AP_OWNERS_AUTOSTART)
			m = &other->definition;
		if (kind == AP_OWNERS_ACTIVE ? !other->active
					     : !other->defined || !other->autostart)
			continue;
		if (!apm_matrix_conflict(kind == AP_OWNERS_ACTIVE ? &entry->matrix
								  : &entry->definition,
					 m, NULL))
			continue;
		label = owner_label(other);
		ap_conflict_add(conflict, kind, label, m);
	}
}

static void note(GString *s, const ApEntry *entry, const char *text)
{
	g_autofree char *label = owner_label(entry);

	g_string_append_printf(s, "%s%s: %s", s->len ? "\n" : "", label, text);
}

static void check_one(struct check *c, const ApEntry *entry, ApOwners kind,
		      const struct ap_matrix *matrix, const struct ap_matrix *masks)
{
	g_autoptr(ApConflict) conflict = ap_conflict_new(NULL, matrix);
	g_autofree char *list = NULL;
	g_autofree char *text = NULL;

	add_others(c, entry, kind, conflict);
	if (masks)
		ap_conflict_add_host(conflict, masks, ap_state_get_overrides(c->now));
	if (!ap_conflict_count(conflict, kind | AP_OWNERS_HOST))
		return;
	list = ap_conflict_to_text(conflict, kind | AP_OWNERS_HOST);
	text = g_strdup_printf("%s\n%s",
			       kind == AP_OWNERS_ACTIVE ? "cannot be active:"
							: "cannot start automatically:",
			       list);
	note(c->conflicts, entry, text);
}

static void check_limits(struct check *c, const ApEntry *entry)
{
	g_autofree char *text = ap_describe_overflow(&entry->matrix, ap_state_get_limits(c->now));

	if (text)
		note(c->invalid, entry, text);
}

static gboolean masks_differ(const struct ap_matrix *a, const struct ap_matrix *b)
{
	return !a != !b || (a && !apm_matrix_equal(a, b));
}

static void check_entry(struct check *c, const ApEntry *entry)
{
	static const ApEntry none;
	const ApEntry *old = ap_state_find(c->now, entry->uuid);
	const struct ap_matrix *live = ap_state_has_bus(c->state) ? ap_state_get_masks(c->state)
								  : NULL;
	const struct ap_matrix *rule = ap_state_get_rule(c->state);

	old = old ? old : &none;
	if (entry->active &&
	    (!old->active || !apm_matrix_equal(&entry->matrix, &old->matrix) ||
	     masks_differ(live, ap_state_has_bus(c->now) ? ap_state_get_masks(c->now) : NULL))) {
		check_one(c, entry, AP_OWNERS_ACTIVE, &entry->matrix, live);
		check_limits(c, entry);
	}
	if (entry->defined && entry->autostart &&
	    (!old->autostart || !apm_matrix_equal(&entry->definition, &old->definition) ||
	     masks_differ(rule, ap_state_get_rule(c->now))))
		check_one(c, entry, AP_OWNERS_AUTOSTART, &entry->definition, rule ? rule : live);
}

/* What the kernel would refuse, or what would be lost. */
static gboolean check_masks(const ApState *state, const ApState *now, GError **error)
{
	const ApOverrides *overrides = ap_state_get_overrides(now);
	const char *problem = ap_state_get_rule_problem(now);
	g_autofree char *text = NULL;

	if (problem && masks_differ(ap_state_get_rule(state), ap_state_get_rule(now))) {
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
			    "%s; nothing is written over it", problem);
		return FALSE;
	}
	if (!overrides || !ap_state_has_bus(now) ||
	    apm_matrix_equal(ap_state_get_masks(state), ap_state_get_masks(now)))
		return TRUE;
	text = ap_overrides_describe(overrides);
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_UNSUPPORTED,
		    "the masks cannot be changed while queues have a driver_override (%s): use one "
		    "or the other",
		    text);
	return FALSE;
}

/**
 * ap_state_check:
 * @state: a host as it is wanted to be
 * @now: the host as it is
 * @error: AP_MATRIX_ERROR_CONFLICT with all conflicts and owners, AP_MATRIX_ERROR_INVALID
 *   with all ids above the host's limits, or when a rule of the masks would be lost;
 *   AP_MATRIX_ERROR_UNSUPPORTED when the masks cannot be changed
 *
 * Looks at what @state changes: active devices must share no queues with each other or
 * with the host drivers, nor must definitions that start automatically.
 *
 * Returns: whether @state can be
 */
gboolean ap_state_check(const ApState *state, const ApState *now, GError **error)
{
	g_autoptr(GString) conflicts = g_string_new(NULL);
	g_autoptr(GString) invalid = g_string_new(NULL);
	struct check c = { state, now, conflicts, invalid };
	const GPtrArray *entries = ap_state_get_entries(state);
	guint i;

	if (!check_masks(state, now, error))
		return FALSE;
	for (i = 0; i < entries->len; i++)
		check_entry(&c, entries->pdata[i]);
	if (invalid->len)
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID, "%s", invalid->str);
	else if (conflicts->len)
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_CONFLICT,
			    "queues have another owner:\n%s", conflicts->str);
	return !invalid->len && !conflicts->len;
}

static gboolean overlaps(const ApHostDef *def, const ApGuest *guest)
{
	const struct ap_matrix *reserve = ap_host_def_get_reserve(def);
	const GPtrArray *guests = ap_host_def_get_guests(def);
	guint i;

	if (reserve) {
		struct ap_matrix left = {
			.apm = apm_mask_andnot(&guest->matrix.apm, &reserve->apm),
			.aqm = apm_mask_andnot(&guest->matrix.aqm, &reserve->aqm),
		};

		if (apm_matrix_queues(&left))
			return TRUE;
	}
	for (i = 0; i < guests->len; i++) {
		const ApGuest *other = guests->pdata[i];

		if (!other->overlap && apm_matrix_conflict(&guest->matrix, &other->matrix, NULL))
			return TRUE;
	}
	return FALSE;
}

static void export_entry(ApHostDef *def, const ApEntry *entry, GPtrArray *warnings)
{
	ApGuest *guest = ap_guest_new(entry->name, entry->uuid);

	if (!guest->name)
		guest->name = g_strdup_printf("mdev-%s", entry->uuid);
	guest->autostart = entry->autostart;
	guest->matrix = entry->definition;
	guest->overlap = !guest->autostart && overlaps(def, guest);
	ap_host_def_add(def, guest);
	if (entry->active && !apm_matrix_equal(&entry->matrix, &entry->definition))
		g_ptr_array_add(warnings,
				g_strdup_printf("%s: the active device has another matrix than its "
						"definition, which is what is exported",
						ap_entry_get_label(entry)));
}

static void export_kind(ApHostDef *def, const ApState *state, gboolean autostart,
			GPtrArray *warnings)
{
	const GPtrArray *entries = ap_state_get_entries(state);
	guint i;

	for (i = 0; i < entries->len; i++) {
		const ApEntry *entry = entries->pdata[i];

		if (entry->defined && !entry->broken && entry->autostart == autostart)
			export_entry(def, entry, warnings);
	}
}

/**
 * ap_state_export:
 * @state: a host
 * @warnings: (element-type utf8): gets a text for what a host definition cannot say of it
 *
 * Returns: (transfer full): a host definition that changes nothing when it is applied
 */
ApHostDef *ap_state_export(const ApState *state, GPtrArray *warnings)
{
	const struct ap_matrix *rule = ap_state_get_rule(state);
	const GPtrArray *entries = ap_state_get_entries(state);
	ApHostDef *def = ap_host_def_new("export");
	const struct ap_mask all = APM_MASK_ALL;
	guint i;

	if (rule && ap_state_has_bus(state) && !apm_matrix_equal(rule, ap_state_get_masks(state)))
		g_ptr_array_add(warnings,
				g_strdup("the masks are not what they will be after a boot, which "
					 "is what is exported"));
	if (rule) {
		struct ap_matrix reserve = {
			.apm = apm_mask_andnot(&all, &rule->apm),
			.aqm = apm_mask_andnot(&all, &rule->aqm),
		};

		ap_host_def_set_reserve(def, &reserve);
	}
	export_kind(def, state, TRUE, warnings);
	export_kind(def, state, FALSE, warnings);
	for (i = 0; i < entries->len; i++) {
		const ApEntry *entry = entries->pdata[i];

		if (entry->broken || (entry->active && !entry->defined))
			g_ptr_array_add(
				warnings,
				g_strdup_printf("%s is left out: %s", ap_entry_get_label(entry),
						entry->broken ? "its definition is broken"
							      : "it is active but not defined"));
	}
	return def;
}
