// SPDX-License-Identifier: LGPL-2.1-or-later
#include "conflict.h"

#include "definition.h"
#include "rule.h"

/* Queues that are written out for each owner; of more than that the number is given. */
#define QUEUES_SHOWN 16

/* The queues that one owner has of the wanted ones. */
struct hit {
	ApOwners kind;
	char *uuid;
	gboolean override;
	struct ap_matrix shared;
};

struct ApConflict {
	char *uuid;
	struct ap_matrix wanted;
	GPtrArray *hits;
};

static void hit_free(struct hit *hit)
{
	g_free(hit->uuid);
	g_free(hit);
}

/**
 * ap_conflict_new:
 * @uuid: (nullable): UUID of the device that is to have the matrix; it never conflicts
 *   with itself
 * @matrix: the wanted matrix
 *
 * Returns: (transfer full): a report, empty as yet
 */
ApConflict *ap_conflict_new(const char *uuid, const struct ap_matrix *matrix)
{
	ApConflict *conflict = g_new(ApConflict, 1);

	conflict->uuid = g_strdup(uuid);
	conflict->wanted = *matrix;
	conflict->hits = g_ptr_array_new_with_free_func((GDestroyNotify)hit_free);
	return conflict;
}

/**
 * ap_conflict_free:
 * @conflict: (nullable) (transfer full): a report
 */
void ap_conflict_free(ApConflict *conflict)
{
	if (!conflict)
		return;
	g_free(conflict->uuid);
	g_ptr_array_unref(conflict->hits);
	g_free(conflict);
}

/**
 * ap_conflict_add:
 * @conflict: a report
 * @kind: what the owner is
 * @uuid: (nullable): UUID of the owner; %NULL for the host drivers
 * @matrix: what it owns
 *
 * Notes the queues that @matrix shares with the wanted matrix, if any.
 */
void ap_conflict_add(ApConflict *conflict, ApOwners kind, const char *uuid,
		     const struct ap_matrix *matrix)
{
	struct ap_matrix shared;
	struct hit *hit;

	if (uuid && conflict->uuid && !g_ascii_strcasecmp(uuid, conflict->uuid))
		return;
	if (!apm_matrix_conflict(&conflict->wanted, matrix, &shared))
		return;
	hit = g_new0(struct hit, 1);
	hit->kind = kind;
	hit->uuid = g_strdup(uuid);
	hit->shared = shared;
	g_ptr_array_add(conflict->hits, hit);
}

/**
 * ap_conflict_add_host:
 * @conflict: a report
 * @masks: apmask and aqmask
 * @overrides: (nullable): queues whose driver does not go by them
 *
 * Notes the wanted queues that belong to the host drivers.
 */
void ap_conflict_add_host(ApConflict *conflict, const struct ap_matrix *masks,
			  const ApOverrides *overrides)
{
	unsigned int apid;

	if (!overrides) {
		ap_conflict_add(conflict, AP_OWNERS_HOST, NULL, masks);
		return;
	}
	apm_mask_for_each(apid, &conflict->wanted.apm) {
		struct ap_matrix owned = { .apm = APM_MASK_NONE };
		guint n = conflict->hits->len;

		apm_mask_set(&owned.apm, apid);
		owned.aqm = ap_overrides_host_queues(overrides, masks, apid);
		ap_conflict_add(conflict, AP_OWNERS_HOST, NULL, &owned);
		if (conflict->hits->len > n)
			((struct hit *)conflict->hits->pdata[n])->override = TRUE;
	}
}

static void find_active(ApConflict *conflict, const ApHost *host, GPtrArray *warnings)
{
	g_autoptr(GPtrArray) devices = ap_host_list_active(host, warnings);
	guint i;

	for (i = 0; i < devices->len; i++) {
		const ApDevice *device = devices->pdata[i];

		ap_conflict_add(conflict, AP_OWNERS_ACTIVE, device->uuid, &device->matrix);
	}
}

static void find_defined(ApConflict *conflict, const ApHost *host, ApOwners kinds,
			 GPtrArray *warnings)
{
	g_autoptr(GPtrArray) defs = ap_host_list_definitions(host, warnings);
	guint i;

	for (i = 0; i < defs->len; i++) {
		const ApDefinition *def = defs->pdata[i];
		ApOwners kind = AP_OWNERS_MANUAL;

		if (ap_definition_get_autostart(def))
			kind = AP_OWNERS_AUTOSTART;
		if (kinds & kind)
			ap_conflict_add(conflict, kind, ap_definition_get_uuid(def),
					ap_definition_get_matrix(def));
	}
}

static void find_reserved(ApConflict *conflict, const ApHost *host, GPtrArray *warnings)
{
	g_autoptr(ApOverrides) overrides = ap_overrides_read(host);
	g_autoptr(GError) error = NULL;
	struct ap_matrix reserved;

	if (ap_host_get_reserved(host, &reserved, &error))
		ap_conflict_add_host(conflict, &reserved, overrides);
	else if (warnings && !g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
		g_ptr_array_add(warnings,
				g_strdup_printf("the host drivers' queues are unknown: %s",
						error->message));
}

static void find_after_boot(ApConflict *conflict, const ApHost *host, GPtrArray *warnings)
{
	g_autoptr(GError) error = NULL;
	struct ap_matrix reserved;

	if (ap_rule_load(host, &reserved, &error))
		ap_conflict_add(conflict, AP_OWNERS_BOOT, NULL, &reserved);
	else if (g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
		find_reserved(conflict, host, warnings);
	else if (warnings)
		g_ptr_array_add(warnings,
				g_strdup_printf("the host drivers' queues after a boot are "
						"unknown: %s",
						error->message));
}

/**
 * ap_conflict_find:
 * @conflict: a report
 * @host: where to look
 * @kinds: which owners to look at
 * @warnings: (nullable) (element-type utf8): gets a text for whatever could not be read
 *
 * Adds all owners of these kinds that have a wanted queue.
 */
void ap_conflict_find(ApConflict *conflict, const ApHost *host, ApOwners kinds, GPtrArray *warnings)
{
	if (kinds & AP_OWNERS_ACTIVE)
		find_active(conflict, host, warnings);
	if (kinds & (AP_OWNERS_AUTOSTART | AP_OWNERS_MANUAL))
		find_defined(conflict, host, kinds, warnings);
	if (kinds & AP_OWNERS_HOST)
		find_reserved(conflict, host, warnings);
	if (kinds & AP_OWNERS_BOOT)
		find_after_boot(conflict, host, warnings);
}

/**
 * ap_conflict_count:
 * @conflict: a report
 * @kinds: owners to count
 *
 * Returns: the number of owners of these kinds that have a wanted queue
 */
guint ap_conflict_count(const ApConflict *conflict, ApOwners kinds)
{
	guint i, n = 0;

	for (i = 0; i < conflict->hits->len; i++) {
		const struct hit *hit = conflict->hits->pdata[i];

		n += !!(hit->kind & kinds);
	}
	return n;
}

static void append_queues(GString *s, const struct ap_matrix *m)
{
	guint all = apm_matrix_queues(m), n = 0;
	unsigned int apid, apqi;

	apm_mask_for_each(apid, &m->apm) {
		apm_mask_for_each(apqi, &m->aqm) {
			if (n++ == QUEUES_SHOWN) {
				g_string_append_printf(s, "and %u more (%u in all) ",
						       all - QUEUES_SHOWN, all);
				return;
			}
			g_string_append_printf(s, "%02x.%04x ", apid, apqi);
		}
	}
}

static void append_owner(GString *s, const struct hit *hit)
{
	switch (hit->kind) {
	case AP_OWNERS_ACTIVE:
		g_string_append_printf(s, "owned by %s (active)", hit->uuid);
		break;
	case AP_OWNERS_AUTOSTART:
		g_string_append_printf(s, "owned by %s (defined, autostart)", hit->uuid);
		break;
	case AP_OWNERS_MANUAL:
		g_string_append_printf(s, "owned by %s (defined)", hit->uuid);
		break;
	case AP_OWNERS_HOST:
		g_string_append(s, hit->override ? "left to host drivers (driver_override is "
						   "used, and not vfio_ap for these)"
						 : "reserved for host drivers (apmask, aqmask)");
		break;
	case AP_OWNERS_BOOT:
		g_string_append(s, "reserved for host drivers after a boot (41-ap.rules)");
		break;
	}
}

/**
 * ap_conflict_to_text:
 * @conflict: a report
 * @kinds: owners to list
 *
 * Returns: (transfer full): one line an owner, without a newline at the end:
 *   "  05.0004 05.0047 owned by UUID (active)"
 */
char *ap_conflict_to_text(const ApConflict *conflict, ApOwners kinds)
{
	GString *s = g_string_new(NULL);
	guint i;

	for (i = 0; i < conflict->hits->len; i++) {
		const struct hit *hit = conflict->hits->pdata[i];

		if (!(hit->kind & kinds))
			continue;
		g_string_append(s, s->len ? "\n  " : "  ");
		append_queues(s, &hit->shared);
		append_owner(s, hit);
	}
	return g_string_free(s, FALSE);
}

static gboolean has_override(const ApConflict *conflict)
{
	guint i;

	for (i = 0; i < conflict->hits->len; i++)
		if (((const struct hit *)conflict->hits->pdata[i])->override)
			return TRUE;
	return FALSE;
}

/**
 * ap_conflict_get_remedy:
 * @conflict: a report
 * @kinds: owners to consider
 *
 * Returns: (transfer full): what the user can do about it, in one line
 */
char *ap_conflict_get_remedy(const ApConflict *conflict, ApOwners kinds)
{
	static const struct {
		ApOwners kind;
		const char *remedy;
	} remedies[] = {
		{ AP_OWNERS_ACTIVE, "stop the other device or take the queues from it" },
		{ AP_OWNERS_AUTOSTART, "set one of the definitions to start 'manual'" },
		{ AP_OWNERS_MANUAL, "change one of the definitions" },
		{ AP_OWNERS_HOST,
		  "take the queues' adapters or domains out of /sys/bus/ap/apmask or aqmask" },
		{ AP_OWNERS_BOOT, "take the queues from the host drivers (apmatrix reserve)" },
	};
	GString *s = g_string_new("Use other adapters or domains");
	guint i;

	for (i = 0; i < G_N_ELEMENTS(remedies); i++)
		if (ap_conflict_count(conflict, kinds & remedies[i].kind))
			g_string_append_printf(
				s, ", or %s",
				remedies[i].kind == AP_OWNERS_HOST && has_override(conflict)
					? "set the queues' driver_override to vfio_ap"
					: remedies[i].remedy);
	g_string_append_c(s, '.');
	return g_string_free(s, FALSE);
}
