/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * XML in, with errors that name the place; and XML out.
 */
#ifndef APMATRIX_XML_H
#define APMATRIX_XML_H

#include <glib.h>
#include <libxml/tree.h>

#define AP_XML_NAMESPACE "urn:apmatrix:xml:1"

/* No document needs more: a thousand matrices are about 1 MiB. */
#define AP_XML_MAX (4 * 1024 * 1024)

/**
 * ap_xml_parse:
 * @text: a document
 * @len: its length in bytes, at most AP_XML_MAX
 * @source: what messages call it, the name of the file
 * @error: AP_MATRIX_ERROR_INVALID
 *
 * A document type declaration is refused where it begins, so there are no entities to
 * expand and nothing to load. Nothing is printed, no global state is touched.
 *
 * Returns: (transfer full) (nullable): the document; its URL is @source
 */
xmlDoc *ap_xml_parse(const char *text, gsize len, const char *source, GError **error);

/**
 * ap_xml_fail:
 * @error: AP_MATRIX_ERROR_INVALID
 * @node: the element that is wrong
 * @format: what is wrong, and what would be right
 *
 * The message is "SOURCE:LINE: <ELEMENT>: …".
 *
 * Returns: %FALSE
 */
gboolean ap_xml_fail(GError **error, const xmlNode *node, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

/**
 * ap_xml_prefix:
 * @error: an error about @node's content, which gets the place put before it
 * @node: the element
 *
 * Returns: %FALSE
 */
gboolean ap_xml_prefix(GError **error, const xmlNode *node);

/**
 * ap_xml_is:
 * @node: a node
 * @name: name of an element of AP_XML_NAMESPACE
 *
 * Returns: whether it is that element
 */
gboolean ap_xml_is(const xmlNode *node, const char *name);

/**
 * ap_xml_is_plain:
 * @node: a node
 * @name: name of an element without namespace, as all of libvirt's are
 *
 * Returns: whether it is that element
 */
gboolean ap_xml_is_plain(const xmlNode *node, const char *name);

/**
 * ap_xml_check:
 * @node: an element of AP_XML_NAMESPACE
 * @attributes: names of the attributes that it may have, with a %NULL behind them
 * @children: names of the elements of AP_XML_NAMESPACE that it may contain, the same way
 * @error: AP_MATRIX_ERROR_INVALID for anything else in it: text, other elements and
 *   attributes, each with what is allowed there
 *
 * Returns: whether it has nothing else
 */
gboolean ap_xml_check(const xmlNode *node, const char *const *attributes,
		      const char *const *children, GError **error);

/**
 * ap_xml_get:
 * @node: an element
 * @name: name of an attribute without namespace
 *
 * Returns: (transfer full) (nullable): its value
 */
char *ap_xml_get(const xmlNode *node, const char *name);

/**
 * ap_xml_need:
 * @node: an element
 * @name: name of an attribute
 * @error: AP_MATRIX_ERROR_INVALID if it is not there
 *
 * Returns: (transfer full) (nullable): its value
 */
char *ap_xml_need(const xmlNode *node, const char *name, GError **error);

/**
 * ap_xml_get_choice:
 * @node: an element
 * @name: name of an attribute with two possible values
 * @yes: one value
 * @no: the other one
 * @fallback: what holds without the attribute
 * @value: (out): whether it is @yes
 * @error: AP_MATRIX_ERROR_INVALID for another value
 *
 * Returns: whether it succeeded
 */
gboolean ap_xml_get_choice(const xmlNode *node, const char *name, const char *yes, const char *no,
			   gboolean fallback, gboolean *value, GError **error);

/**
 * ap_xml_first: / ap_xml_next:
 *
 * Returns: (nullable): the first element in @node; the element that follows @node
 */
xmlNode *ap_xml_first(const xmlNode *node);
xmlNode *ap_xml_next(const xmlNode *node);

/* A name of ours: libvirt's headers have the same for the other one. */
typedef xmlDoc ApXmlDoc;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApXmlDoc, xmlFreeDoc)

#endif
