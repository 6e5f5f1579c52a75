// SPDX-License-Identifier: LGPL-2.1-or-later
#include "define.h"

#include <string.h>

#include "device.h"
#include "error.h"
#include "file.h"
#include "kept.h"
#include "policy.h"

#define COMMAND_MAX (256 * 1024)

static char *definition_path(const struct call *c)
{
	g_autofree char *below = g_build_filename("etc/mdevctl.d", AP_MDEV_PARENT, c->uuid, NULL);

	return ap_host_path(c->host, below);
}

static gboolean has_json_file(const struct call *c)
{
	g_autofree char *below = g_strdup_printf("proc/%d/cmdline", c->mdevctl);
	g_autofree char *path = ap_host_path(c->host, below);
	gsize len = 0;
	g_autofree char *line = ap_file_read(path, COMMAND_MAX, &len, NULL);

	return line && memmem(line, len, "--jsonfile", strlen("--jsonfile"));
}

/*
 * To define an active device without more, mdevctl asks us for its attributes, but only
 * after this (1.4.0, src/main.rs, define_command): what it shows us has none.
 */
static ApDefinition *from_device(const struct call *c, const ApDefinition *shown, char **text)
{
	g_autoptr(ApGuest) guest = NULL;
	struct ap_matrix matrix;
	g_autofree char *json = NULL;
	ApDefinition *def;

	if (ap_definition_get_attrs(shown)->len || has_json_file(c) ||
	    !ap_host_get_config(c->host, c->uuid, &matrix, NULL))
		return NULL;
	guest = ap_guest_new(NULL, c->uuid);
	guest->autostart = ap_definition_get_autostart(shown);
	guest->matrix = matrix;
	json = ap_guest_to_json(guest);
	def = ap_definition_parse(c->uuid, json, strlen(json), NULL);
	if (def) {
		g_free(*text);
		*text = g_steal_pointer(&json);
	}
	return def;
}

/* mdevctl looks for the file before it asks us, and maybe before it waited for the lock. */
static gboolean check_absent(const struct call *c, GError **error)
{
	g_autofree char *path = definition_path(c);

	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return TRUE;
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_CONFLICT,
		    "it has a definition already; mdevctl modify changes that");
	return FALSE;
}

gboolean define_before(struct call *c, GError **error)
{
	g_autoptr(ApDefinition) shown = NULL;
	g_autoptr(ApDefinition) active = NULL;
	g_autofree char *text = NULL;

	shown = call_read_definition(c, &text, error);
	if (!shown || !check_absent(c, error))
		return FALSE;
	active = from_device(c, shown, &text);
	return ap_policy_define(c->host, active ? active : shown, c->warnings, error) &&
	       ap_kept_begin(c->host, c->uuid, c->stamp, text, error);
}

static gboolean modify_allowed(struct call *c, GError **error)
{
	g_autoptr(ApDefinition) def = NULL;
	g_autofree char *text = NULL;

	def = call_read_definition(c, &text, error);
	return def && ap_policy_define(c->host, def, c->warnings, error) &&
	       ap_kept_begin(c->host, c->uuid, c->stamp, text, error);
}

gboolean define_modify_before(struct call *c, GError **error)
{
	if (modify_allowed(c, error))
		return TRUE;
	device_live_undo(c, error);
	return FALSE;
}

/*
 * Nobody asked us, or we refused: mdevctl takes a callout that was killed for one that agreed,
 * and --force does not listen. Say what is wrong with it.
 */
static gboolean check_late(struct call *c, GError **error)
{
	g_autofree char *path = definition_path(c);
	g_autoptr(ApDefinition) def = NULL;

	def = ap_definition_load(c->uuid, path, error);
	if (def && ap_policy_define(c->host, def, c->warnings, error))
		return TRUE;
	g_prefix_error(error, "it was written all the same: ");
	return FALSE;
}

gboolean define_after(struct call *c, GError **error)
{
	gboolean done = !g_strcmp0(c->req->state, "success");
	gboolean ok = TRUE;

	if (ap_kept_is_changing(c->host, c->uuid, c->stamp))
		ap_kept_end(c->host, c->uuid, done, c->warnings);
	else if (done)
		ok = check_late(c, error);
	return device_live_after(c, done, ok ? error : NULL) && ok;
}

gboolean define_undefine_after(struct call *c, GError **error G_GNUC_UNUSED)
{
	if (!g_strcmp0(c->req->state, "success"))
		ap_kept_forget(c->host, c->uuid);
	return TRUE;
}
