// SPDX-License-Identifier: LGPL-2.1-or-later
#include "live.h"

#include "conflict.h"
#include "describe.h"
#include "error.h"

/**
 * ap_live_verify:
 * @host: a host
 * @uuid: UUID of an active device
 * @matrix: what its assigned matrix should be
 * @error: AP_MATRIX_ERROR_VERIFY_FAILED, naming all differences; G_FILE_ERROR
 *
 * Only the assigned matrix is looked at: what of it reaches the guest depends on the
 * hardware and may come later.
 *
 * Returns: whether it is so
 */
gboolean ap_live_verify(const ApHost *host, const char *uuid, const struct ap_matrix *matrix,
			GError **error)
{
	g_autofree char *text = NULL;
	struct ap_matrix now;

	if (!ap_host_get_config(host, uuid, &now, error))
		return FALSE;
	if (apm_matrix_equal(&now, matrix))
		return TRUE;
	text = ap_describe_difference(matrix, &now);
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_VERIFY_FAILED,
		    "the device does not have the matrix that was asked for: %s", text);
	return FALSE;
}

/* Say more than the kernel's errno does. An owner that is not found any more has just gone. */
static void explain_conflict(const ApHost *host, const char *uuid, const struct ap_matrix *matrix,
			     GError **error)
{
	const ApOwners kinds = AP_OWNERS_ACTIVE | AP_OWNERS_HOST;
	g_autoptr(ApConflict) conflict = ap_conflict_new(uuid, matrix);
	g_autofree char *remedy = NULL;
	g_autofree char *text = NULL;

	ap_conflict_find(conflict, host, kinds, NULL);
	if (!ap_conflict_count(conflict, kinds)) {
		(*error)->code = AP_MATRIX_ERROR_RETRY;
		return;
	}
	text = ap_conflict_to_text(conflict, kinds);
	remedy = ap_conflict_get_remedy(conflict, kinds);
	g_clear_error(error);
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_CONFLICT,
		    "queues have another owner:\n%s\n%s", text, remedy);
}

static void explain_limits(const ApHost *host, const struct ap_matrix *matrix, GError **error)
{
	g_autofree char *text = NULL;
	struct ap_limits limits;

	if (!ap_host_get_limits(host, &limits, NULL))
		return;
	text = ap_describe_overflow(matrix, &limits);
	if (!text)
		return;
	g_clear_error(error);
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID, "%s", text);
}

static void explain(const ApHost *host, const char *uuid, const struct ap_matrix *matrix,
		    GError **error)
{
	if (g_error_matches(*error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_CONFLICT))
		explain_conflict(host, uuid, matrix, error);
	else if (g_error_matches(*error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID))
		explain_limits(host, matrix, error);
}

static gboolean has_matrix(const ApHost *host, const char *uuid, const struct ap_matrix *matrix)
{
	struct ap_matrix now;

	return ap_host_get_config(host, uuid, &now, NULL) && apm_matrix_equal(&now, matrix);
}

/* @error is what went wrong before; what became of the matrix is added to it. */
static void restore(const ApHost *host, const char *uuid, const struct ap_matrix *old,
		    GError **error)
{
	g_autoptr(GError) first = *error;
	g_autoptr(GError) why = NULL;

	if (has_matrix(host, uuid, old)) {
		*error = g_steal_pointer(&first);
		return;
	}
	*error = NULL;
	if (ap_host_set_config(host, uuid, old, &why) && ap_live_verify(host, uuid, old, &why))
		g_set_error(error, first->domain, first->code, "%s; the matrix before was restored",
			    first->message);
	else
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_NOT_RESTORED,
			    "%s; the matrix before could not be restored: %s", first->message,
			    why->message);
}

/**
 * ap_live_set:
 * @host: a host
 * @uuid: UUID of an active device
 * @matrix: the matrix it is to have
 * @error: AP_MATRIX_ERROR by what the kernel answered, with all conflicts and their owners
 *   or all ids above the host's limits; AP_MATRIX_ERROR_VERIFY_FAILED when the result was
 *   not what was asked for and the matrix before is restored;
 *   AP_MATRIX_ERROR_NOT_RESTORED when it could not be; G_FILE_ERROR, with code
 *   G_FILE_ERROR_NOENT when the device is not active
 *
 * One write to ap_config, read back and compared. A device that has the matrix already is
 * not written to.
 *
 * Returns: whether the device has @matrix now
 */
gboolean ap_live_set(const ApHost *host, const char *uuid, const struct ap_matrix *matrix,
		     GError **error)
{
	g_autoptr(GError) local = NULL;
	struct ap_matrix old;

	if (!ap_host_get_config(host, uuid, &old, error))
		return FALSE;
	if (apm_matrix_equal(&old, matrix))
		return TRUE;
	if (!ap_host_set_config(host, uuid, matrix, &local))
		explain(host, uuid, matrix, &local);
	else if (ap_live_verify(host, uuid, matrix, &local))
		return TRUE;
	restore(host, uuid, &old, &local);
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}
