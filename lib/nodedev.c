// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nodedev.h"

#include <string.h>

#include "attrs.h"
#include "describe.h"
#include "error.h"
#include "matrixxml.h"
#include "quote.h"

/* libvirt's names of mediated devices: the UUID with underscores between these. */
#define PREFIX "mdev_"
#define PREFIX_LEN strlen(PREFIX)
#define SUFFIX "_" AP_MDEV_PARENT
#define UUID_LEN 36

/* What the elements of one capability say; each of the two forms may be there or not. */
struct reader {
	ApGuest *guest;
	gboolean mdev;
	gboolean has_type;
	gboolean has_attrs;
	gboolean has_matrix;
	struct ap_matrix attrs;
	struct ap_matrix matrix;
};

static gboolean is_ours(const xmlNode *node)
{
	return node->ns && g_str_equal((const char *)node->ns->href, AP_XML_NAMESPACE);
}

static char *text_of(const xmlNode *node)
{
	xmlChar *content = xmlNodeGetContent(node);
	char *text = g_strstrip(g_strdup((char *)content));

	xmlFree(content);
	return text;
}

static gboolean read_type(struct reader *r, const xmlNode *node, GError **error)
{
	g_autofree char *id = ap_xml_need(node, "id", error);
	g_autofree char *quoted = NULL;

	if (!id)
		return FALSE;
	r->has_type = TRUE;
	if (g_str_equal(id, AP_MDEV_TYPE))
		return TRUE;
	quoted = ap_quote(id);
	ap_xml_fail(error, node, "a device of type %s, not " AP_MDEV_TYPE, quoted);
	if (error)
		(*error)->code = AP_MATRIX_ERROR_UNSUPPORTED;
	return FALSE;
}

static gboolean read_uuid(struct reader *r, const xmlNode *node, GError **error)
{
	g_autofree char *text = text_of(node);
	g_autofree char *quoted = NULL;

	if (!g_uuid_string_is_valid(text)) {
		quoted = ap_quote(text);
		return ap_xml_fail(error, node, "%s is not a UUID", quoted);
	}
	g_free(r->guest->uuid);
	r->guest->uuid = g_ascii_strdown(text, -1);
	return TRUE;
}

static gboolean read_attr(struct reader *r, const xmlNode *node, GError **error)
{
	g_autofree char *name = ap_xml_need(node, "name", error);
	g_autofree char *value = NULL;

	if (!name)
		return FALSE;
	value = ap_xml_need(node, "value", error);
	if (!value)
		return FALSE;
	r->has_attrs = TRUE;
	return ap_attrs_apply(&r->attrs, name, value, error) || ap_xml_prefix(error, node);
}

static gboolean read_matrix(struct reader *r, const xmlNode *node, GError **error)
{
	static const char *const none[] = { NULL };

	if (r->has_matrix)
		return ap_xml_fail(error, node, "there is one already; put all into one");
	r->has_matrix = TRUE;
	return ap_xml_check(node, none, ap_matrix_elements, error) &&
	       ap_matrix_read_xml(node, &r->matrix, error);
}

/* guest-matrix and filtered are what a host tells; a definition that has them is as good. */
static gboolean read_ours(struct reader *r, const xmlNode *node, GError **error)
{
	if (ap_xml_is(node, "matrix"))
		return read_matrix(r, node, error);
	if (ap_xml_is(node, "guest-matrix") || ap_xml_is(node, "filtered"))
		return TRUE;
	return ap_xml_fail(error, node, "unknown element; <ap:matrix> is allowed there");
}

static gboolean read_member(struct reader *r, const xmlNode *node, GError **error)
{
	if (ap_xml_is_plain(node, "type"))
		return read_type(r, node, error);
	if (ap_xml_is_plain(node, "uuid"))
		return read_uuid(r, node, error);
	if (ap_xml_is_plain(node, "attr"))
		return read_attr(r, node, error);
	if (is_ours(node))
		return read_ours(r, node, error);
	if (g_str_equal((const char *)node->name, "matrix"))
		return ap_xml_fail(error, node,
				   "not in the namespace " AP_XML_NAMESPACE "; <ap:matrix "
				   "xmlns:ap='" AP_XML_NAMESPACE "'> is needed");
	return TRUE;
}

static gboolean read_capability(struct reader *r, const xmlNode *node, GError **error)
{
	g_autofree char *type = ap_xml_get(node, "type");
	const xmlNode *child;

	if (g_strcmp0(type, "mdev"))
		return TRUE;
	r->mdev = TRUE;
	r->guest->line = xmlGetLineNo(node);
	for (child = ap_xml_first(node); child; child = ap_xml_next(child))
		if (!read_member(r, child, error))
			return FALSE;
	return r->has_type || ap_xml_fail(error, node, "<type id='" AP_MDEV_TYPE "'/> is missing");
}

/* Both forms at once are fine as long as they say the same. */
static gboolean merge(struct reader *r, const xmlNode *root, GError **error)
{
	const struct ap_matrix *m = &r->guest->matrix;
	g_autofree char *difference = NULL;

	r->guest->matrix = r->has_matrix ? r->matrix : r->attrs;
	if (r->has_matrix && r->has_attrs && !apm_matrix_equal(&r->matrix, &r->attrs)) {
		difference = ap_describe_difference(&r->matrix, &r->attrs);
		return ap_xml_fail(error, root,
				   "the <attr> elements contradict <ap:matrix>: %s; leave the "
				   "<attr> elements out",
				   difference);
	}
	if (!apm_mask_empty(&m->adm) && apm_mask_empty(&m->aqm))
		return ap_xml_fail(error, root,
				   "control domains need a usage domain to be "
				   "controlled through");
	return TRUE;
}

static gboolean read_device(struct reader *r, const xmlNode *root, GError **error)
{
	const xmlNode *node;

	if (!ap_xml_is_plain(root, "device"))
		return ap_xml_fail(error, root, "node device XML begins with <device>");
	for (node = ap_xml_first(root); node; node = ap_xml_next(node)) {
		if (is_ours(node))
			return ap_xml_fail(error, node, "belongs into <capability type='mdev'>");
		if (ap_xml_is_plain(node, "capability") && !read_capability(r, node, error))
			return FALSE;
	}
	if (r->mdev)
		return merge(r, root, error);
	ap_xml_fail(error, root, "no mediated device: <capability type='mdev'> is missing");
	if (error)
		(*error)->code = AP_MATRIX_ERROR_UNSUPPORTED;
	return FALSE;
}

/**
 * ap_nodedev_parse:
 * @text: libvirt's XML of a mediated device, with <attr> elements or <ap:matrix>
 * @len: its length in bytes
 * @source: what messages call it
 * @error: AP_MATRIX_ERROR_UNSUPPORTED for a device of another kind,
 *   AP_MATRIX_ERROR_INVALID for anything else that is wrong
 *
 * Elements of libvirt that say nothing of the matrix are left to libvirt.
 *
 * Returns: (transfer full) (nullable): the guest, without a name, and without a UUID if
 *   the XML has none
 */
ApGuest *ap_nodedev_parse(const char *text, gsize len, const char *source, GError **error)
{
	g_autoptr(ApXmlDoc) doc = ap_xml_parse(text, len, source, error);
	g_autoptr(ApGuest) guest = ap_guest_new(NULL, NULL);
	struct reader r = { .guest = guest };

	if (!doc || !read_device(&r, xmlDocGetRootElement(doc), error))
		return NULL;
	return g_steal_pointer(&guest);
}

/* Whatever says something of the matrix, in either form. */
static void remove_matrix(xmlNode *capability)
{
	xmlNode *next, *node;

	for (node = ap_xml_first(capability); node; node = next) {
		next = ap_xml_next(node);
		if (!is_ours(node) && !ap_xml_is_plain(node, "attr"))
			continue;
		xmlUnlinkNode(node);
		xmlFreeNode(node);
	}
}

static void add_attrs(xmlNode *capability, const struct ap_matrix *matrix)
{
	g_autoptr(GPtrArray) attrs = ap_attrs_from_matrix(matrix);
	guint i;

	for (i = 0; i < attrs->len; i++) {
		const ApAttr *attr = attrs->pdata[i];
		xmlNode *node = xmlNewChild(capability, NULL, (const xmlChar *)"attr", NULL);

		xmlNewProp(node, (const xmlChar *)"name", (const xmlChar *)attr->name);
		xmlNewProp(node, (const xmlChar *)"value", (const xmlChar *)attr->value);
	}
}

static char *translate(xmlDoc *doc, const struct ap_matrix *matrix)
{
	xmlNode *node;
	xmlChar *text;
	char *copy;

	for (node = ap_xml_first(xmlDocGetRootElement(doc)); node; node = ap_xml_next(node)) {
		g_autofree char *type = ap_xml_get(node, "type");

		if (!ap_xml_is_plain(node, "capability") || g_strcmp0(type, "mdev"))
			continue;
		remove_matrix(node);
		add_attrs(node, matrix);
	}
	xmlDocDumpMemory(doc, &text, NULL);
	copy = g_strdup((char *)text);
	xmlFree(text);
	return copy;
}

/**
 * ap_nodedev_translate:
 * @text: as for ap_nodedev_parse()
 * @len: its length in bytes
 * @source: what messages call it
 * @guest: (out) (optional) (transfer full): what ap_nodedev_parse() makes of it
 * @error: as for ap_nodedev_parse()
 *
 * For a libvirt that knows nothing of us: <attr> elements, in canonical order, in place of
 * whatever says something of the matrix; all else is left as it is.
 *
 * Returns: (transfer full) (nullable): the XML
 */
char *ap_nodedev_translate(const char *text, gsize len, const char *source, ApGuest **guest,
			   GError **error)
{
	g_autoptr(ApXmlDoc) doc = ap_xml_parse(text, len, source, error);
	g_autoptr(ApGuest) read = ap_guest_new(NULL, NULL);
	struct reader r = { .guest = read };
	char *xml;

	if (!doc || !read_device(&r, xmlDocGetRootElement(doc), error))
		return NULL;
	xml = translate(doc, &read->matrix);
	if (guest)
		*guest = g_steal_pointer(&read);
	return xml;
}

/**
 * ap_nodedev_make_name:
 * @uuid: UUID of a mediated device
 *
 * Returns: (transfer full): libvirt's name for it (11.3,
 *   src/node_device/node_device_driver.c)
 */
char *ap_nodedev_make_name(const char *uuid)
{
	return g_strdelimit(g_strdup_printf(PREFIX "%s" SUFFIX, uuid), "-", '_');
}

/**
 * ap_nodedev_read_name:
 * @name: libvirt's name of a node device
 *
 * Returns: (transfer full) (nullable): the UUID if it is the name of an AP mediated device
 */
char *ap_nodedev_read_name(const char *name)
{
	g_autofree char *uuid = NULL;

	if (strlen(name) != PREFIX_LEN + UUID_LEN + strlen(SUFFIX) ||
	    !g_str_has_prefix(name, PREFIX) || !g_str_has_suffix(name, SUFFIX))
		return NULL;
	uuid = g_strndup(name + PREFIX_LEN, UUID_LEN);
	g_strdelimit(uuid, "_", '-');
	return g_uuid_string_is_valid(uuid) ? g_ascii_strdown(uuid, -1) : NULL;
}

static void append_attrs(GString *s, const struct ap_matrix *matrix)
{
	g_autoptr(GPtrArray) attrs = ap_attrs_from_matrix(matrix);
	guint i;

	for (i = 0; i < attrs->len; i++) {
		const ApAttr *attr = attrs->pdata[i];

		g_string_append_printf(s, "    <attr name='%s' value='%s'/>\n", attr->name,
				       attr->value);
	}
}

/**
 * ap_nodedev_to_xml:
 * @guest: a guest
 * @form: how its matrix is written
 *
 * Returns: (transfer full): libvirt's node device XML for it
 */
char *ap_nodedev_to_xml(const ApGuest *guest, ApNodedevForm form)
{
	g_autofree char *name = guest->uuid ? ap_nodedev_make_name(guest->uuid) : NULL;
	GString *s = g_string_new("<device>\n");

	if (name)
		g_string_append_printf(s, "  <name>%s</name>\n", name);
	g_string_append(s, "  <parent>ap_matrix</parent>\n"
			   "  <capability type='mdev'>\n"
			   "    <type id='" AP_MDEV_TYPE "'/>\n");
	if (guest->uuid)
		g_string_append_printf(s, "    <uuid>%s</uuid>\n", guest->uuid);
	if (form == AP_NODEDEV_MATRIX) {
		g_string_append(s, "    <ap:matrix xmlns:ap='" AP_XML_NAMESPACE "'>\n");
		ap_matrix_append_xml(s, 6, &guest->matrix);
		g_string_append(s, "    </ap:matrix>\n");
	} else {
		append_attrs(s, &guest->matrix);
	}
	g_string_append(s, "  </capability>\n</device>\n");
	return g_string_free(s, FALSE);
}
