// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

#include "error.h"
#include "nearest.h"
#include "quote.h"

#define INVALID AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID

G_DEFINE_AUTOPTR_CLEANUP_FUNC(xmlParserCtxt, xmlFreeParserCtxt)

/* The line of a DOCTYPE is kept in the context's _private. */
static void refuse_doctype(void *data, const xmlChar *name G_GNUC_UNUSED,
			   const xmlChar *external G_GNUC_UNUSED,
			   const xmlChar *system G_GNUC_UNUSED)
{
	xmlParserCtxt *ctxt = data;
	int *line = ctxt->_private;

	*line = ctxt->input ? MAX(ctxt->input->line, 1) : 1;
	xmlStopParser(ctxt);
}

static void set_malformed(xmlParserCtxt *ctxt, const char *source, GError **error)
{
	const xmlError *last = xmlCtxtGetLastError(ctxt);
	g_autofree char *first = NULL;
	g_autofree char *text = NULL;

	if (!last || !last->message) {
		g_set_error(error, INVALID, "%s: not well-formed XML", source);
		return;
	}
	first = g_strchomp(g_strndup(last->message, 200));
	text = g_strescape(first, "\"");
	g_set_error(error, INVALID, "%s:%d: not well-formed XML: %s", source, MAX(last->line, 1),
		    text);
}

xmlDoc *ap_xml_parse(const char *text, gsize len, const char *source, GError **error)
{
	g_autoptr(xmlParserCtxt) ctxt = NULL;
	g_autoptr(ApXmlDoc) doc = NULL;
	int doctype = 0;

	if (len > AP_XML_MAX) {
		g_set_error(error, INVALID, "%s: longer than %d bytes", source, AP_XML_MAX);
		return NULL;
	}
	ctxt = xmlNewParserCtxt();
	ctxt->_private = &doctype;
	ctxt->sax->internalSubset = refuse_doctype;
	doc = xmlCtxtReadMemory(ctxt, text, len, source, NULL,
				XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
					XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES);
	if (doctype)
		g_set_error(error, INVALID,
			    "%s:%d: <!DOCTYPE> is not accepted: definitions have neither document "
			    "types nor entities",
			    source, doctype);
	else if (!doc || !xmlDocGetRootElement(doc))
		set_malformed(ctxt, source, error);
	else
		return g_steal_pointer(&doc);
	return NULL;
}

/* A name as people write it, whatever prefix this document uses. */
static char *name_of(const xmlNode *node)
{
	g_autofree char *quoted = ap_quote((const char *)node->name);
	const char *prefix = "";

	if (node->ns && !g_strcmp0((const char *)node->ns->href, AP_XML_NAMESPACE))
		prefix = "ap:";
	/* Without its quotes. */
	return g_strdup_printf("<%s%.*s>", prefix, (int)strlen(quoted) - 2, quoted + 1);
}

static char *place_of(const xmlNode *node)
{
	g_autofree char *name = name_of(node);

	return g_strdup_printf("%s:%ld: %s", (const char *)node->doc->URL, xmlGetLineNo(node),
			       name);
}

gboolean ap_xml_fail(GError **error, const xmlNode *node, const char *format, ...)
{
	g_autofree char *place = place_of(node);
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, INVALID, "%s: %s", place, text);
	return FALSE;
}

gboolean ap_xml_prefix(GError **error, const xmlNode *node)
{
	g_autofree char *place = place_of(node);

	g_prefix_error(error, "%s: ", place);
	return FALSE;
}

static gboolean in_namespace(const xmlNode *node)
{
	return node->ns && !g_strcmp0((const char *)node->ns->href, AP_XML_NAMESPACE);
}

gboolean ap_xml_is(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && in_namespace(node) &&
	       g_str_equal((const char *)node->name, name);
}

gboolean ap_xml_is_plain(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && !node->ns &&
	       g_str_equal((const char *)node->name, name);
}

/* "Allowed are 'a', 'b'", and the nearest one first if there is one. */
static char *advise(const char *name, const char *const *known, const char *open, const char *close)
{
	const char *nearest = ap_nearest(name, known);
	GString *s;
	guint i;

	if (nearest)
		return g_strdup_printf("did you mean %s%s%s?", open, nearest, close);
	if (!known[0])
		return g_strdup("nothing is allowed there");
	s = g_string_new("allowed there:");
	for (i = 0; known[i]; i++)
		g_string_append_printf(s, "%s %s%s%s", i ? "," : "", open, known[i], close);
	return g_string_free(s, FALSE);
}

static gboolean check_attributes(const xmlNode *node, const char *const *known, GError **error)
{
	const xmlAttr *attr;

	for (attr = node->properties; attr; attr = attr->next) {
		const char *name = (const char *)attr->name;
		g_autofree char *quoted = ap_quote(name);
		g_autofree char *advice = NULL;

		if (!attr->ns && g_strv_contains(known, name))
			continue;
		advice = advise(name, known, "'", "'");
		return ap_xml_fail(error, node, "unknown attribute %s; %s", quoted, advice);
	}
	return TRUE;
}

static gboolean check_child(const xmlNode *node, const xmlNode *child, const char *const *known,
			    GError **error)
{
	const char *name = (const char *)child->name;
	g_autofree char *shown = NULL;
	g_autofree char *advice = NULL;

	if (in_namespace(child) && g_strv_contains(known, name))
		return TRUE;
	shown = name_of(node);
	if (g_strv_contains(known, name))
		return ap_xml_fail(error, child, "not in the namespace " AP_XML_NAMESPACE);
	advice = advise(name, known, "<ap:", ">");
	return ap_xml_fail(error, child, "unknown element in %s; %s", shown, advice);
}

gboolean ap_xml_check(const xmlNode *node, const char *const *attributes,
		      const char *const *children, GError **error)
{
	const xmlNode *child;

	if (!check_attributes(node, attributes, error))
		return FALSE;
	for (child = node->children; child; child = child->next) {
		if (child->type == XML_COMMENT_NODE || child->type == XML_PI_NODE)
			continue;
		if (child->type == XML_ELEMENT_NODE) {
			if (!check_child(node, child, children, error))
				return FALSE;
		} else if (!xmlIsBlankNode(child)) {
			return ap_xml_fail(error, node,
					   "there is text in it; it has elements and "
					   "attributes only");
		}
	}
	return TRUE;
}

char *ap_xml_get(const xmlNode *node, const char *name)
{
	xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
	char *copy = g_strdup((char *)value);

	xmlFree(value);
	return copy;
}

char *ap_xml_need(const xmlNode *node, const char *name, GError **error)
{
	char *value = ap_xml_get(node, name);

	if (!value)
		ap_xml_fail(error, node, "the attribute '%s' is missing", name);
	return value;
}

gboolean ap_xml_get_choice(const xmlNode *node, const char *name, const char *yes, const char *no,
			   gboolean fallback, gboolean *value, GError **error)
{
	g_autofree char *text = ap_xml_get(node, name);
	g_autofree char *quoted = NULL;

	*value = text ? g_str_equal(text, yes) : fallback;
	if (!text || *value || g_str_equal(text, no))
		return TRUE;
	quoted = ap_quote(text);
	return ap_xml_fail(error, node, "'%s' is %s; '%s' or '%s' is needed", name, quoted, yes,
			   no);
}

static xmlNode *element(xmlNode *node)
{
	while (node && node->type != XML_ELEMENT_NODE)
		node = node->next;
	return node;
}

xmlNode *ap_xml_first(const xmlNode *node)
{
	return element(node->children);
}

xmlNode *ap_xml_next(const xmlNode *node)
{
	return element(node->next);
}
