// SPDX-License-Identifier: LGPL-2.1-or-later
#include "session.h"

#include <stdlib.h>
#include <unistd.h>

#include "describe.h"
#include "file.h"
#include "process.h"

#define SESSIONS "run/apmatrix/mdevctl"
#define SESSION_MAX (4 * AP_DEFINITION_MAX)
#define GROUP "mdevctl"

static char *path_of(const ApHost *host, const char *name)
{
	g_autofree char *below = g_build_filename(SESSIONS, name, NULL);

	return ap_host_path(host, below);
}

static char *pid_path(const ApHost *host, pid_t pid)
{
	g_autofree char *name = g_strdup_printf("%d", pid);

	return path_of(host, name);
}

static GKeyFile *load(const char *path)
{
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autofree char *text = NULL;
	gsize len;

	text = ap_file_read(path, SESSION_MAX, &len, NULL);
	if (text && g_key_file_load_from_data(file, text, len, G_KEY_FILE_NONE, NULL))
		return g_steal_pointer(&file);
	return NULL;
}

void session_open(struct call *c)
{
	g_autofree char *path = pid_path(c->host, c->mdevctl);
	g_autofree char *stamp = NULL;

	c->session = load(path);
	stamp = c->session ? g_key_file_get_string(c->session, GROUP, "process", NULL) : NULL;
	if (c->session && !g_strcmp0(stamp, c->stamp))
		return;
	g_clear_pointer(&c->session, g_key_file_unref);
	c->session = g_key_file_new();
	g_key_file_set_string(c->session, GROUP, "process", c->stamp);
}

/*
 * It is in run, and of no use after a crash: need not be flushed, but be whole. Nobody would
 * come to read, or remove, what is left for a mdevctl that has ended: init is our parent then.
 */
static void save(const struct call *c)
{
	g_autofree char *path = pid_path(c->host, c->mdevctl);
	g_autofree char *dir = g_path_get_dirname(path);

	if (c->mdevctl == 1)
		return;
	g_mkdir_with_parents(dir, 0755);
	g_key_file_save_to_file(c->session, path, NULL);
}

char *session_get(const struct call *c, const char *key)
{
	return g_key_file_get_string(c->session, GROUP, key, NULL);
}

void session_set(struct call *c, const char *key, const char *value)
{
	if (value)
		g_key_file_set_string(c->session, GROUP, key, value);
	else
		g_key_file_remove_key(c->session, GROUP, key, NULL);
	save(c);
}

static void remove_others(const ApHost *host)
{
	g_autofree char *sessions = ap_host_path(host, SESSIONS);
	g_autoptr(GDir) dir = g_dir_open(sessions, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = path_of(host, name);

		if (!ap_process_is_alive(host, atoi(name)))
			unlink(path);
	}
}

char *session_describe_defined(const struct call *c)
{
	g_autofree char *below = g_build_filename("etc/mdevctl.d", AP_MDEV_PARENT, c->uuid, NULL);
	g_autofree char *path = ap_host_path(c->host, below);
	g_autoptr(ApDefinition) def = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;

	def = ap_definition_load(c->uuid, path, &error);
	if (!def)
		return g_strdup(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT)
					? "none"
					: "unreadable");
	text = ap_describe_matrix(ap_definition_get_matrix(def));
	return g_strdup_printf("%s, %s", ap_definition_get_autostart(def) ? "auto" : "manual",
			       text);
}

char *session_describe_active(const struct call *c)
{
	g_autoptr(GError) error = NULL;
	struct ap_matrix matrix;

	if (ap_host_get_config(c->host, c->uuid, &matrix, &error))
		return ap_describe_matrix(&matrix);
	return g_strdup(g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? "none"
										 : "unreadable");
}

void session_begin(struct call *c)
{
	static const char *const keys[] = { "defined", "active", "result", "reason",
					    "live",    "old",	 "new" };
	g_autofree char *uuid = session_get(c, "uuid");
	g_autofree char *defined = NULL;
	g_autofree char *active = NULL;
	guint i;

	remove_others(c->host);
	/* After live comes the same command's pre: it goes on. */
	if (!g_strcmp0(uuid, c->uuid) && g_str_equal(c->req->action, "modify") &&
	    g_str_equal(c->req->event, "pre") &&
	    g_key_file_has_key(c->session, GROUP, "live", NULL))
		return;
	for (i = 0; i < G_N_ELEMENTS(keys); i++)
		g_key_file_remove_key(c->session, GROUP, keys[i], NULL);
	defined = session_describe_defined(c);
	active = session_describe_active(c);
	g_key_file_set_string(c->session, GROUP, "uuid", c->uuid);
	g_key_file_set_string(c->session, GROUP, "defined", defined);
	g_key_file_set_string(c->session, GROUP, "active", active);
	save(c);
}

void session_remove(const ApHost *host, pid_t pid)
{
	g_autofree char *path = pid_path(host, pid);

	unlink(path);
}
