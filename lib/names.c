// SPDX-License-Identifier: LGPL-2.1-or-later
#include "names.h"

#include "file.h"
#include "guest.h"

/* A line for each device: UUID, a space, name. */
#define NAMES "etc/apmatrix/names"
#define NAMES_MAX (8 * 1024 * 1024)

static gboolean read_line(GHashTable *names, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 3);

	if (g_strv_length(words) != 2 || !g_uuid_string_is_valid(words[0]) ||
	    !ap_guest_name_is_valid(words[1]))
		return FALSE;
	g_hash_table_insert(names, g_ascii_strdown(words[0], -1), g_strdup(words[1]));
	return TRUE;
}

GHashTable *ap_names_load(const ApHost *host, GPtrArray *warnings)
{
	GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autofree char *path = ap_host_path(host, NAMES);
	g_autoptr(GError) error = NULL;
	g_autofree char *text = ap_file_read(path, NAMES_MAX, NULL, &error);
	g_auto(GStrv) lines = text ? g_strsplit(text, "\n", -1) : NULL;
	guint i;

	if (!text && warnings && !g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
		g_ptr_array_add(warnings, g_strdup(error->message));
	for (i = 0; lines && lines[i]; i++)
		if (*lines[i] && *lines[i] != '#' && !read_line(names, lines[i]) && warnings)
			g_ptr_array_add(warnings, g_strdup_printf("%s:%u: not a UUID and a name",
								  path, i + 1));
	return names;
}

gboolean ap_names_save(const ApHost *host, GHashTable *names, GError **error)
{
	g_autofree char *path = ap_host_path(host, NAMES);
	g_autoptr(GString) text = g_string_new("# Names of devices made by apmatrix apply.\n");
	g_autoptr(GList) uuids = g_list_sort(g_hash_table_get_keys(names), (GCompareFunc)g_strcmp0);
	GList *uuid;

	for (uuid = uuids; uuid; uuid = uuid->next)
		g_string_append_printf(text, "%s %s\n", (const char *)uuid->data,
				       (const char *)g_hash_table_lookup(names, uuid->data));
	return ap_file_replace(path, uuids ? text->str : NULL, error);
}
