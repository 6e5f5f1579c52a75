// SPDX-License-Identifier: LGPL-2.1-or-later
#include "state.h"

#include <string.h>

#include "ap_text.h"
#include "definition.h"
#include "error.h"
#include "file.h"
#include "names.h"
#include "rule.h"
#include "stateimpl.h"

#define PARENT "sys/devices/vfio_ap/" AP_MDEV_PARENT
#define TEXT_MAX (8 * 1024 * 1024)

struct ApState {
	ApFeatures features;
	gboolean has_bus;
	gboolean has_parent;
	gboolean has_rule;
	struct ap_limits limits;
	struct ap_matrix masks;
	struct ap_matrix rule;
	char *names_problem;
	char *rule_problem;
	ApOverrides *overrides;
	GPtrArray *entries;
	GHashTable *by_uuid;
};

static void entry_free(ApEntry *entry)
{
	g_free(entry->uuid);
	g_free(entry->name);
	g_free(entry->json);
	g_free(entry->filtered);
	g_free(entry);
}

/**
 * ap_state_new:
 *
 * Returns: (transfer full): a host without AP bus and devices
 */
ApState *ap_state_new(void)
{
	ApState *state = g_new0(ApState, 1);

	state->limits = (struct ap_limits){ AP_ID_MAX, AP_ID_MAX, AP_ID_MAX };
	state->entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	state->by_uuid = g_hash_table_new(g_str_hash, g_str_equal);
	return state;
}

/**
 * ap_state_free:
 * @state: (nullable) (transfer full): a state
 */
void ap_state_free(ApState *state)
{
	if (!state)
		return;
	g_hash_table_unref(state->by_uuid);
	g_ptr_array_unref(state->entries);
	ap_overrides_free(state->overrides);
	g_free(state->names_problem);
	g_free(state->rule_problem);
	g_free(state);
}

/**
 * ap_state_add:
 * @state: a state
 * @uuid: UUID of a device
 *
 * Returns: (transfer none): its entry, empty if it was not there
 */
ApEntry *ap_state_add(ApState *state, const char *uuid)
{
	g_autofree char *lower = g_ascii_strdown(uuid, -1);
	ApEntry *entry = g_hash_table_lookup(state->by_uuid, lower);

	if (entry)
		return entry;
	entry = g_new0(ApEntry, 1);
	entry->uuid = g_steal_pointer(&lower);
	g_ptr_array_add(state->entries, entry);
	g_hash_table_insert(state->by_uuid, entry->uuid, entry);
	return entry;
}

/**
 * ap_state_copy:
 * @state: a state
 *
 * Returns: (transfer full): one that can be changed into what is wanted
 */
ApState *ap_state_copy(const ApState *state)
{
	ApState *copy = ap_state_new();
	GPtrArray *entries = copy->entries;
	GHashTable *by_uuid = copy->by_uuid;
	guint i;

	*copy = *state;
	copy->entries = entries;
	copy->by_uuid = by_uuid;
	copy->names_problem = g_strdup(state->names_problem);
	copy->rule_problem = g_strdup(state->rule_problem);
	copy->overrides = ap_overrides_copy(state->overrides);
	for (i = 0; i < state->entries->len; i++)
		ap_state_take(copy, state, ((ApEntry *)state->entries->pdata[i])->uuid);
	return copy;
}

void ap_state_take(ApState *state, const ApState *from, const char *uuid)
{
	static const ApEntry none;
	const ApEntry *old = g_hash_table_lookup(from->by_uuid, uuid);
	ApEntry *entry = ap_state_add(state, uuid);
	char *key = entry->uuid;

	g_free(entry->name);
	g_free(entry->json);
	g_free(entry->filtered);
	*entry = old ? *old : none;
	entry->uuid = key;
	entry->name = g_strdup(entry->name);
	entry->json = g_strdup(entry->json);
	entry->filtered = g_strdup(entry->filtered);
}

/* What keeps some changes from being made is a problem as well: the first one is kept. */
static void warn(GPtrArray *warnings, const char *text, char **problem)
{
	if (warnings)
		g_ptr_array_add(warnings, g_strdup(text));
	if (!*problem)
		*problem = g_strdup(text);
}

static void read_features(ApState *state, const ApHost *host)
{
	static const struct {
		const char *word;
		ApFeatures feature;
	} known[] = {
		{ "ap_config", AP_FEATURE_AP_CONFIG },
		{ "guest_config", AP_FEATURE_GUEST_CONFIG },
		{ "filtered", AP_FEATURE_FILTERED },
		{ "commit", AP_FEATURE_COMMIT },
	};
	g_autofree char *path = ap_host_path(host, PARENT "/features");
	g_autofree char *text = ap_file_read(path, TEXT_MAX, NULL, NULL);
	g_auto(GStrv) words = g_strsplit_set(text ? text : "", " \n", -1);
	guint i;

	for (i = 0; i < G_N_ELEMENTS(known); i++)
		if (g_strv_contains((const char *const *)words, known[i].word))
			state->features |= known[i].feature;
}

/* Of a device that goes away meanwhile nothing is known; that is no error. */
static char *read_attribute(const ApHost *host, const char *uuid, const char *name)
{
	g_autofree char *below = g_build_filename(PARENT, uuid, name, NULL);
	g_autofree char *path = ap_host_path(host, below);

	return ap_file_read(path, TEXT_MAX, NULL, NULL);
}

static void read_guest(ApEntry *entry, const ApHost *host)
{
	g_autofree char *text = read_attribute(host, entry->uuid, "guest_config");

	if (text)
		entry->has_guest = !apm_text_config(text, &entry->guest);
	else
		entry->has_guest = ap_host_get_guest_listing(host, entry->uuid, &entry->guest);
	entry->filtered = read_attribute(host, entry->uuid, "filtered");
}

static void read_active(ApState *state, const ApHost *host, GPtrArray *warnings)
{
	g_autoptr(GPtrArray) devices = ap_host_list_active(host, warnings);
	guint i;

	for (i = 0; i < devices->len; i++) {
		const ApDevice *device = devices->pdata[i];
		ApEntry *entry = ap_state_add(state, device->uuid);

		entry->active = TRUE;
		entry->matrix = device->matrix;
		read_guest(entry, host);
	}
}

static void set_defined(ApEntry *entry, const ApDefinition *def)
{
	entry->defined = TRUE;
	entry->autostart = ap_definition_get_autostart(def);
	entry->definition = *ap_definition_get_matrix(def);
	entry->json = ap_definition_to_json(def);
}

static void read_defined(ApState *state, const ApHost *host, GPtrArray *warnings)
{
	g_autoptr(GPtrArray) broken = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) defs = ap_host_list_definitions_and_broken(host, broken, warnings);
	guint i;

	for (i = 0; i < defs->len; i++) {
		const ApDefinition *def = defs->pdata[i];
		set_defined(ap_state_add(state, ap_definition_get_uuid(def)), def);
	}
	for (i = 0; i < broken->len; i++) {
		ApEntry *entry = ap_state_add(state, broken->pdata[i]);

		entry->defined = TRUE;
		entry->broken = TRUE;
	}
}

/* A name without a device belongs to one that was about to be made, or was removed by hand. */
static void read_names(ApState *state, const ApHost *host, GPtrArray *warnings)
{
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) names = ap_names_load(host, problems);
	GHashTableIter iter;
	gpointer uuid, name;
	guint i;

	for (i = 0; i < problems->len; i++)
		warn(warnings, problems->pdata[i], &state->names_problem);

	g_hash_table_iter_init(&iter, names);
	while (g_hash_table_iter_next(&iter, &uuid, &name)) {
		ApEntry *entry = ap_state_add(state, uuid);

		g_free(entry->name);
		entry->name = g_strdup(name);
	}
}

static gboolean read_masks(ApState *state, const ApHost *host, GPtrArray *warnings, GError **error)
{
	g_autoptr(GError) local = NULL;

	state->has_bus = ap_host_get_reserved(host, &state->masks, &local);
	if (!state->has_bus && !g_error_matches(local, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	g_clear_error(&local);
	state->has_rule = ap_rule_load(host, &state->rule, &local);
	if (!state->has_rule && !g_error_matches(local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
		warn(warnings, local->message, &state->rule_problem);
	return ap_host_get_limits(host, &state->limits, error);
}

static int by_uuid(gconstpointer a, gconstpointer b)
{
	const ApEntry *const *x = a, *const *y = b;

	return strcmp((*x)->uuid, (*y)->uuid);
}

/**
 * ap_state_read:
 * @host: a host
 * @warnings: (nullable) (element-type utf8): gets a text for whatever could not be read
 * @error: G_FILE_ERROR or AP_MATRIX_ERROR_INVALID when the AP bus cannot be read
 *
 * A host without AP bus or without vfio_ap has definitions all the same.
 *
 * Returns: (transfer full) (nullable): the host as it is
 */
ApState *ap_state_read(const ApHost *host, GPtrArray *warnings, GError **error)
{
	g_autoptr(ApState) state = ap_state_new();

	if (!read_masks(state, host, warnings, error))
		return NULL;
	state->has_parent = ap_host_has_parent(host);
	read_features(state, host);
	if (ap_host_has_driver_override(host))
		state->features |= AP_FEATURE_DRIVER_OVERRIDE;
	state->overrides = ap_overrides_read(host);
	read_active(state, host, warnings);
	read_defined(state, host, warnings);
	read_names(state, host, warnings);
	g_ptr_array_sort(state->entries, by_uuid);
	return g_steal_pointer(&state);
}

/**
 * ap_state_read_entry:
 * @host: a host
 * @uuid: UUID of a device
 * @error: G_FILE_ERROR or AP_MATRIX_ERROR_INVALID for an active device that cannot be read
 *
 * One device without looking at the others: its cost does not grow with them. Names are not
 * read.
 *
 * Returns: (transfer full) (nullable): a state with that device as its only entry, which is
 *   neither active nor defined if there is no such device
 */
ApState *ap_state_read_entry(const ApHost *host, const char *uuid, GError **error)
{
	g_autoptr(ApState) state = ap_state_new();
	ApEntry *entry = ap_state_add(state, uuid);
	g_autoptr(ApDefinition) def = NULL;
	g_autoptr(GError) local = NULL;

	entry->active = ap_host_get_config(host, entry->uuid, &entry->matrix, &local);
	if (!entry->active && !g_error_matches(local, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
		g_propagate_error(error, g_steal_pointer(&local));
		return NULL;
	}
	g_clear_error(&local);
	if (entry->active)
		read_guest(entry, host);
	def = ap_host_load_definition(host, entry->uuid, &local);
	if (def)
		set_defined(entry, def);
	else if (!g_error_matches(local, G_FILE_ERROR, G_FILE_ERROR_NOENT) &&
		 !g_error_matches(local, AP_MATRIX_ERROR, AP_MATRIX_ERROR_UNSUPPORTED))
		entry->defined = entry->broken = TRUE;
	return g_steal_pointer(&state);
}

/**
 * ap_state_get_features:
 * @state: a state
 *
 * Returns: what the kernel offers
 */
ApFeatures ap_state_get_features(const ApState *state)
{
	return state->features;
}

/**
 * ap_state_has_bus:
 * @state: a state
 *
 * Returns: whether there is an AP bus
 */
gboolean ap_state_has_bus(const ApState *state)
{
	return state->has_bus;
}

/**
 * ap_state_has_parent:
 * @state: a state
 *
 * Returns: whether there is the parent of mediated devices (vfio_ap is loaded)
 */
gboolean ap_state_has_parent(const ApState *state)
{
	return state->has_parent;
}

/**
 * ap_state_set_parent:
 * @state: a state
 * @parent: whether there is the parent of mediated devices
 */
void ap_state_set_parent(ApState *state, gboolean parent)
{
	state->has_parent = parent;
}

/**
 * ap_state_get_limits:
 * @state: a state
 *
 * Returns: the host's highest numbers
 */
const struct ap_limits *ap_state_get_limits(const ApState *state)
{
	return &state->limits;
}

/**
 * ap_state_get_masks:
 * @state: a state
 *
 * Returns: apmask and aqmask: queues in both belong to the host drivers
 */
const struct ap_matrix *ap_state_get_masks(const ApState *state)
{
	return &state->masks;
}

/**
 * ap_state_set_masks:
 * @state: a state
 * @masks: apmask and aqmask
 */
void ap_state_set_masks(ApState *state, const struct ap_matrix *masks)
{
	state->has_bus = TRUE;
	state->masks = *masks;
}

/**
 * ap_state_get_rule:
 * @state: a state
 *
 * Returns: (nullable): the masks that a udev rule sets after a boot; %NULL without a rule
 */
const struct ap_matrix *ap_state_get_rule(const ApState *state)
{
	return state->has_rule ? &state->rule : NULL;
}

/**
 * ap_state_set_rule:
 * @state: a state
 * @masks: (nullable): the masks after a boot; %NULL for no rule
 */
void ap_state_set_rule(ApState *state, const struct ap_matrix *masks)
{
	state->has_rule = !!masks;
	if (masks)
		state->rule = *masks;
}

/**
 * ap_state_get_entries:
 * @state: a state
 *
 * Returns: (element-type ApEntry): its devices, those of a host that was read by UUID
 */
const GPtrArray *ap_state_get_entries(const ApState *state)
{
	return state->entries;
}

/**
 * ap_state_find:
 * @state: a state
 * @name: a UUID in any case, or a name
 *
 * Returns: (nullable) (transfer none): the device
 */
ApEntry *ap_state_find(const ApState *state, const char *name)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);
	ApEntry *entry = g_hash_table_lookup(state->by_uuid, lower);
	guint i;

	for (i = 0; !entry && i < state->entries->len; i++) {
		ApEntry *other = state->entries->pdata[i];

		if (!g_strcmp0(other->name, name))
			entry = other;
	}
	return entry;
}

/**
 * ap_entry_get_label:
 * @entry: a device
 *
 * Returns: what to call it in a message: its name, or its UUID
 */
const char *ap_entry_get_label(const ApEntry *entry)
{
	return entry->name ? entry->name : entry->uuid;
}

void ap_state_sort(ApState *state)
{
	g_ptr_array_sort(state->entries, by_uuid);
}

const char *ap_state_get_names_problem(const ApState *state)
{
	return state->names_problem;
}

const char *ap_state_get_rule_problem(const ApState *state)
{
	return state->rule_problem;
}

/**
 * ap_state_get_overrides:
 * @state: a state
 *
 * Returns: (nullable): queues whose driver does not go by the masks; %NULL if there are none
 */
const ApOverrides *ap_state_get_overrides(const ApState *state)
{
	return state->overrides;
}
