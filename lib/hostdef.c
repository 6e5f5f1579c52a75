// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hostdef.h"

#include <string.h>

#include "error.h"

/* Queues that are written out; of more than that the number is given. */
#define QUEUES_SHOWN 16

struct ApHostDef {
	char *source;
	gboolean reserves;
	struct ap_matrix reserve;
	GPtrArray *guests;
};

/**
 * ap_host_def_new:
 * @source: what messages call it, the name of a file
 *
 * Returns: (transfer full): an empty host definition
 */
ApHostDef *ap_host_def_new(const char *source)
{
	ApHostDef *def = g_new0(ApHostDef, 1);

	def->source = g_strdup(source);
	def->guests = g_ptr_array_new_with_free_func((GDestroyNotify)ap_guest_free);
	return def;
}

/**
 * ap_host_def_free:
 * @def: (nullable) (transfer full): a host definition
 */
void ap_host_def_free(ApHostDef *def)
{
	if (!def)
		return;
	g_free(def->source);
	g_ptr_array_unref(def->guests);
	g_free(def);
}

/**
 * ap_host_def_set_reserve:
 * @def: a host definition
 * @reserve: adapters and domains that the host drivers do not get; adm is not used
 */
void ap_host_def_set_reserve(ApHostDef *def, const struct ap_matrix *reserve)
{
	def->reserves = TRUE;
	def->reserve = *reserve;
}

/**
 * ap_host_def_get_reserve:
 * @def: a host definition
 *
 * Returns: (nullable): adapters and domains reserved for guests; %NULL when the definition
 *   says nothing about that, and the masks stay as they are
 */
const struct ap_matrix *ap_host_def_get_reserve(const ApHostDef *def)
{
	return def->reserves ? &def->reserve : NULL;
}

/**
 * ap_host_def_add:
 * @def: a host definition
 * @guest: (transfer full): a guest with name and UUID
 */
void ap_host_def_add(ApHostDef *def, ApGuest *guest)
{
	g_ptr_array_add(def->guests, guest);
}

/**
 * ap_host_def_get_guests:
 * @def: a host definition
 *
 * Returns: (element-type ApGuest): its guests, in the order of the document
 */
const GPtrArray *ap_host_def_get_guests(const ApHostDef *def)
{
	return def->guests;
}

static gboolean fail(const ApHostDef *def, const ApGuest *guest, GError **error, const char *format,
		     ...) G_GNUC_PRINTF(4, 5);

static gboolean fail(const ApHostDef *def, const ApGuest *guest, GError **error, const char *format,
		     ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
		    "%s:%ld: <ap:matrix name='%s'>: %s", def->source, guest->line, guest->name,
		    text);
	return FALSE;
}

static gboolean check_unique(const ApHostDef *def, GError **error)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) uuids = g_hash_table_new(g_str_hash, g_str_equal);
	guint i;

	for (i = 0; i < def->guests->len; i++) {
		ApGuest *guest = def->guests->pdata[i];
		const ApGuest *first = g_hash_table_lookup(names, guest->name);

		if (first)
			return fail(def, guest, error,
				    "line %ld has a matrix of that name already; give it another",
				    first->line);
		first = g_hash_table_lookup(uuids, guest->uuid);
		if (first)
			return fail(def, guest, error,
				    "the matrix '%s' (line %ld) has the uuid %s already; "
				    "give it another",
				    first->name, first->line, guest->uuid);
		g_hash_table_insert(names, guest->name, guest);
		g_hash_table_insert(uuids, guest->uuid, guest);
	}
	return TRUE;
}

static char *list_queues(const struct ap_matrix *m)
{
	GString *s = g_string_new(NULL);
	unsigned int apid, apqi;
	guint n = 0;

	apm_mask_for_each(apid, &m->apm)
		apm_mask_for_each(apqi, &m->aqm)
			if (n++ < QUEUES_SHOWN)
				g_string_append_printf(s, "%s%02x.%04x", s->len ? " " : "", apid,
						       apqi);
	if (n > QUEUES_SHOWN)
		g_string_append_printf(s, " and %u more", n - QUEUES_SHOWN);
	return g_string_free(s, FALSE);
}

/* Queues with neither adapter nor domain reserved for guests belong to the host drivers. */
static gboolean check_reserved(const ApHostDef *def, const ApGuest *guest, GError **error)
{
	struct ap_matrix left = {
		.apm = apm_mask_andnot(&guest->matrix.apm, &def->reserve.apm),
		.aqm = apm_mask_andnot(&guest->matrix.aqm, &def->reserve.aqm),
	};
	g_autofree char *queues = NULL;

	if (!def->reserves || guest->overlap || !apm_matrix_queues(&left))
		return TRUE;
	queues = list_queues(&left);
	return fail(def, guest, error,
		    "<ap:reserve> leaves the queues %s to the host drivers; reserve their adapters "
		    "or their domains",
		    queues);
}

/* Who has each queue: the guest's index plus one. */
typedef guint owners_t[AP_IDS][AP_IDS];

static gboolean check_overlap(const ApHostDef *def, guint index, owners_t owners, GError **error)
{
	const ApGuest *guest = def->guests->pdata[index], *other;
	g_autofree char *queues = NULL;
	unsigned int apid, apqi;
	struct ap_matrix shared;

	if (guest->overlap)
		return TRUE;
	apm_mask_for_each(apid, &guest->matrix.apm) {
		apm_mask_for_each(apqi, &guest->matrix.aqm) {
			if (!owners[apid][apqi]) {
				owners[apid][apqi] = index + 1;
				continue;
			}
			other = def->guests->pdata[owners[apid][apqi] - 1];
			apm_matrix_conflict(&guest->matrix, &other->matrix, &shared);
			queues = list_queues(&shared);
			return fail(def, guest, error,
				    "shares the queues %s with '%s' (line %ld); a queue has one "
				    "owner",
				    queues, other->name, other->line);
		}
	}
	return TRUE;
}

/**
 * ap_host_def_check:
 * @def: a host definition
 * @error: AP_MATRIX_ERROR_INVALID, with the place
 *
 * What no single element shows: names, UUIDs and queues that appear twice, queues that the
 * definition leaves to the host drivers.
 *
 * Returns: whether the definition can be true
 */
gboolean ap_host_def_check(const ApHostDef *def, GError **error)
{
	g_autofree owners_t *owners = g_malloc0(sizeof(owners_t));
	guint i;

	if (!check_unique(def, error))
		return FALSE;
	for (i = 0; i < def->guests->len; i++)
		if (!check_reserved(def, def->guests->pdata[i], error) ||
		    !check_overlap(def, i, *owners, error))
			return FALSE;
	return TRUE;
}
