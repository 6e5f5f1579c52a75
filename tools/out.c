// SPDX-License-Identifier: LGPL-2.1-or-later
#include "out.h"

#include <stdio.h>

#define OUTPUT_VERSION 1

JsonBuilder *out_begin(const char *command)
{
	JsonBuilder *b = json_builder_new();

	json_builder_begin_object(b);
	out_int(b, "version", OUTPUT_VERSION);
	out_string(b, "command", command);
	return b;
}

void out_end(JsonBuilder *b, gboolean pretty)
{
	g_autoptr(JsonNode) root = NULL;
	g_autofree char *text = NULL;

	json_builder_end_object(b);
	root = json_builder_get_root(b);
	text = json_to_string(root, pretty);
	puts(text);
	g_object_unref(b);
}

void out_string(JsonBuilder *b, const char *name, const char *value)
{
	g_autofree char *valid = value ? g_utf8_make_valid(value, -1) : NULL;

	json_builder_set_member_name(b, name);
	if (valid)
		json_builder_add_string_value(b, valid);
	else
		json_builder_add_null_value(b);
}

void out_bool(JsonBuilder *b, const char *name, gboolean value)
{
	json_builder_set_member_name(b, name);
	json_builder_add_boolean_value(b, value);
}

void out_int(JsonBuilder *b, const char *name, gint64 value)
{
	json_builder_set_member_name(b, name);
	json_builder_add_int_value(b, value);
}

void out_array(JsonBuilder *b, const char *name)
{
	json_builder_set_member_name(b, name);
	json_builder_begin_array(b);
}

void out_ids(JsonBuilder *b, const char *name, const struct ap_mask *ids)
{
	unsigned int id;

	out_array(b, name);
	apm_mask_for_each(id, ids)
		json_builder_add_int_value(b, id);
	json_builder_end_array(b);
}

void out_matrix(JsonBuilder *b, const char *name, const struct ap_matrix *m)
{
	json_builder_set_member_name(b, name);
	json_builder_begin_object(b);
	out_ids(b, "adapters", &m->apm);
	out_ids(b, "domains", &m->aqm);
	out_ids(b, "control_domains", &m->adm);
	json_builder_end_object(b);
}

void out_lines(JsonBuilder *b, const char *name, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
	guint i;

	out_array(b, name);
	for (i = 0; lines[i]; i++)
		if (*lines[i])
			json_builder_add_string_value(b, lines[i]);
	json_builder_end_array(b);
}

void out_warnings(JsonBuilder *b, const GPtrArray *warnings)
{
	guint i;

	out_array(b, "warnings");
	for (i = 0; i < warnings->len; i++) {
		g_autofree char *valid = g_utf8_make_valid(warnings->pdata[i], -1);

		json_builder_add_string_value(b, valid);
	}
	json_builder_end_array(b);
}

void print_warnings(const GPtrArray *warnings)
{
	guint i;

	for (i = 0; i < warnings->len; i++)
		fprintf(stderr, "apmatrix: warning: %s\n", (const char *)warnings->pdata[i]);
}
