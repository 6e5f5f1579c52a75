// SPDX-License-Identifier: LGPL-2.1-or-later
#include "policy.h"

#include "conflict.h"
#include "describe.h"
#include "error.h"

/* A control domain is used by sending requests through a usage domain. */
static gboolean check_domains(const ApDefinition *def, GError **error)
{
	const struct ap_matrix *m = ap_definition_get_matrix(def);

	if (apm_mask_empty(&m->adm) || !apm_mask_empty(&m->aqm))
		return TRUE;
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
		    "control domains are assigned but no usage domain; "
		    "add an assign_domain attribute");
	return FALSE;
}

static gboolean check_limits(const ApHost *host, const ApDefinition *def, GPtrArray *warnings,
			     GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autofree char *text = NULL;
	struct ap_limits limits;

	if (!ap_host_get_limits(host, &limits, &local)) {
		g_ptr_array_add(warnings, g_strdup(local->message));
		return TRUE;
	}
	text = ap_describe_overflow(ap_definition_get_matrix(def), &limits);
	if (!text)
		return TRUE;
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID, "%s", text);
	return FALSE;
}

/* Owners of the kinds @forbidden are an error; only without one are the @told listed. */
static gboolean check_conflicts(const ApHost *host, const ApDefinition *def, ApOwners forbidden,
				ApOwners told, GPtrArray *warnings, GError **error)
{
	g_autoptr(ApConflict) conflict = NULL;
	g_autofree char *text = NULL;
	g_autofree char *remedy = NULL;
	ApOwners kinds = forbidden;

	conflict = ap_conflict_new(ap_definition_get_uuid(def), ap_definition_get_matrix(def));
	/* Where there are masks for the next boot, those of now do not matter to a definition. */
	if ((forbidden | told) & AP_OWNERS_BOOT)
		ap_conflict_find(conflict, host, (forbidden | told) & ~AP_OWNERS_HOST, warnings);
	else
		ap_conflict_find(conflict, host, forbidden | told, warnings);
	if (!ap_conflict_count(conflict, forbidden))
		kinds = told;
	if (!ap_conflict_count(conflict, kinds))
		return TRUE;
	text = ap_conflict_to_text(conflict, kinds);
	remedy = ap_conflict_get_remedy(conflict, kinds);
	if (kinds == forbidden) {
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_CONFLICT,
			    "queues have another owner:\n%s\n%s", text, remedy);
		return FALSE;
	}
	g_ptr_array_add(warnings, g_strdup_printf("the device cannot be active together with "
						  "other owners of its queues:\n%s",
						  text));
	return TRUE;
}

gboolean ap_policy_define(const ApHost *host, const ApDefinition *def, GPtrArray *warnings,
			  GError **error)
{
	const ApOwners fixed = AP_OWNERS_AUTOSTART | AP_OWNERS_HOST | AP_OWNERS_BOOT;

	if (!check_domains(def, error))
		return FALSE;
	if (ap_definition_get_autostart(def))
		return check_conflicts(host, def, fixed, AP_OWNERS_MANUAL, warnings, error);
	return check_conflicts(host, def, 0, fixed | AP_OWNERS_MANUAL, warnings, error);
}

gboolean ap_policy_start(const ApHost *host, const ApDefinition *def, GPtrArray *warnings,
			 GError **error)
{
	return check_domains(def, error) && check_limits(host, def, warnings, error) &&
	       check_conflicts(host, def, AP_OWNERS_ACTIVE | AP_OWNERS_HOST, 0, warnings, error);
}

gboolean ap_policy_live(const ApDefinition *def, GError **error)
{
	return check_domains(def, error);
}
