// SPDX-License-Identifier: LGPL-2.1-or-later
#include "device.h"

#include <string.h>

#include "ap_text.h"
#include "describe.h"
#include "error.h"
#include "file.h"
#include "journal.h"
#include "policy.h"
#include "session.h"
#include "user.h"

#define FILTERED_MAX (1024 * 1024)
#define REASONS_SHOWN 8

static char *attribute(const struct call *c, const char *name)
{
	g_autofree char *below =
		g_build_filename("sys/devices/vfio_ap", AP_MDEV_PARENT, c->uuid, name, NULL);
	g_autofree char *path = ap_host_path(c->host, below);

	return ap_file_read(path, FILTERED_MAX, NULL, NULL);
}

static gboolean read_effective(const struct call *c, const struct ap_matrix *matrix,
			       struct ap_matrix *guest)
{
	g_autofree char *text = attribute(c, "guest_config");

	if (text)
		return !apm_text_config(text, guest);
	if (!ap_host_get_guest_listing(c->host, c->uuid, guest))
		return FALSE;
	guest->adm = matrix->adm;
	return TRUE;
}

/* Hardware may come later, a reset may end: this is worth a word, never a failure. */
static void tell_effective(struct call *c, const struct ap_matrix *matrix)
{
	g_autofree char *reasons = NULL;
	g_auto(GStrv) lines = NULL;
	g_autofree char *text = NULL;
	struct ap_matrix guest;
	GString *s;
	guint i;

	if (!read_effective(c, matrix, &guest) || apm_matrix_equal(matrix, &guest))
		return;
	text = ap_describe_difference(matrix, &guest);
	s = g_string_new(NULL);
	g_string_append_printf(s, "a guest does not get all of it now: %s", text);
	reasons = attribute(c, "filtered");
	lines = g_strsplit(reasons ? reasons : "", "\n", -1);
	for (i = 0; lines[i] && i < REASONS_SHOWN; i++)
		if (*lines[i])
			g_string_append_printf(s, "\n  %s", lines[i]);
	if (lines[i] && *lines[i])
		g_string_append(s, "\n  and more (apmatrix explain tells all)");
	g_ptr_array_add(c->warnings, g_string_free(s, FALSE));
}

gboolean device_start_before(struct call *c, GError **error)
{
	g_autoptr(ApDefinition) def = NULL;
	struct ap_matrix matrix;

	def = call_read_definition(c, NULL, error);
	if (!def)
		return FALSE;
	if (ap_host_get_config(c->host, c->uuid, &matrix, NULL)) {
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_CONFLICT,
			    "it is active already");
		return FALSE;
	}
	return ap_policy_start(c->host, def, c->warnings, error);
}

/* mdevctl shows what we say but goes on as if all were well: so does the journal. */
gboolean device_start_after(struct call *c, GError **error)
{
	g_autoptr(ApDefinition) def = NULL;
	g_autoptr(GError) local = NULL;
	g_autofree char *text = NULL;

	if (g_strcmp0(c->req->state, "success"))
		return TRUE;
	def = call_read_definition(c, NULL, error);
	if (!def)
		return FALSE;
	if (ap_live_verify(c->host, c->uuid, ap_definition_get_matrix(def), &local)) {
		tell_effective(c, ap_definition_get_matrix(def));
		return TRUE;
	}
	text = g_strdup_printf("after the start of %s: %s", c->uuid, local->message);
	journal_send(c->host, JOURNAL_ERROR, text, "APMATRIX_UUID", c->uuid, NULL);
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

/* Removing a device that is open waits until it is not; that may be for ever. */
gboolean device_stop_before(struct call *c, GError **error)
{
	g_autofree char *user = ap_user_find(c->host, c->uuid);

	if (!user)
		return TRUE;
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_BUSY,
		    "it is in use by %s, and mdevctl would wait until that ends; detach it from "
		    "the guest or shut the guest down",
		    user);
	return FALSE;
}

static void remember(struct call *c, const struct ap_matrix *old, const struct ap_matrix *new)
{
	char text[AP_CONFIG_TEXT + 1] = "";

	apm_text_put_config(old, text);
	session_set(c, "old", text);
	apm_text_put_config(new, text);
	session_set(c, "new", text);
	session_set(c, "live", "changed");
}

gboolean device_live(struct call *c, GError **error)
{
	g_autoptr(ApDefinition) def = NULL;
	const struct ap_matrix *wanted;
	struct ap_matrix old;

	def = call_read_definition(c, NULL, error);
	if (!def || !ap_policy_live(def, error) ||
	    !ap_host_get_config(c->host, c->uuid, &old, error))
		return FALSE;
	wanted = ap_definition_get_matrix(def);
	if (!ap_live_set(c->host, c->uuid, wanted, error))
		return FALSE;
	remember(c, &old, wanted);
	tell_effective(c, wanted);
	return TRUE;
}

static gboolean recall(const struct call *c, const char *key, struct ap_matrix *matrix)
{
	g_autofree char *text = session_get(c, key);

	return text && !apm_text_config(text, matrix);
}

static gboolean is_live(const struct call *c, const char *what)
{
	g_autofree char *live = session_get(c, "live");

	return !g_strcmp0(live, what);
}

/* From the one matrix to the other, unless somebody has changed it since. */
static gboolean exchange(struct call *c, const char *from, const char *to, GError **error)
{
	struct ap_matrix now, expected, wanted;

	if (!recall(c, from, &expected) || !recall(c, to, &wanted) ||
	    !ap_host_get_config(c->host, c->uuid, &now, error))
		return FALSE;
	if (apm_matrix_equal(&now, &expected))
		return ap_live_set(c->host, c->uuid, &wanted, error);
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_RETRY,
		    "somebody else has changed it meanwhile");
	return FALSE;
}

void device_live_undo(struct call *c, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autofree char *text = NULL;

	if (!is_live(c, "changed"))
		return;
	text = g_strdup((*error)->message);
	if (exchange(c, "new", "old", &why)) {
		session_set(c, "live", "restored");
		g_clear_error(error);
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_CONFLICT,
			    "%s\nThe active device was changed before; that was undone.", text);
		return;
	}
	g_clear_error(error);
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_NOT_RESTORED,
		    "%s\nThe active device was changed before, and that could not be undone: %s",
		    text, why ? why->message : "its matrix before is not known");
}

gboolean device_live_after(struct call *c, gboolean done, GError **error)
{
	if (done && is_live(c, "restored")) {
		if (!exchange(c, "old", "new", error)) {
			g_prefix_error(error, "the definition was written by force, but the active "
					      "device was not changed: ");
			return FALSE;
		}
		g_ptr_array_add(c->warnings,
				g_strdup("the active device was changed by force as well"));
	} else if (!done && is_live(c, "changed")) {
		if (!exchange(c, "new", "old", error)) {
			g_prefix_error(error, "the definition was not written, but the active "
					      "device is changed: ");
			return FALSE;
		}
		g_ptr_array_add(c->warnings,
				g_strdup("the change of the active device was undone"));
	}
	session_set(c, "live", NULL);
	return TRUE;
}
