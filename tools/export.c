// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "error.h"
#include "load.h"
#include "out.h"

static void print_host(const char *command, const struct options *o, const ApHostDef *def,
		       const GPtrArray *warnings)
{
	g_autofree char *xml = ap_host_def_to_xml(def);
	JsonBuilder *b;

	if (!o->json) {
		print_warnings(warnings);
		fputs(xml, stdout);
		return;
	}
	b = out_begin(command);
	out_string(b, "xml", xml);
	out_warnings(b, warnings);
	out_end(b, TRUE);
}

static int export_guest(const struct options *o, const ApState *state, GError **error)
{
	const ApEntry *entry = ap_state_find(state, o->args[0]);
	g_autoptr(ApGuest) guest = NULL;
	g_autofree char *xml = NULL;
	JsonBuilder *b;

	if (!entry || entry->broken || (!entry->active && !entry->defined)) {
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
			    "there is no guest '%s'; apmatrix show lists them", o->args[0]);
		return 1;
	}
	guest = ap_guest_new(entry->name, entry->uuid);
	guest->matrix = entry->defined ? entry->definition : entry->matrix;
	xml = ap_nodedev_to_xml(guest, o->matrix ? AP_NODEDEV_MATRIX : AP_NODEDEV_ATTRS);
	if (!o->json) {
		fputs(xml, stdout);
		return 0;
	}
	b = out_begin("export");
	out_string(b, "xml", xml);
	out_end(b, TRUE);
	return 0;
}

int cmd_export(const struct options *o, GError **error)
{
	g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(ApState) state = ap_state_read(o->host, warnings, error);
	g_autoptr(ApHostDef) def = NULL;

	if (!state)
		return 1;
	if (o->n_args)
		return export_guest(o, state, error);
	def = ap_state_export(state, warnings);
	print_host("export", o, def, warnings);
	return 0;
}

/* The file's name without its end, made into one that a guest can have. */
static char *name_from(const char *path)
{
	g_autofree char *base = g_path_get_basename(path);
	char *dot = strrchr(base, '.'), *name;

	if (dot && dot > base)
		*dot = 0;
	g_strcanon(base, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "._-", '-');
	name = g_strndup(base, 58);
	if (ap_guest_name_is_valid(name))
		return name;
	dot = g_strdup_printf("mdev-%s", name);
	g_free(name);
	return dot;
}

int cmd_import(const struct options *o, GError **error)
{
	g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(ApHostDef) def = ap_host_def_new("import");
	int i;

	for (i = 0; i < o->n_args; i++) {
		g_auto(loaded_t) loaded = { NULL };

		if (!load_file(o->args[i], &loaded, error))
			return 1;
		if (!loaded.guest) {
			g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
				    "%s is a host definition already", o->args[i]);
			return 1;
		}
		loaded.guest->name = name_from(o->args[i]);
		if (!loaded.guest->uuid)
			loaded.guest->uuid = ap_guest_make_uuid(loaded.guest->name);
		loaded.guest->line = i + 1;
		ap_host_def_add(def, g_steal_pointer(&loaded.guest));
	}
	if (!ap_host_def_check(def, error)) {
		g_prefix_error(error, "counting files as lines: ");
		return 1;
	}
	print_host("import", o, def, warnings);
	return 0;
}
