// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "apmatrix.h"
#include "random.h"

#define UUID "c0de0000-0000-4000-8000-00000000000a"

static ApGuest *parse(const char *text)
{
	g_autoptr(GError) error = NULL;
	ApGuest *guest = ap_nodedev_parse(text, strlen(text), "test", &error);

	g_assert_no_error(error);
	return guest;
}

/* XML → mdevctl's JSON → XML, in both forms of XML. */
static void test_round_trip(void)
{
	guint i;

	for (i = 0; i < 500; i++) {
		ApNodedevForm form = i % 2 ? AP_NODEDEV_MATRIX : AP_NODEDEV_ATTRS;
		g_autoptr(ApGuest) guest = ap_guest_new(NULL, UUID);
		g_autoptr(ApGuest) read = NULL;
		g_autoptr(ApDefinition) def = NULL;
		g_autofree char *xml = NULL;
		g_autofree char *json = NULL;
		g_autofree char *again = NULL;

		guest->matrix = random_matrix();
		xml = ap_nodedev_to_xml(guest, form);
		read = parse(xml);
		json = ap_guest_to_json(read);
		def = ap_definition_parse(UUID, json, strlen(json), NULL);
		g_assert_nonnull(def);
		read->matrix = *ap_definition_get_matrix(def);
		again = ap_nodedev_to_xml(read, form);
		g_assert_cmpstr(xml, ==, again);
	}
}

static void test_name(void)
{
	g_autofree char *name = ap_nodedev_make_name(UUID);

	g_assert_cmpstr(name, ==, "mdev_c0de0000_0000_4000_8000_00000000000a_matrix");
}

static void test_without_uuid(void)
{
	g_autoptr(ApGuest) guest = parse("<device><capability type='mdev'>"
					 "<type id='vfio_ap-passthrough'/></capability></device>");
	g_autofree char *xml = ap_nodedev_to_xml(guest, AP_NODEDEV_ATTRS);

	g_assert_null(guest->uuid);
	g_assert_null(strstr(xml, "uuid"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/nodedev/round-trip", test_round_trip);
	g_test_add_func("/nodedev/name", test_name);
	g_test_add_func("/nodedev/without-uuid", test_without_uuid);
	return g_test_run();
}
