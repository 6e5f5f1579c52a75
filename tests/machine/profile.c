// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <glib.h>
#include "ap_machine.h"
#include "ap_profile.h"

static void assert_set(const struct ap_mask *set, const char *ids)
{
	g_autoptr(GString) s = g_string_new(NULL);
	unsigned int id;

	apm_mask_for_each(id, set)
		g_string_append_printf(s, "%s%u", s->len ? " " : "", id);
	g_assert_cmpstr(s->str, ==, ids);
}

static void test_list(void)
{
	struct ap_mask set = APM_MASK_NONE;

	g_assert_cmpint(ap_profile_list("4,0x47,6-8\n", 255, &set), ==, 0);
	assert_set(&set, "4 6 7 8 71");
	g_assert_cmpint(ap_profile_list("", 255, &set), ==, 0);
	assert_set(&set, "");
	g_assert_cmpint(ap_profile_list("\n", 255, &set), ==, 0);
	g_assert_cmpint(ap_profile_list(" 0-255", 255, &set), ==, 0);
	g_assert_cmpuint(apm_mask_weight(&set), ==, 256);
}

static void test_list_bad(void)
{
	static const char *const bad[] = {
		",",
		"4,",
		"4,,5",
		",4",
		"x",
		"4-",
		"-4",
		"5-4",
		"4-5-6",
		"256",
		"4 5",
		"4\n\n",
		"4,\n",
		"00000000000000000000000004",
		"1-00000000000000000000000004",
		"4\n5",
	};
	struct ap_mask set = APM_MASK_ALL;
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_cmpint(ap_profile_list(bad[i], 255, &set), ==, -EINVAL);
	g_assert_cmpint(ap_profile_list("5", 4, &set), ==, -EINVAL);
	g_assert_cmpuint(apm_mask_weight(&set), ==, 256);
}

static void test_domains(void)
{
	struct ap_mask set = APM_MASK_NONE;

	g_assert_cmpint(ap_profile_domains("1,2", 31, &set), ==, 0);
	g_assert_cmpint(ap_profile_domains("+5,-1\n", 31, &set), ==, 0);
	assert_set(&set, "2 5");
	g_assert_cmpint(
		ap_profile_domains(
			"0x8000000000000000000000000000000000000000000000000000000000000000\n", 31,
			&set),
		==, 0);
	assert_set(&set, "0");
	g_assert_cmpint(ap_profile_domains("+32", 31, &set), ==, -ENODEV);
	g_assert_cmpint(ap_profile_domains("32", 31, &set), ==, -ENODEV);
	g_assert_cmpint(ap_profile_domains("+x", 31, &set), ==, -EINVAL);
	assert_set(&set, "0");
}

static void test_words(void)
{
	struct ap_card_spec spec;
	enum ap_mode mode;
	__u8 type;

	g_assert_cmpint(ap_profile_type("CEX4", &type), ==, 0);
	g_assert_cmpuint(type, ==, 10);
	g_assert_cmpint(ap_profile_type("CEX8\n", &type), ==, 0);
	g_assert_cmpuint(type, ==, 14);
	g_assert_cmpint(ap_profile_type("CEX3", &type), ==, 0);
	g_assert_cmpuint(type, ==, 9);
	g_assert_cmpint(ap_profile_type("CEX2", &type), ==, -EINVAL);
	g_assert_cmpint(ap_profile_type("CEX9", &type), ==, -EINVAL);
	g_assert_cmpint(ap_profile_type("CEX8C", &type), ==, -EINVAL);
	g_assert_cmpint(ap_profile_mode("ep11\n", &mode), ==, 0);
	g_assert_cmpint(mode, ==, AP_MODE_EP11);
	g_assert_cmpstr(ap_profile_mode_name(mode), ==, "ep11");
	g_assert_cmpint(ap_profile_mode("ep1", &mode), ==, -EINVAL);
	g_assert_cmpint(ap_profile_mode("", &mode), ==, -EINVAL);
	g_assert_cmpint(ap_profile_model("CEX6A", &spec), ==, 0);
	g_assert_cmpuint(spec.type, ==, 12);
	g_assert_cmpint(spec.mode, ==, AP_MODE_ACCEL);
	g_assert_cmpint(ap_profile_model("CEX6X", &spec), ==, -EINVAL);
	g_assert_cmpint(ap_profile_model("CEX6", &spec), ==, -EINVAL);
	g_assert_cmpint(ap_profile_model("CEX3A", &spec), ==, 0);
	g_assert_cmpint(ap_profile_model("CEX4P", &spec), ==, 0);
	g_assert_cmpint(ap_profile_model("CEX3P", &spec), ==, -EINVAL);
}

static void test_fits(void)
{
	struct ap_profile p = { .max = { 5, 5, 6 } };

	g_assert_true(ap_profile_fits(&p));
	apm_mask_set(&p.config.adm, 6);
	g_assert_true(ap_profile_fits(&p));
	apm_mask_set(&p.config.aqm, 6);
	g_assert_false(ap_profile_fits(&p));
	apm_mask_clear(&p.config.aqm, 6);
	p.card[5] = (struct ap_card_spec){ .type = AP_TYPE_CEX3C, .mode = AP_MODE_EP11 };
	g_assert_true(ap_profile_fits(&p));
	apm_mask_set(&p.config.apm, 5);
	g_assert_false(ap_profile_fits(&p));
	p.card[5].mode = AP_MODE_ACCEL;
	g_assert_true(ap_profile_fits(&p));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/profile/list", test_list);
	g_test_add_func("/profile/list-bad", test_list_bad);
	g_test_add_func("/profile/domains", test_domains);
	g_test_add_func("/profile/words", test_words);
	g_test_add_func("/profile/fits", test_fits);
	return g_test_run();
}
