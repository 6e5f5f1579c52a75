// SPDX-License-Identifier: LGPL-2.1-or-later
#include "kept.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "definition.h"
#include "error.h"
#include "file.h"
#include "json.h"
#include "process.h"

#define DEFINITIONS "etc/mdevctl.d/" AP_MDEV_PARENT
#define CHANGING "var/lib/apmatrix/changing"
#define KEPT "var/lib/apmatrix/kept"
#define BROKEN "var/lib/apmatrix/broken"
#define GROUP "definition"
#define RECORD_MAX (4 * AP_DEFINITION_MAX)

typedef enum { FILE_ABSENT, FILE_SOUND, FILE_BROKEN, FILE_ODD } FileState;

static char *path_of(const ApHost *host, const char *dir, const char *uuid)
{
	g_autofree char *below = g_build_filename(dir, uuid, NULL);

	return ap_host_path(host, below);
}

static gboolean is_string(JsonNode *node)
{
	return node && JSON_NODE_HOLDS_VALUE(node) &&
	       json_node_get_value_type(node) == G_TYPE_STRING;
}

static gboolean is_attr(JsonNode *node)
{
	g_autoptr(GList) values = NULL;

	if (!JSON_NODE_HOLDS_OBJECT(node) || json_object_get_size(json_node_get_object(node)) != 1)
		return FALSE;
	values = json_object_get_values(json_node_get_object(node));
	return is_string(values->data);
}

/* Whether mdevctl can read it: less than what makes it a good definition. */
static gboolean is_sound(const char *text, gsize len)
{
	g_autoptr(JsonNode) root = ap_json_parse(text, len, NULL);
	JsonObject *object;
	JsonNode *attrs;
	guint i;

	if (!root || !JSON_NODE_HOLDS_OBJECT(root))
		return FALSE;
	object = json_node_get_object(root);
	attrs = json_object_get_member(object, "attrs");
	if (!is_string(json_object_get_member(object, "mdev_type")) ||
	    !json_object_has_member(object, "start") ||
	    json_object_get_null_member(object, "start"))
		return FALSE;
	if (!attrs || JSON_NODE_HOLDS_NULL(attrs))
		return TRUE;
	if (!JSON_NODE_HOLDS_ARRAY(attrs))
		return FALSE;
	for (i = 0; i < json_array_get_length(json_node_get_array(attrs)); i++)
		if (!is_attr(json_array_get_element(json_node_get_array(attrs), i)))
			return FALSE;
	return TRUE;
}

/* What is no regular file, or too long, mdevctl does not trip over, and is left alone. */
static FileState read_definition(const ApHost *host, const char *uuid, char **text)
{
	g_autofree char *path = path_of(host, DEFINITIONS, uuid);
	g_autofree char *content = NULL;
	g_autoptr(GError) error = NULL;
	gsize len;

	*text = NULL;
	content = ap_file_read(path, AP_DEFINITION_MAX, &len, &error);
	if (!content)
		return g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? FILE_ABSENT
										: FILE_ODD;
	if (!is_sound(content, len))
		return FILE_BROKEN;
	*text = g_steal_pointer(&content);
	return FILE_SOUND;
}

static gboolean is_same(const char *uuid, const char *a, const char *b)
{
	g_autoptr(ApDefinition) one = ap_definition_parse(uuid, a, strlen(a), NULL);
	g_autoptr(ApDefinition) two = ap_definition_parse(uuid, b, strlen(b), NULL);
	g_autofree char *first = one ? ap_definition_to_json(one) : NULL;
	g_autofree char *second = two ? ap_definition_to_json(two) : NULL;

	return first && second && g_str_equal(first, second);
}

static GKeyFile *load(const ApHost *host, const char *dir, const char *uuid)
{
	g_autofree char *path = path_of(host, dir, uuid);
	g_autofree char *text = NULL;
	GKeyFile *record;
	gsize len;

	text = ap_file_read(path, RECORD_MAX, &len, NULL);
	if (!text)
		return NULL;
	record = g_key_file_new();
	if (g_key_file_load_from_data(record, text, len, G_KEY_FILE_NONE, NULL))
		return record;
	g_key_file_unref(record);
	return NULL;
}

static char *get(GKeyFile *record, const char *key)
{
	return record ? g_key_file_get_string(record, GROUP, key, NULL) : NULL;
}

gboolean ap_kept_begin(const ApHost *host, const char *uuid, const char *stamp, const char *text,
		       GError **error)
{
	g_autofree char *path = path_of(host, CHANGING, uuid);
	g_autoptr(GKeyFile) record = g_key_file_new();
	g_autofree char *content = NULL;
	g_autofree char *old = NULL;

	read_definition(host, uuid, &old);
	g_key_file_set_string(record, GROUP, "process", stamp);
	g_key_file_set_string(record, GROUP, "new", text);
	if (old)
		g_key_file_set_string(record, GROUP, "old", old);
	content = g_key_file_to_data(record, NULL, NULL);
	return ap_file_replace(path, content, error);
}

gboolean ap_kept_is_changing(const ApHost *host, const char *uuid, const char *stamp)
{
	g_autoptr(GKeyFile) record = load(host, CHANGING, uuid);
	g_autofree char *owner = get(record, "process");

	return record && (!stamp || !g_strcmp0(owner, stamp));
}

static void flush(const char *path)
{
	g_autofree char *dir = g_path_get_dirname(path);
	const char *const paths[] = { path, dir };
	guint i;
	int fd;

	for (i = 0; i < G_N_ELEMENTS(paths); i++) {
		fd = open(paths[i], O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
		if (fd >= 0) {
			fsync(fd);
			close(fd);
		}
	}
}

/* From changing to kept, or away. */
static void close_record(const ApHost *host, const char *uuid, gboolean keep)
{
	g_autofree char *from = path_of(host, CHANGING, uuid);
	g_autofree char *to = path_of(host, KEPT, uuid);
	g_autofree char *dir = g_path_get_dirname(to);

	if (!keep || g_mkdir_with_parents(dir, 0755) || rename(from, to))
		unlink(from);
}

static void tell(GPtrArray *told, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void tell(GPtrArray *told, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_ptr_array_add(told, g_strdup_vprintf(format, args));
	va_end(args);
}

/* @text NULL: there shall be no definition. */
static gboolean restore(const ApHost *host, const char *uuid, const char *text, const char *which,
			GPtrArray *told)
{
	g_autofree char *path = path_of(host, DEFINITIONS, uuid);
	g_autoptr(GError) error = NULL;

	if (!ap_file_replace(path, text, &error))
		tell(told, "the definition of %s is half written and cannot be restored: %s", uuid,
		     error->message);
	else if (text)
		tell(told, "the definition of %s was half written; it has its %s text now", uuid,
		     which);
	else
		tell(told, "the definition of %s was half written; it was removed", uuid);
	return !error;
}

static void settle(const ApHost *host, const char *uuid, GKeyFile *record, gboolean done,
		   GPtrArray *told)
{
	g_autofree char *path = path_of(host, DEFINITIONS, uuid);
	g_autofree char *wanted = get(record, "new");
	g_autofree char *old = get(record, "old");
	g_autofree char *text = NULL;
	FileState state = read_definition(host, uuid, &text);
	gboolean keep = FALSE;

	if (state == FILE_BROKEN && done && wanted) {
		if (!restore(host, uuid, wanted, "new", told))
			return;
		keep = TRUE;
	} else if (state == FILE_BROKEN && !restore(host, uuid, old, "old", told)) {
		return;
	} else if (state == FILE_SOUND) {
		flush(path);
		keep = wanted && is_same(uuid, text, wanted);
	}
	close_record(host, uuid, keep);
}

void ap_kept_end(const ApHost *host, const char *uuid, gboolean done, GPtrArray *told)
{
	g_autoptr(GKeyFile) record = load(host, CHANGING, uuid);

	if (record)
		settle(host, uuid, record, done, told);
}

static GPtrArray *list(const ApHost *host, const char *below)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *path = ap_host_path(host, below);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)))
		if (g_uuid_string_is_valid(name))
			g_ptr_array_add(names, g_strdup(name));
	return names;
}

void ap_kept_settle(const ApHost *host, GPtrArray *told)
{
	g_autoptr(GPtrArray) uuids = list(host, CHANGING);
	guint i;

	for (i = 0; i < uuids->len; i++) {
		g_autoptr(GKeyFile) record = load(host, CHANGING, uuids->pdata[i]);
		g_autofree char *stamp = get(record, "process");

		if (!record)
			close_record(host, uuids->pdata[i], FALSE);
		else if (!ap_process_stamp_is_alive(host, stamp))
			settle(host, uuids->pdata[i], record, TRUE, told);
	}
}

void ap_kept_forget(const ApHost *host, const char *uuid)
{
	static const char *const dirs[] = { CHANGING, KEPT };
	guint i;

	for (i = 0; i < G_N_ELEMENTS(dirs); i++) {
		g_autofree char *path = path_of(host, dirs[i], uuid);

		unlink(path);
	}
}

static void set_aside(const ApHost *host, const char *uuid, GPtrArray *told)
{
	g_autofree char *from = path_of(host, DEFINITIONS, uuid);
	g_autofree char *to = path_of(host, BROKEN, uuid);
	g_autofree char *dir = g_path_get_dirname(to);

	if (g_mkdir_with_parents(dir, 0755) || rename(from, to))
		tell(told, "the definition of %s cannot be read, nor moved to %s: %s", uuid, to,
		     g_strerror(errno));
	else
		tell(told, "the definition of %s could not be read; it was moved to %s", uuid, to);
}

/* Of definitions that were removed past mdevctl: they shall not come back. */
static void forget_absent(const ApHost *host)
{
	g_autoptr(GPtrArray) uuids = list(host, KEPT);
	guint i;

	for (i = 0; i < uuids->len; i++) {
		g_autofree char *text = NULL;

		if (read_definition(host, uuids->pdata[i], &text) == FILE_ABSENT)
			ap_kept_forget(host, uuids->pdata[i]);
	}
}

void ap_kept_repair(const ApHost *host, GPtrArray *told)
{
	g_autoptr(GPtrArray) uuids = NULL;
	guint i;

	ap_kept_settle(host, told);
	forget_absent(host);
	uuids = list(host, DEFINITIONS);
	for (i = 0; i < uuids->len; i++) {
		g_autofree char *uuid = g_ascii_strdown(uuids->pdata[i], -1);
		g_autofree char *text = NULL;
		g_autoptr(GKeyFile) record = NULL;
		g_autofree char *kept = NULL;

		if (read_definition(host, uuids->pdata[i], &text) != FILE_BROKEN ||
		    ap_kept_is_changing(host, uuid, NULL))
			continue;
		record = load(host, KEPT, uuid);
		kept = get(record, "new");
		if (kept)
			restore(host, uuids->pdata[i], kept, "last known", told);
		else
			set_aside(host, uuids->pdata[i], told);
	}
}
