// SPDX-License-Identifier: LGPL-2.1-or-later
#include "order.h"

#include "random.h"

#define MOVES 12

/* Matrices that share no queue: each takes what is still free of a random one. */
static void disjoint(struct ap_matrix *m, guint n)
{
	guint i, j;

	for (i = 0; i < n; i++) {
		m[i] = (struct ap_matrix){ .apm = random_mask(4), .aqm = random_mask(4) };
		for (j = 0; j < i; j++)
			if (apm_matrix_conflict(&m[i], &m[j], NULL))
				m[i].apm = apm_mask_andnot(&m[i].apm, &m[j].apm);
	}
}

static void check_steps(const ApMove *moves, struct ap_matrix *now, guint n, const GArray *steps)
{
	guint i, j, changed = 0;

	for (i = 0; i < steps->len; i++) {
		const ApOrderStep *step = &g_array_index(steps, ApOrderStep, i);

		now[step->index] = step->matrix;
		for (j = 0; j < n; j++)
			g_assert_true(j == step->index ||
				      !apm_matrix_conflict(&now[j], &step->matrix, NULL));
	}
	for (i = 0; i < n; i++) {
		g_assert_true(apm_matrix_equal(&now[i], &moves[i].to));
		changed += !apm_matrix_equal(&moves[i].from, &moves[i].to);
	}
	g_assert_cmpuint(steps->len, <=, 2 * changed);
}

static void test_random(void)
{
	struct ap_matrix from[MOVES], to[MOVES];
	ApMove moves[MOVES];
	guint round, i;

	for (round = 0; round < 3000; round++) {
		g_autoptr(GArray) steps = NULL;
		guint n = 1 + round % MOVES;

		disjoint(from, n);
		disjoint(to, n);
		for (i = 0; i < n; i++) {
			moves[i].from = from[i];
			moves[i].to = round % 3 ? to[i] : from[(i + 1) % n];
		}
		steps = ap_order(moves, n);
		check_steps(moves, from, n, steps);
	}
}

/* A chain costs one step each, whatever its direction. */
static void test_chain(void)
{
	ApMove moves[200] = { 0 };
	g_autoptr(GArray) steps = NULL;
	guint i;

	for (i = 0; i < G_N_ELEMENTS(moves); i++) {
		apm_mask_set(&moves[i].from.apm, i);
		apm_mask_set(&moves[i].to.apm, i + 1);
		apm_mask_set(&moves[i].from.aqm, 4);
		apm_mask_set(&moves[i].to.aqm, 4);
	}
	steps = ap_order(moves, G_N_ELEMENTS(moves));
	g_assert_cmpuint(steps->len, ==, G_N_ELEMENTS(moves));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/order/random", test_random);
	g_test_add_func("/order/chain", test_chain);
	return g_test_run();
}
