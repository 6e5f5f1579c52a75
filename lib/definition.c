// SPDX-License-Identifier: LGPL-2.1-or-later
#include "definition.h"

#include "attrs.h"
#include "error.h"
#include "file.h"
#include "json.h"
#include "quote.h"

struct ApDefinition {
	char *uuid;
	gboolean autostart;
	GPtrArray *attrs;
	struct ap_matrix matrix;
};

#define INVALID AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID

static const char *get_string(JsonObject *object, const char *name, GError **error)
{
	JsonNode *node = json_object_get_member(object, name);

	if (node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING)
		return json_node_get_string(node);
	g_set_error(error, INVALID, "'%s' is %s; a string is needed", name, ap_json_describe(node));
	return NULL;
}

static gboolean read_type(JsonObject *object, GError **error)
{
	const char *type = get_string(object, "mdev_type", error);
	g_autofree char *quoted = NULL;

	if (!type)
		return FALSE;
	if (g_str_equal(type, AP_MDEV_TYPE))
		return TRUE;
	quoted = ap_quote(type);
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_UNSUPPORTED,
		    "'mdev_type' is %s, not '" AP_MDEV_TYPE "'", quoted);
	return FALSE;
}

static gboolean read_start(JsonObject *object, ApDefinition *def, GError **error)
{
	const char *start = get_string(object, "start", error);
	g_autofree char *quoted = NULL;

	if (!start)
		return FALSE;
	def->autostart = g_str_equal(start, "auto");
	if (def->autostart || g_str_equal(start, "manual"))
		return TRUE;
	quoted = ap_quote(start);
	g_set_error(error, INVALID, "'start' is %s; 'auto' or 'manual' is needed", quoted);
	return FALSE;
}

static gboolean read_attr(JsonNode *node, guint index, ApDefinition *def, GError **error)
{
	g_autoptr(GList) names = NULL;
	g_autofree char *quoted = NULL;
	JsonNode *value;

	if (!JSON_NODE_HOLDS_OBJECT(node)) {
		g_set_error(error, INVALID, "'attrs' entry %u is %s; an object is needed",
			    index + 1, ap_json_describe(node));
		return FALSE;
	}
	names = json_object_get_members(json_node_get_object(node));
	if (g_list_length(names) != 1) {
		g_set_error(error, INVALID,
			    "'attrs' entry %u has %u members; exactly one is needed", index + 1,
			    g_list_length(names));
		return FALSE;
	}
	value = json_object_get_member(json_node_get_object(node), names->data);
	if (!JSON_NODE_HOLDS_VALUE(value) || json_node_get_value_type(value) != G_TYPE_STRING) {
		quoted = ap_quote(names->data);
		g_set_error(error, INVALID, "attribute %s: the value is %s; a string is needed",
			    quoted, ap_json_describe(value));
		return FALSE;
	}
	g_ptr_array_add(def->attrs, ap_attr_new(names->data, json_node_get_string(value)));
	return TRUE;
}

static gboolean read_attrs(JsonObject *object, ApDefinition *def, GError **error)
{
	JsonNode *node = json_object_get_member(object, "attrs");
	JsonArray *array;
	guint i;

	if (!node || JSON_NODE_HOLDS_NULL(node))
		return TRUE;
	if (!JSON_NODE_HOLDS_ARRAY(node)) {
		g_set_error(error, INVALID, "'attrs' is %s; an array is needed",
			    ap_json_describe(node));
		return FALSE;
	}
	array = json_node_get_array(node);
	for (i = 0; i < json_array_get_length(array); i++)
		if (!read_attr(json_array_get_element(array, i), i, def, error))
			return FALSE;
	return ap_attrs_to_matrix(def->attrs, &def->matrix, error);
}

static gboolean read_members(JsonNode *root, ApDefinition *def, GError **error)
{
	JsonObject *object;

	if (!JSON_NODE_HOLDS_OBJECT(root)) {
		g_set_error(error, INVALID, "the definition is %s; an object is needed",
			    ap_json_describe(root));
		return FALSE;
	}
	object = json_node_get_object(root);
	return read_type(object, error) && read_start(object, def, error) &&
	       read_attrs(object, def, error);
}

/**
 * ap_definition_parse:
 * @uuid: the device's UUID, which the text does not contain
 * @text: mdevctl's JSON: an object with the strings mdev_type and start (auto or manual),
 *   and the array attrs, which may be null or absent; other members are left alone
 * @len: length of @text, at most %AP_DEFINITION_MAX
 * @error: AP_MATRIX_ERROR_UNSUPPORTED for a device of another type,
 *   AP_MATRIX_ERROR_INVALID for anything else that is wrong
 *
 * Stricter than mdevctl 1.4 (src/mdev.rs, load_from_json), which takes any start that is
 * not "auto" for manual, and any attribute name.
 *
 * Returns: (transfer full) (nullable): the definition
 */
ApDefinition *ap_definition_parse(const char *uuid, const char *text, gsize len, GError **error)
{
	g_autoptr(ApDefinition) def = NULL;
	g_autoptr(JsonNode) root = NULL;

	if (len > AP_DEFINITION_MAX) {
		g_set_error(error, INVALID, "the definition is longer than %d bytes",
			    AP_DEFINITION_MAX);
		return NULL;
	}
	root = ap_json_parse(text, len, error);
	if (!root)
		return NULL;
	def = g_new0(ApDefinition, 1);
	def->uuid = g_strdup(uuid);
	def->attrs = g_ptr_array_new_with_free_func((GDestroyNotify)ap_attr_free);
	return read_members(root, def, error) ? g_steal_pointer(&def) : NULL;
}

/**
 * ap_definition_load:
 * @uuid: the device's UUID
 * @path: the file with its definition
 * @error: G_FILE_ERROR, or as ap_definition_parse()
 *
 * Returns: (transfer full) (nullable): the definition
 */
ApDefinition *ap_definition_load(const char *uuid, const char *path, GError **error)
{
	g_autofree char *text = NULL;
	ApDefinition *def;
	gsize len;

	text = ap_file_read(path, AP_DEFINITION_MAX, &len, error);
	if (!text)
		return NULL;
	def = ap_definition_parse(uuid, text, len, error);
	if (!def)
		g_prefix_error(error, "%s: ", path);
	return def;
}

/**
 * ap_definition_free:
 * @def: (nullable) (transfer full): a definition
 */
void ap_definition_free(ApDefinition *def)
{
	if (!def)
		return;
	g_free(def->uuid);
	g_ptr_array_unref(def->attrs);
	g_free(def);
}

/**
 * ap_definition_get_uuid:
 * @def: a definition
 *
 * Returns: the device's UUID
 */
const char *ap_definition_get_uuid(const ApDefinition *def)
{
	return def->uuid;
}

/**
 * ap_definition_get_autostart:
 * @def: a definition
 *
 * Returns: whether the device is started when its parent appears
 */
gboolean ap_definition_get_autostart(const ApDefinition *def)
{
	return def->autostart;
}

/**
 * ap_definition_get_attrs:
 * @def: a definition
 *
 * Returns: (element-type ApAttr): its attributes, in the order of the text
 */
const GPtrArray *ap_definition_get_attrs(const ApDefinition *def)
{
	return def->attrs;
}

/**
 * ap_definition_get_matrix:
 * @def: a definition
 *
 * Returns: the matrix that the attributes make
 */
const struct ap_matrix *ap_definition_get_matrix(const ApDefinition *def)
{
	return &def->matrix;
}

/**
 * ap_definition_to_json:
 * @def: a definition
 *
 * Returns: (transfer full): mdevctl's JSON for it, in one line
 */
char *ap_definition_to_json(const ApDefinition *def)
{
	g_autofree char *attrs = ap_attrs_to_json(def->attrs);

	return g_strdup_printf("{\"mdev_type\":\"" AP_MDEV_TYPE "\",\"start\":\"%s\",\"attrs\":%s}",
			       def->autostart ? "auto" : "manual", attrs);
}
