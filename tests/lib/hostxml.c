// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "apmatrix.h"
#include "random.h"

static ApHostDef *parse(const char *text)
{
	g_autoptr(GError) error = NULL;
	ApHostDef *def = ap_host_def_parse(text, strlen(text), "test", &error);

	g_assert_no_error(error);
	return def;
}

/* Guests that share no adapter; now and then one that may overlap. */
static ApHostDef *random_def(guint guests)
{
	ApHostDef *def = ap_host_def_new("test");
	guint i, apid = 0;

	for (i = 0; i < guests; i++) {
		g_autofree char *name = g_strdup_printf("guest-%u", i);
		g_autofree char *uuid = ap_guest_make_uuid(name);
		ApGuest *guest = ap_guest_new(name, uuid);

		guest->matrix = random_matrix();
		guest->overlap = g_test_rand_int_range(0, 4) == 0;
		guest->autostart = !guest->overlap && i % 2;
		if (!guest->overlap) {
			guest->matrix.apm = APM_MASK_NONE;
			apm_mask_set(&guest->matrix.apm, apid++);
		}
		ap_host_def_add(def, guest);
	}
	return def;
}

static void test_round_trip(void)
{
	guint i;

	for (i = 0; i < 50; i++) {
		g_autoptr(ApHostDef) def = random_def(i);
		g_autofree char *text = ap_host_def_to_xml(def);
		g_autoptr(ApHostDef) again = parse(text);
		g_autofree char *text_again = ap_host_def_to_xml(again);

		g_assert_cmpstr(text, ==, text_again);
	}
}

static void test_uuid(void)
{
	g_autofree char *a = ap_guest_make_uuid("web");
	g_autofree char *b = ap_guest_make_uuid("web");
	g_autofree char *c = ap_guest_make_uuid("web2");

	g_assert_true(g_uuid_string_is_valid(a));
	g_assert_cmpint(a[14], ==, '5');
	g_assert_cmpstr(a, ==, b);
	g_assert_cmpstr(a, !=, c);
}

/* Time and memory do not depend on what is not looked at. */
static void test_too_long(void)
{
	gsize len = 64 * 1024 * 1024;
	g_autofree char *text = g_malloc(len);
	g_autoptr(GError) error = NULL;

	memset(text, '<', len);
	g_assert_null(ap_host_def_parse(text, len, "test", &error));
	g_assert_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID);
}

/* Each text cut anywhere, and with any byte changed, is taken or refused, nothing else. */
static void test_damaged(void)
{
	g_autoptr(ApHostDef) def = random_def(4);
	g_autofree char *text = ap_host_def_to_xml(def);
	gsize len = strlen(text), i;

	for (i = 0; i < len; i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(ApHostDef) cut = NULL;
		g_autoptr(ApHostDef) changed = NULL;
		char old = text[i];

		cut = ap_host_def_parse(text, i, "test", &error);
		g_assert_true(!cut == !!error);
		g_clear_error(&error);
		text[i] = g_test_rand_int_range(0, 256);
		changed = ap_host_def_parse(text, len, "test", &error);
		g_assert_true(!changed == !!error);
		text[i] = old;
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hostxml/round-trip", test_round_trip);
	g_test_add_func("/hostxml/uuid", test_uuid);
	g_test_add_func("/hostxml/too-long", test_too_long);
	g_test_add_func("/hostxml/damaged", test_damaged);
	return g_test_run();
}
