// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * examples DIRECTORY SCHEMA: the library and the schema agree about every example; what is
 * wrong with the others is said in the words recorded beside them.
 * AP_REGENERATE=1 records the words anew.
 */
#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <string.h>

#include "apmatrix.h"

static xmlRelaxNG *schema;

/* What a schema cannot say: relations between values, other elements of libvirt. */
static const char *const beyond_schema[] = {
	"apqn-gap",
	"apqn-product-gap",
	"control-only",
	"device-attr-above",
	"device-attr-typo",
	"device-capability",
	"device-contradiction",
	"device-matrix-foreign",
	"device-matrix-namespace",
	"device-matrix-outside",
	"device-matrix-twice",
	"device-no-type",
	"device-type",
	"device-uuid",
	"doctype",
	"entity-network",
	"name-twice",
	"name-uuid",
	"overlap",
	"range-down",
	"reserve-missing",
	"uuid-twice",
	NULL,
};

static void quiet(void *data G_GNUC_UNUSED, const xmlError *error G_GNUC_UNUSED)
{
}

static gboolean validates(xmlDoc *doc)
{
	xmlRelaxNGValidCtxt *ctxt = xmlRelaxNGNewValidCtxt(schema);
	int rc;

	xmlRelaxNGSetValidStructuredErrors(ctxt, (xmlStructuredErrorFunc)(void *)quiet, NULL);
	rc = xmlRelaxNGValidateDoc(ctxt, doc);
	xmlRelaxNGFreeValidCtxt(ctxt);
	return rc == 0;
}

/* Of node device XML the schema knows our elements only. */
static gboolean parts_validate(xmlNode *node)
{
	gboolean ok = TRUE;
	xmlDoc *part;

	for (; node && ok; node = node->next) {
		if (node->type != XML_ELEMENT_NODE)
			continue;
		if (!node->ns) {
			ok = parts_validate(node->children);
			continue;
		}
		part = xmlNewDoc((const xmlChar *)"1.0");
		xmlDocSetRootElement(part, xmlDocCopyNode(node, part, 1));
		ok = validates(part);
		xmlFreeDoc(part);
	}
	return ok;
}

static gboolean schema_takes(const char *text, gsize len)
{
	xmlDoc *doc = xmlReadMemory(text, len, "example", NULL,
				    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	gboolean ok = FALSE;

	if (root && g_str_equal((const char *)root->name, "device"))
		ok = parts_validate(root);
	else if (root)
		ok = validates(doc);
	xmlFreeDoc(doc);
	return ok;
}

static gboolean library_takes(const char *text, gsize len, const char *name, GError **error)
{
	g_autoptr(ApHostDef) def = NULL;
	g_autoptr(ApGuest) guest = NULL;

	if (strstr(text, "<device>")) {
		guest = ap_nodedev_parse(text, len, name, error);
		return !!guest;
	}
	def = ap_host_def_parse(text, len, name, error);
	return !!def;
}

/* Each version of libxml2 words its own errors. */
static void cut_foreign(char *message)
{
	char *foreign = strstr(message, "not well-formed XML: ");

	if (foreign)
		foreign[strlen("not well-formed XML")] = 0;
}

static void check_message(const char *path, const char *message)
{
	g_autofree char *record =
		g_strdup_printf("%.*smessage", (int)(strlen(path) - strlen("xml")), path);
	g_autofree char *text = g_strconcat(message, "\n", NULL);
	g_autofree char *expected = NULL;

	if (g_getenv("AP_REGENERATE"))
		g_assert_true(g_file_set_contents(record, text, -1, NULL));
	g_assert_true(g_file_get_contents(record, &expected, NULL, NULL));
	cut_foreign(text);
	cut_foreign(expected);
	g_assert_cmpstr(text, ==, expected);
}

/* XML → mdevctl's JSON → XML */
static void check_guest(const ApGuest *guest)
{
	g_autofree char *json = ap_guest_to_json(guest);
	g_autoptr(ApDefinition) def = ap_definition_parse(guest->uuid, json, strlen(json), NULL);
	g_autoptr(ApGuest) again = ap_guest_new(guest->name, guest->uuid);
	g_autofree char *xml = ap_nodedev_to_xml(guest, AP_NODEDEV_MATRIX);
	g_autofree char *xml_again = NULL;

	g_assert_nonnull(def);
	g_assert_cmpint(ap_definition_get_autostart(def), ==, guest->autostart);
	again->matrix = *ap_definition_get_matrix(def);
	xml_again = ap_nodedev_to_xml(again, AP_NODEDEV_MATRIX);
	g_assert_cmpstr(xml, ==, xml_again);
}

static void check_round_trip(const char *text, gsize len)
{
	g_autoptr(ApHostDef) def = NULL;
	g_autoptr(ApHostDef) again = NULL;
	g_autoptr(ApGuest) guest = NULL;
	g_autofree char *xml = NULL;
	g_autofree char *xml_again = NULL;
	guint i;

	if (strstr(text, "<device>")) {
		guest = ap_nodedev_parse(text, len, "example", NULL);
		check_guest(guest);
		return;
	}
	def = ap_host_def_parse(text, len, "example", NULL);
	for (i = 0; i < ap_host_def_get_guests(def)->len; i++)
		check_guest(ap_host_def_get_guests(def)->pdata[i]);
	xml = ap_host_def_to_xml(def);
	again = ap_host_def_parse(xml, strlen(xml), "again", NULL);
	g_assert_nonnull(again);
	xml_again = ap_host_def_to_xml(again);
	g_assert_cmpstr(xml, ==, xml_again);
}

static void test_example(gconstpointer data)
{
	const char *path = data;
	gboolean valid = !g_str_has_suffix(path, "-invalid.xml");
	g_autofree char *name = g_path_get_basename(path);
	g_autofree char *noun = g_strndup(name, strlen(name) - MIN(strlen(name), 12));
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	gsize len;

	g_assert_true(g_file_get_contents(path, &text, &len, NULL));
	g_assert_cmpint(library_takes(text, len, name, &error), ==, valid);
	if (valid) {
		g_assert_true(schema_takes(text, len));
		check_round_trip(text, len);
	} else {
		check_message(path, error->message);
	}
	if (!valid && !g_strv_contains(beyond_schema, noun))
		g_assert_false(schema_takes(text, len));
}

static void add_files(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	g_assert_nonnull(dir);
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *test = g_strdup_printf("/examples/%s", name);

		/* Those of libvirt's domains are none of the library's. */
		if (g_str_has_suffix(name, ".xml") && !g_str_has_prefix(name, "hostdev-") &&
		    !g_str_has_prefix(name, "domain-"))
			g_test_add_data_func_full(test, g_build_filename(path, name, NULL),
						  test_example, g_free);
	}
}

static xmlRelaxNG *load_schema(const char *path)
{
	xmlRelaxNGParserCtxt *ctxt = xmlRelaxNGNewParserCtxt(path);
	xmlRelaxNG *rng = xmlRelaxNGParse(ctxt);

	xmlRelaxNGFreeParserCtxt(ctxt);
	g_assert_nonnull(rng);
	return rng;
}

int main(int argc, char **argv)
{
	g_autofree char *invalid = NULL;
	int status;

	g_test_init(&argc, &argv, NULL);
	g_assert_cmpint(argc, ==, 3);
	invalid = g_build_filename(argv[1], "invalid", NULL);
	schema = load_schema(argv[2]);
	add_files(argv[1]);
	add_files(invalid);
	status = g_test_run();
	xmlRelaxNGFree(schema);
	xmlCleanupParser();
	return status;
}
