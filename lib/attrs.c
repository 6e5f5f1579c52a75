// SPDX-License-Identifier: LGPL-2.1-or-later
#include "attrs.h"

#include <json-glib/json-glib.h>
#include <stddef.h>
#include <string.h>

#include "ap_text.h"
#include "error.h"
#include "nearest.h"
#include "quote.h"

/* What an id of each attribute is called, and how it is written in sysfs listings. */
static const struct kind {
	const char *assign;
	const char *unassign;
	const char *noun;
	int digits;
	size_t mask;
} kinds[] = {
	{ "assign_adapter", "unassign_adapter", "adapter", 2, offsetof(struct ap_matrix, apm) },
	{ "assign_domain", "unassign_domain", "domain", 4, offsetof(struct ap_matrix, aqm) },
	{ "assign_control_domain", "unassign_control_domain", "control domain", 4,
	  offsetof(struct ap_matrix, adm) },
};

#define CONFIG "ap_config"

static struct ap_mask *mask_of(const struct kind *kind, struct ap_matrix *matrix)
{
	return (struct ap_mask *)((char *)matrix + kind->mask);
}

/**
 * ap_attr_new:
 * @name: name of the attribute
 * @value: its value
 *
 * Returns: (transfer full): the pair
 */
ApAttr *ap_attr_new(const char *name, const char *value)
{
	ApAttr *attr = g_new(ApAttr, 1);

	attr->name = g_strdup(name);
	attr->value = g_strdup(value);
	return attr;
}

/**
 * ap_attr_free:
 * @attr: (nullable) (transfer full): a pair
 */
void ap_attr_free(ApAttr *attr)
{
	if (!attr)
		return;
	g_free(attr->name);
	g_free(attr->value);
	g_free(attr);
}

static gboolean set_unknown(const char *name, GError **error)
{
	g_autofree char *quoted = ap_quote(name);
	const char *names[2 * G_N_ELEMENTS(kinds) + 2];
	const char *best;
	guint i, n = 0;

	for (i = 0; i < G_N_ELEMENTS(kinds); i++) {
		names[n++] = kinds[i].assign;
		names[n++] = kinds[i].unassign;
	}
	names[n++] = CONFIG;
	names[n] = NULL;
	best = ap_nearest(name, names);
	if (best)
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
			    "unknown attribute %s; did you mean '%s'?", quoted, best);
	else
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
			    "unknown attribute %s; known are assign_adapter, assign_domain, "
			    "assign_control_domain, their unassign_ forms, and ap_config",
			    quoted);
	return FALSE;
}

static gboolean read_id(const struct kind *kind, const char *name, const char *value,
			unsigned int *id, GError **error)
{
	g_autofree char *quoted = ap_quote(value);
	__u64 number;

	switch (apm_text_id(value, AP_ID_MAX, id)) {
	case 0:
		return TRUE;
	case -ENODEV:
		apm_text_number(value, &number);
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
			    "attribute %s: %" G_GUINT64_FORMAT " is above the highest %s number %u",
			    name, (guint64)number, kind->noun, AP_ID_MAX);
		return FALSE;
	case -ERANGE:
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
			    "attribute %s: %s is above the highest %s number %u", name, quoted,
			    kind->noun, AP_ID_MAX);
		return FALSE;
	default:
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
			    "attribute %s: %s is not a number (5, 0x5 and octal 05 are)", name,
			    quoted);
		return FALSE;
	}
}

static gboolean apply_config(struct ap_matrix *matrix, const char *value, GError **error)
{
	g_autofree char *quoted = ap_quote(value);

	if (!apm_text_config(value, matrix))
		return TRUE;
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
		    "attribute " CONFIG ": %s is not three hexadecimal masks with commas between "
		    "(adapters, domains, control domains; up to 64 digits each)",
		    quoted);
	return FALSE;
}

/**
 * ap_attrs_apply:
 * @matrix: the matrix to change
 * @name: name of an attribute
 * @value: what would be written to it
 * @error: AP_MATRIX_ERROR_INVALID for an unknown attribute (with the nearest known name)
 *   and for a value that is malformed or beyond the architecture (0 to 255)
 *
 * Does to @matrix what writing the attribute does to a device without other limits.
 * Numbers are read as the kernel does (kstrtoul, base by prefix).
 *
 * Returns: whether it succeeded; @matrix is as before if not
 */
gboolean ap_attrs_apply(struct ap_matrix *matrix, const char *name, const char *value,
			GError **error)
{
	unsigned int id;
	gboolean on;
	guint i;

	if (g_str_equal(name, CONFIG))
		return apply_config(matrix, value, error);
	for (i = 0; i < G_N_ELEMENTS(kinds); i++) {
		on = g_str_equal(name, kinds[i].assign);
		if (!on && !g_str_equal(name, kinds[i].unassign))
			continue;
		if (!read_id(&kinds[i], name, value, &id, error))
			return FALSE;
		apm_mask_assign(mask_of(&kinds[i], matrix), id, on);
		return TRUE;
	}
	return set_unknown(name, error);
}

/**
 * ap_attrs_to_matrix:
 * @attrs: (element-type ApAttr): attributes, in the order in which they are written
 * @matrix: (out): the matrix that a new device has after that
 * @error: as ap_attrs_apply()
 *
 * Returns: whether it succeeded
 */
gboolean ap_attrs_to_matrix(const GPtrArray *attrs, struct ap_matrix *matrix, GError **error)
{
	guint i;

	memset(matrix, 0, sizeof(*matrix));
	for (i = 0; i < attrs->len; i++) {
		const ApAttr *attr = attrs->pdata[i];

		if (!ap_attrs_apply(matrix, attr->name, attr->value, error))
			return FALSE;
	}
	return TRUE;
}

static void append_id(GPtrArray *attrs, const struct kind *kind, unsigned int id)
{
	ApAttr *attr = g_new(ApAttr, 1);

	attr->name = g_strdup(kind->assign);
	attr->value = g_strdup_printf("0x%0*x", kind->digits, id);
	g_ptr_array_add(attrs, attr);
}

/**
 * ap_attrs_from_matrix:
 * @matrix: a matrix
 *
 * Returns: (transfer full) (element-type ApAttr): the shortest list of attributes that
 *   makes @matrix on a new device: one assignment an id, in ascending order
 */
GPtrArray *ap_attrs_from_matrix(const struct ap_matrix *matrix)
{
	GPtrArray *attrs = g_ptr_array_new_with_free_func((GDestroyNotify)ap_attr_free);
	struct ap_matrix m = *matrix;
	unsigned int id;
	guint i;

	for (i = 0; i < G_N_ELEMENTS(kinds); i++)
		apm_mask_for_each(id, mask_of(&kinds[i], &m))
			append_id(attrs, &kinds[i], id);
	return attrs;
}

/**
 * ap_attrs_to_json:
 * @attrs: (element-type ApAttr): attributes
 *
 * Returns: (transfer full): mdevctl's form of them, an array of objects with one member
 *   each, in one line without a newline; "[]" when there are none
 */
char *ap_attrs_to_json(const GPtrArray *attrs)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();
	g_autoptr(JsonNode) root = NULL;
	guint i;

	json_builder_begin_array(builder);
	for (i = 0; i < attrs->len; i++) {
		const ApAttr *attr = attrs->pdata[i];

		json_builder_begin_object(builder);
		json_builder_set_member_name(builder, attr->name);
		json_builder_add_string_value(builder, attr->value);
		json_builder_end_object(builder);
	}
	json_builder_end_array(builder);
	root = json_builder_get_root(builder);
	return json_to_string(root, FALSE);
}
