// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ap_matrix.h"
#include "random.h"

#define ROUNDS 300

static struct ap_matrix some_matrix(void)
{
	static const unsigned int percents[] = { 0, 2, 10, 60, 100 };
	struct ap_matrix m = random_matrix(percents[random_below(G_N_ELEMENTS(percents))]);

	if (!random_below(6))
		m.apm = APM_MASK_NONE;
	if (!random_below(6))
		m.aqm = APM_MASK_NONE;
	return m;
}

static void test_has_and_count(void)
{
	unsigned int apid, apqi, n;
	struct ap_matrix m;
	int i;

	random_init();
	for (i = 0; i < ROUNDS; i++) {
		m = some_matrix();
		n = 0;
		for (apid = 0; apid < AP_IDS; apid++)
			for (apqi = 0; apqi < AP_IDS; apqi++)
				n += apm_matrix_has(&m, apid, apqi);
		g_assert_cmpuint(apm_matrix_queues(&m), ==, n);
	}
}

static void test_count_of_all(void)
{
	struct ap_matrix m = { APM_MASK_ALL, APM_MASK_ALL, APM_MASK_NONE };

	g_assert_cmpuint(apm_matrix_queues(&m), ==, 65536);
	m.apm = APM_MASK_NONE;
	g_assert_cmpuint(apm_matrix_queues(&m), ==, 0);
}

static void test_equal(void)
{
	struct ap_matrix a, b;
	unsigned int id;

	random_init();
	a = random_matrix(30);
	for (id = 0; id < AP_IDS; id++) {
		b = a;
		g_assert_true(apm_matrix_equal(&a, &b));
		apm_mask_assign(&b.apm, id, !apm_mask_test(&a.apm, id));
		g_assert_false(apm_matrix_equal(&a, &b));
		b = a;
		apm_mask_assign(&b.aqm, id, !apm_mask_test(&a.aqm, id));
		g_assert_false(apm_matrix_equal(&a, &b));
		b = a;
		apm_mask_assign(&b.adm, id, !apm_mask_test(&a.adm, id));
		g_assert_false(apm_matrix_equal(&a, &b));
	}
}

static void check_conflict(const struct ap_matrix *a, const struct ap_matrix *b)
{
	struct ap_matrix shared = random_matrix(50);
	unsigned int apid, apqi, both = 0;
	bool hit = apm_matrix_conflict(a, b, &shared);

	for (apid = 0; apid < AP_IDS; apid++) {
		for (apqi = 0; apqi < AP_IDS; apqi++) {
			bool in = apm_matrix_has(a, apid, apqi) && apm_matrix_has(b, apid, apqi);

			g_assert_cmpint(apm_matrix_has(&shared, apid, apqi), ==, in);
			both += in;
		}
	}
	g_assert_cmpint(hit, ==, both > 0);
	g_assert_cmpint(apm_matrix_conflict(a, b, NULL), ==, hit);
	g_assert_cmpuint(apm_matrix_queues(&shared), ==, both);
	g_assert_true(apm_mask_empty(&shared.adm));
	if (!hit)
		g_assert_true(apm_mask_empty(&shared.apm) && apm_mask_empty(&shared.aqm));
}

static void test_conflict(void)
{
	struct ap_matrix a, b;
	int i;

	random_init();
	for (i = 0; i < ROUNDS; i++) {
		a = some_matrix();
		b = some_matrix();
		check_conflict(&a, &b);
	}
}

static void test_and(void)
{
	struct ap_matrix a, b, c;
	unsigned int id;

	random_init();
	a = random_matrix(40);
	b = random_matrix(40);
	c = apm_matrix_and(&a, &b);
	for (id = 0; id < AP_IDS; id++) {
		g_assert_cmpint(apm_mask_test(&c.apm, id), ==,
				apm_mask_test(&a.apm, id) && apm_mask_test(&b.apm, id));
		g_assert_cmpint(apm_mask_test(&c.aqm, id), ==,
				apm_mask_test(&a.aqm, id) && apm_mask_test(&b.aqm, id));
		g_assert_cmpint(apm_mask_test(&c.adm, id), ==,
				apm_mask_test(&a.adm, id) && apm_mask_test(&b.adm, id));
	}
}

static void check_left(const struct ap_matrix *from, const struct ap_matrix *to)
{
	struct ap_mask left, had;
	unsigned int apid, apqi;

	for (apid = 0; apid < AP_IDS; apid++) {
		left = apm_matrix_left(from, to, apid);
		had = apm_matrix_domains_of(from, apid);
		for (apqi = 0; apqi < AP_IDS; apqi++) {
			bool in = apm_matrix_has(from, apid, apqi);

			g_assert_cmpint(apm_mask_test(&had, apqi), ==, in);
			g_assert_cmpint(apm_mask_test(&left, apqi), ==,
					in && !apm_matrix_has(to, apid, apqi));
		}
	}
}

static void test_left(void)
{
	struct ap_matrix a, b;
	int i;

	random_init();
	for (i = 0; i < ROUNDS; i++) {
		a = some_matrix();
		b = some_matrix();
		check_left(&a, &b);
		check_left(&a, &a);
	}
}

static void test_above(void)
{
	unsigned int id, max;
	struct ap_mask m;

	for (id = 0; id < AP_IDS; id++) {
		m = APM_MASK_NONE;
		apm_mask_set(&m, id);
		for (max = 0; max < AP_IDS; max++)
			g_assert_cmpint(apm_mask_above(&m, max), ==, id > max);
	}
	for (max = 0; max < AP_IDS; max++)
		g_assert_false(apm_mask_above(&APM_MASK_NONE, max));
}

static void test_overflow(void)
{
	struct ap_limits max = { .apm_max = 15, .aqm_max = 84, .adm_max = 200 };
	struct ap_matrix m = {
		.apm = apm_mask_upto(15),
		.aqm = apm_mask_upto(84),
		.adm = apm_mask_upto(200),
	};

	g_assert_false(apm_matrix_overflow(&m, &max));
	max.apm_max--;
	g_assert_true(apm_matrix_overflow(&m, &max));
	max.apm_max++;
	max.aqm_max--;
	g_assert_true(apm_matrix_overflow(&m, &max));
	max.aqm_max++;
	max.adm_max--;
	g_assert_true(apm_matrix_overflow(&m, &max));
	m = (struct ap_matrix){ APM_MASK_ALL, APM_MASK_ALL, APM_MASK_ALL };
	max = (struct ap_limits){ AP_ID_MAX, AP_ID_MAX, AP_ID_MAX };
	g_assert_false(apm_matrix_overflow(&m, &max));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/matrix/has-and-count", test_has_and_count);
	g_test_add_func("/matrix/count-of-all", test_count_of_all);
	g_test_add_func("/matrix/equal", test_equal);
	g_test_add_func("/matrix/conflict", test_conflict);
	g_test_add_func("/matrix/and", test_and);
	g_test_add_func("/matrix/left", test_left);
	g_test_add_func("/matrix/above", test_above);
	g_test_add_func("/matrix/overflow", test_overflow);
	return g_test_run();
}
