// SPDX-License-Identifier: LGPL-2.1-or-later
#include "error.h"
#include "hostdef.h"
#include "matrixxml.h"
#include "quote.h"

static gboolean read_uuid(ApGuest *guest, const xmlNode *node, GError **error)
{
	g_autofree char *uuid = ap_xml_get(node, "uuid");
	g_autofree char *quoted = NULL;

	if (!uuid) {
		guest->uuid = ap_guest_make_uuid(guest->name);
		return TRUE;
	}
	if (g_uuid_string_is_valid(uuid)) {
		guest->uuid = g_ascii_strdown(uuid, -1);
		return TRUE;
	}
	quoted = ap_quote(uuid);
	return ap_xml_fail(error, node,
			   "'uuid' is %s, not 32 hexadecimal digits in groups of 8-4-4-4-12",
			   quoted);
}

static gboolean read_name(ApGuest *guest, const xmlNode *node, GError **error)
{
	g_autofree char *quoted = NULL;

	guest->name = ap_xml_need(node, "name", error);
	if (!guest->name)
		return FALSE;
	if (ap_guest_name_is_valid(guest->name))
		return TRUE;
	quoted = ap_quote(guest->name);
	return ap_xml_fail(error, node,
			   "'name' is %s; needed are 1 to 63 letters, digits, '.', '_', '-', "
			   "beginning with a letter or digit, and not a UUID",
			   quoted);
}

static gboolean read_guest(ApHostDef *def, const xmlNode *node, GError **error)
{
	static const char *const attributes[] = { "name", "uuid", "start", "overlap", NULL };
	g_autoptr(ApGuest) guest = ap_guest_new(NULL, NULL);

	guest->line = xmlGetLineNo(node);
	if (!ap_xml_check(node, attributes, ap_matrix_elements, error) ||
	    !read_name(guest, node, error) || !read_uuid(guest, node, error) ||
	    !ap_xml_get_choice(node, "start", "auto", "manual", TRUE, &guest->autostart, error) ||
	    !ap_xml_get_choice(node, "overlap", "yes", "no", FALSE, &guest->overlap, error) ||
	    !ap_matrix_read_xml(node, &guest->matrix, error))
		return FALSE;
	if (guest->overlap && guest->autostart)
		return ap_xml_fail(error, node,
				   "overlap='yes' is for matrices that are started by hand; "
				   "start='manual' is needed");
	ap_host_def_add(def, g_steal_pointer(&guest));
	return TRUE;
}

static gboolean read_reserve(ApHostDef *def, const xmlNode *node, GError **error)
{
	static const char *const attributes[] = { NULL };
	static const char *const elements[] = { "adapter", "domain", NULL };
	struct ap_matrix reserve;

	if (ap_host_def_get_reserve(def))
		return ap_xml_fail(error, node, "there is one already; put all into one");
	if (!ap_xml_check(node, attributes, elements, error) ||
	    !ap_matrix_read_xml(node, &reserve, error))
		return FALSE;
	if (!apm_mask_empty(&reserve.adm))
		return ap_xml_fail(error, node, "'control' has no meaning for what is reserved");
	ap_host_def_set_reserve(def, &reserve);
	return TRUE;
}

static gboolean read_host(ApHostDef *def, const xmlNode *root, GError **error)
{
	static const char *const attributes[] = { NULL };
	static const char *const elements[] = { "reserve", "matrix", NULL };
	const xmlNode *node;

	if (!ap_xml_is(root, "host"))
		return ap_xml_fail(error, root,
				   "a host definition begins with <ap:host "
				   "xmlns:ap='" AP_XML_NAMESPACE "'>");
	if (!ap_xml_check(root, attributes, elements, error))
		return FALSE;
	for (node = ap_xml_first(root); node; node = ap_xml_next(node))
		if (ap_xml_is(node, "reserve") ? !read_reserve(def, node, error)
					       : !read_guest(def, node, error))
			return FALSE;
	return TRUE;
}

/**
 * ap_host_def_parse:
 * @text: an XML document with the root <ap:host>
 * @len: its length in bytes
 * @source: what messages call it, the name of the file
 * @error: AP_MATRIX_ERROR_INVALID: "FILE:LINE: <ELEMENT>: what is wrong; what is right"
 *
 * Checked by ap_host_def_check() as well. A matrix without a uuid gets the one of its name.
 *
 * Returns: (transfer full) (nullable): the host definition
 */
ApHostDef *ap_host_def_parse(const char *text, gsize len, const char *source, GError **error)
{
	g_autoptr(ApHostDef) def = ap_host_def_new(source);
	g_autoptr(ApXmlDoc) doc = ap_xml_parse(text, len, source, error);

	if (!doc || !read_host(def, xmlDocGetRootElement(doc), error) ||
	    !ap_host_def_check(def, error))
		return NULL;
	return g_steal_pointer(&def);
}

static void append_guest(GString *s, const ApGuest *guest)
{
	g_string_append_printf(s, "  <ap:matrix name='%s' uuid='%s' start='%s'%s>\n", guest->name,
			       guest->uuid, guest->autostart ? "auto" : "manual",
			       guest->overlap ? " overlap='yes'" : "");
	ap_matrix_append_xml(s, 4, &guest->matrix);
	g_string_append(s, "  </ap:matrix>\n");
}

/**
 * ap_host_def_to_xml:
 * @def: a host definition
 *
 * Returns: (transfer full): its document in canonical form: what ap_host_def_parse() makes
 *   of it gives the same text again
 */
char *ap_host_def_to_xml(const ApHostDef *def)
{
	GString *s = g_string_new("<ap:host xmlns:ap='" AP_XML_NAMESPACE "'>\n");
	const GPtrArray *guests = ap_host_def_get_guests(def);
	guint i;

	if (ap_host_def_get_reserve(def)) {
		g_string_append(s, "  <ap:reserve>\n");
		ap_matrix_append_xml(s, 4, ap_host_def_get_reserve(def));
		g_string_append(s, "  </ap:reserve>\n");
	}
	for (i = 0; i < guests->len; i++)
		append_guest(s, guests->pdata[i]);
	g_string_append(s, "</ap:host>\n");
	return g_string_free(s, FALSE);
}
