// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * struct ap_mask against a plain array of 256 booleans.
 */
#include "ap_mask.h"
#include "random.h"

#define ROUNDS 2000

static void to_array(const struct ap_mask *m, bool *a)
{
	unsigned int id;

	for (id = 0; id < AP_IDS; id++)
		a[id] = (m->w[id / 64] >> (63 - id % 64)) & 1;
}

static struct ap_mask random_sparse_or_dense(void)
{
	static const unsigned int percents[] = { 0, 1, 5, 50, 95, 100 };

	return random_mask(percents[random_below(G_N_ELEMENTS(percents))]);
}

static void test_bit_order(void)
{
	struct ap_mask m = APM_MASK_NONE;

	apm_mask_set(&m, 0);
	g_assert_cmphex(m.w[0], ==, 0x8000000000000000);
	apm_mask_set(&m, 63);
	g_assert_cmphex(m.w[0], ==, 0x8000000000000001);
	apm_mask_set(&m, 64);
	g_assert_cmphex(m.w[1], ==, 0x8000000000000000);
	apm_mask_set(&m, 255);
	g_assert_cmphex(m.w[3], ==, 1);
	g_assert_cmphex(m.w[2], ==, 0);
}

static void test_set_clear_assign(void)
{
	struct ap_mask m = APM_MASK_NONE, before;
	unsigned int id;

	for (id = 0; id < AP_IDS; id++) {
		before = m;
		g_assert_false(apm_mask_test(&m, id));
		apm_mask_set(&m, id);
		apm_mask_set(&m, id);
		g_assert_true(apm_mask_test(&m, id));
		g_assert_cmpuint(apm_mask_weight(&m), ==, id + 1);
		apm_mask_clear(&m, id);
		apm_mask_clear(&m, id);
		g_assert_true(apm_mask_equal(&m, &before));
		apm_mask_assign(&m, id, true);
		g_assert_true(apm_mask_test(&m, id));
		apm_mask_assign(&m, id, false);
		g_assert_false(apm_mask_test(&m, id));
		apm_mask_assign(&m, id, true);
	}
	g_assert_true(apm_mask_equal(&m, &APM_MASK_ALL));
}

static void check_operations(const struct ap_mask *x, const struct ap_mask *y)
{
	struct ap_mask and = apm_mask_and(x, y), or = apm_mask_or(x, y);
	struct ap_mask andnot = apm_mask_andnot(x, y);
	bool a[AP_IDS], b[AP_IDS], common = false, inside = true, same = true, none = true;
	unsigned int id, weight = 0;

	to_array(x, a);
	to_array(y, b);
	for (id = 0; id < AP_IDS; id++) {
		g_assert_cmpint(apm_mask_test(x, id), ==, a[id]);
		g_assert_cmpint(apm_mask_test(&and, id), ==, a[id] && b[id]);
		g_assert_cmpint(apm_mask_test(& or, id), ==, a[id] || b[id]);
		g_assert_cmpint(apm_mask_test(&andnot, id), ==, a[id] && !b[id]);
		common |= a[id] && b[id];
		inside &= !a[id] || b[id];
		same &= a[id] == b[id];
		none &= !a[id];
		weight += a[id];
	}
	g_assert_cmpint(apm_mask_intersects(x, y), ==, common);
	g_assert_cmpint(apm_mask_subset(x, y), ==, inside);
	g_assert_cmpint(apm_mask_equal(x, y), ==, same);
	g_assert_cmpint(apm_mask_empty(x), ==, none);
	g_assert_cmpuint(apm_mask_weight(x), ==, weight);
}

static void test_operations(void)
{
	struct ap_mask x, y;
	int i;

	random_init();
	for (i = 0; i < ROUNDS; i++) {
		x = random_sparse_or_dense();
		y = random_sparse_or_dense();
		check_operations(&x, &y);
		check_operations(&x, &x);
		y = x;
		apm_mask_assign(&y, i % AP_IDS, !apm_mask_test(&x, i % AP_IDS));
		check_operations(&x, &y);
		check_operations(&y, &x);
	}
}

static void test_next(void)
{
	struct ap_mask m;
	unsigned int from, want;
	bool a[AP_IDS];
	int i;

	random_init();
	for (i = 0; i < 200; i++) {
		m = random_sparse_or_dense();
		to_array(&m, a);
		for (from = 0; from <= AP_IDS; from++) {
			for (want = from; want < AP_IDS && !a[want]; want++)
				;
			g_assert_cmpuint(apm_mask_next(&m, from), ==, want);
		}
	}
}

static void test_for_each(void)
{
	struct ap_mask m, seen;
	unsigned int id, last;
	int i;

	random_init();
	for (i = 0; i < ROUNDS; i++) {
		m = random_sparse_or_dense();
		seen = APM_MASK_NONE;
		last = 0;
		apm_mask_for_each(id, &m) {
			g_assert_cmpuint(id, >=, last);
			g_assert_false(apm_mask_test(&seen, id));
			apm_mask_set(&seen, id);
			last = id;
		}
		g_assert_true(apm_mask_equal(&m, &seen));
	}
}

static void test_upto(void)
{
	unsigned int max, id;
	struct ap_mask m;

	for (max = 0; max <= AP_ID_MAX; max++) {
		m = apm_mask_upto(max);
		for (id = 0; id < AP_IDS; id++)
			g_assert_cmpint(apm_mask_test(&m, id), ==, id <= max);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mask/bit-order", test_bit_order);
	g_test_add_func("/mask/set-clear-assign", test_set_clear_assign);
	g_test_add_func("/mask/operations", test_operations);
	g_test_add_func("/mask/next", test_next);
	g_test_add_func("/mask/for-each", test_for_each);
	g_test_add_func("/mask/upto", test_upto);
	return g_test_run();
}
