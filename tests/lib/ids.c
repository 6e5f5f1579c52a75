// SPDX-License-Identifier: LGPL-2.1-or-later
#include "apmatrix.h"
#include "random.h"

static void test_parse(void)
{
	static const struct {
		const char *text;
		unsigned int from, to;
	} good[] = {
		{ "0", 0, 0 },	      { "255", 255, 255 },  { "0x0", 0, 0 },
		{ "0xff", 255, 255 }, { "0x0047", 71, 71 }, { "5-6", 5, 6 },
		{ "5-0x10", 5, 16 },  { "9-9", 9, 9 },	    { "0-255", 0, 255 },
		{ "0xaB", 171, 171 },
	};
	static const char *const bad[] = {
		"",   " 5",  "5 ",  "05",  "00",  "256",     "0x100",
		"0x", "x5",  "-5",  "5-",  "6-5", "5--6",    "5-6-7",
		"+5", "1e1", "0X5", "5,6", "٥",	  "0x00005", "999999999999999999999",
	};
	struct ap_mask m;
	guint i;

	for (i = 0; i < G_N_ELEMENTS(good); i++) {
		m = APM_MASK_NONE;
		g_assert_true(ap_ids_parse(good[i].text, &m, NULL));
		g_assert_cmpuint(apm_mask_weight(&m), ==, good[i].to - good[i].from + 1);
		g_assert_cmpuint(apm_mask_next(&m, 0), ==, good[i].from);
	}
	for (i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;

		m = APM_MASK_NONE;
		g_assert_false(ap_ids_parse(bad[i], &m, &error));
		g_assert_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID);
		g_assert_true(apm_mask_empty(&m));
	}
}

static void test_apqn(void)
{
	static const char *const bad[] = { "",	       "5.4",	  "05.004",  "05.00471", "05:0047",
					   "0x5.0047", "05.0147", "g5.0047", "05.004g",	 "05.-047" };
	unsigned int apid, apqi;
	guint i;

	g_assert_true(ap_apqn_parse("0A.00ab", &apid, &apqi, NULL));
	g_assert_cmpuint(apid, ==, 0x0a);
	g_assert_cmpuint(apqi, ==, 0xab);
	for (i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_false(ap_apqn_parse(bad[i], &apid, &apqi, NULL));
}

static void test_round_trip(void)
{
	guint i;

	for (i = 0; i < 2000; i++) {
		struct ap_mask m = random_mask(1 + i % 100), again = APM_MASK_NONE;
		g_autofree char *text = ap_ids_to_text(&m, 2 + i % 2 * 2);

		g_assert_true(ap_ids_parse_list(text, &again, NULL));
		g_assert_true(apm_mask_equal(&m, &again));
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ids/parse", test_parse);
	g_test_add_func("/ids/apqn", test_apqn);
	g_test_add_func("/ids/round-trip", test_round_trip);
	return g_test_run();
}
