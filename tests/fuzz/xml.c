// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Any bytes as XML: taken or refused with a message; what is taken is written in a form that
 * is read as the same again.
 */
#include "fuzz.h"

#include <string.h>

#include "apmatrix.h"

static void check_host(const char *text, gsize len)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ApHostDef) def = ap_host_def_parse(text, len, "fuzz", &error);
	g_autoptr(ApHostDef) again = NULL;
	g_autofree char *xml = NULL;
	g_autofree char *xml_again = NULL;

	g_assert_true(!def == !!error);
	if (!def)
		return;
	xml = ap_host_def_to_xml(def);
	again = ap_host_def_parse(xml, strlen(xml), "again", &error);
	g_assert_no_error(error);
	xml_again = ap_host_def_to_xml(again);
	g_assert_cmpstr(xml, ==, xml_again);
}

static void check_device(const char *text, gsize len)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ApGuest) guest = ap_nodedev_parse(text, len, "fuzz", &error);
	g_autoptr(ApGuest) again = NULL;
	g_autofree char *xml = NULL;

	g_assert_true(!guest == !!error);
	if (!guest)
		return;
	xml = ap_nodedev_to_xml(guest, len % 2 ? AP_NODEDEV_ATTRS : AP_NODEDEV_MATRIX);
	again = ap_nodedev_parse(xml, strlen(xml), "again", &error);
	g_assert_no_error(error);
	g_assert_true(apm_matrix_equal(&guest->matrix, &again->matrix));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_malloc(size + 1);

	memcpy(text, data, size);
	text[size] = 0;

	check_host(text, size);
	check_device(text, size);
	return 0;
}
