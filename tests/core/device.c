// SPDX-License-Identifier: LGPL-2.1-or-later
#include <glib.h>
#include "ap_device.h"

static struct ap_queues queues;
static struct ap_matrix host;
static struct ap_device device;

static struct ap_mask ids(int first, int count)
{
	struct ap_mask m = APM_MASK_NONE;

	while (count--)
		apm_mask_set(&m, first + count);
	return m;
}

/* A host of 16 × 16 whose queues are all bound and clean, and an empty device. */
static void setup(void)
{
	unsigned int apid;

	memset(&queues, 0, sizeof(queues));
	memset(&device, 0, sizeof(device));
	host = (struct ap_matrix){ ids(0, 16), ids(0, 16), ids(0, 16) };
	for (apid = 0; apid < 16; apid++)
		queues.bound[apid] = queues.clean[apid] = ids(0, 16);
}

static void reset_begins(unsigned int apid, unsigned int apqi)
{
	apm_mask_clear(&queues.clean[apid], apqi);
	apm_mask_set(&queues.resetting[apid], apqi);
}

static void reset_ends(unsigned int apid, unsigned int apqi)
{
	apm_mask_set(&queues.clean[apid], apqi);
	apm_mask_clear(&queues.resetting[apid], apqi);
}

static void step(void)
{
	device.shadow = apm_device_next(&device, &host, &queues);
}

/* All of it is new. */
static void assign(struct ap_mask apm, struct ap_mask aqm, struct ap_mask adm)
{
	device.assigned = device.newcomers = (struct ap_matrix){ apm, aqm, adm };
}

static void test_gain_waits_together(void)
{
	setup();
	assign(ids(1, 2), ids(1, 2), ids(3, 1));
	reset_begins(2, 1);
	step();
	g_assert_true(device.waiting);
	g_assert_true(device.pending);
	g_assert_true(apm_mask_empty(&device.shadow.apm));
	g_assert_true(apm_mask_empty(&device.shadow.adm));
	device.newcomers = APM_MATRIX_NONE;
	step();
	g_assert_true(device.waiting);
	g_assert_false(device.pending);
	g_assert_true(apm_mask_test(&device.shadow.adm, 3));
	g_assert_true(apm_matrix_has(&device.shadow, 1, 1));
	g_assert_false(apm_mask_test(&device.shadow.apm, 2));
}

/* What is not new goes ahead of what is, and what is new does not wait for it. */
static void test_only_newcomers_wait(void)
{
	setup();
	device.assigned = (struct ap_matrix){ ids(1, 3), ids(1, 1), ids(5, 2) };
	device.newcomers = (struct ap_matrix){ ids(3, 1), APM_MASK_NONE, ids(5, 1) };
	reset_begins(3, 1);
	reset_begins(2, 1);
	step();
	g_assert_true(device.pending);
	g_assert_true(apm_matrix_has(&device.shadow, 1, 1));
	g_assert_false(apm_mask_test(&device.shadow.apm, 2));
	g_assert_false(apm_mask_test(&device.shadow.apm, 3));
	g_assert_false(apm_mask_test(&device.shadow.adm, 5));
	g_assert_true(apm_mask_test(&device.shadow.adm, 6));
	reset_ends(2, 1);
	step();
	g_assert_true(device.pending);
	g_assert_true(apm_matrix_has(&device.shadow, 2, 1));
	reset_begins(4, 1);
	apm_mask_set(&device.assigned.apm, 4);
	reset_ends(3, 1);
	step();
	g_assert_true(device.waiting);
	g_assert_false(device.pending);
	g_assert_true(apm_matrix_has(&device.shadow, 3, 1));
	g_assert_true(apm_mask_test(&device.shadow.adm, 5));
	g_assert_false(apm_mask_test(&device.shadow.apm, 4));
}

/* An adapter of an earlier change hangs, all of it: a later domain does not wait for its queue there. */
static void test_what_cannot_come_is_not_waited_for(void)
{
	setup();
	assign(ids(5, 1), ids(4, 1), APM_MASK_NONE);
	step();
	device.assigned = (struct ap_matrix){ ids(5, 1), ids(4, 1), APM_MASK_NONE };
	apm_mask_set(&device.assigned.apm, 9);
	reset_begins(9, 4);
	reset_begins(9, 7);
	device.newcomers = APM_MATRIX_NONE;
	step();
	g_assert_true(device.waiting);
	apm_mask_set(&device.assigned.aqm, 7);
	device.newcomers.aqm = ids(7, 1);
	step();
	g_assert_true(device.waiting);
	g_assert_false(device.pending);
	g_assert_true(apm_matrix_has(&device.shadow, 5, 7));
	g_assert_false(apm_mask_test(&device.shadow.apm, 9));
	/* A domain of an earlier change hangs: a later adapter does not wait for its queue there. */
	apm_mask_set(&device.assigned.aqm, 8);
	reset_begins(5, 8);
	reset_begins(6, 8);
	apm_mask_set(&device.assigned.apm, 6);
	device.newcomers = (struct ap_matrix){ ids(6, 1), APM_MASK_NONE, APM_MASK_NONE };
	step();
	g_assert_false(device.pending);
	g_assert_true(apm_matrix_has(&device.shadow, 6, 7));
	g_assert_false(apm_mask_test(&device.shadow.aqm, 8));
}

static void test_losses_go_ahead(void)
{
	setup();
	assign(ids(1, 2), ids(1, 1), APM_MASK_NONE);
	step();
	g_assert_false(device.waiting);
	g_assert_cmpuint(apm_matrix_queues(&device.shadow), ==, 2);
	assign(ids(2, 2), ids(1, 1), APM_MASK_NONE);
	reset_begins(3, 1);
	step();
	g_assert_true(device.pending);
	g_assert_false(apm_mask_test(&device.shadow.apm, 1));
	g_assert_true(apm_matrix_has(&device.shadow, 2, 1));
	g_assert_false(apm_mask_test(&device.shadow.apm, 3));
}

static void test_given_up_is_not_waited_for(void)
{
	setup();
	assign(ids(1, 2), ids(1, 1), APM_MASK_NONE);
	apm_mask_clear(&queues.clean[2], 1);
	step();
	g_assert_false(device.waiting);
	g_assert_false(device.pending);
	g_assert_true(apm_matrix_has(&device.shadow, 1, 1));
	g_assert_false(apm_mask_test(&device.shadow.apm, 2));
}

static void test_own_reset_changes_nothing(void)
{
	setup();
	assign(ids(1, 2), ids(1, 2), APM_MASK_NONE);
	step();
	reset_begins(1, 1);
	step();
	g_assert_false(device.waiting);
	g_assert_false(device.pending);
	g_assert_cmpuint(apm_matrix_queues(&device.shadow), ==, 4);
}

static void test_claims(void)
{
	struct ap_matrix a = { ids(1, 4), ids(1, 4), APM_MASK_NONE };
	struct ap_matrix b = { ids(4, 4), ids(4, 4), APM_MASK_NONE };
	struct ap_matrix c = { ids(5, 4), ids(1, 3), APM_MASK_NONE };
	struct ap_claims claims = { 0 }, before;
	unsigned int apid = 0, apqi = 0;

	g_assert_true(apm_claims_add(&claims, &a, &apid, &apqi));
	before = claims;
	g_assert_false(apm_claims_add(&claims, &b, &apid, &apqi));
	g_assert_cmpuint(apid, ==, 4);
	g_assert_cmpuint(apqi, ==, 4);
	g_assert_cmpmem(&before, sizeof(before), &claims, sizeof(claims));
	g_assert_true(apm_claims_add(&claims, &c, &apid, &apqi));
	g_assert_false(apm_claims_add(&claims, &c, &apid, &apqi));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/device/gain-waits-together", test_gain_waits_together);
	g_test_add_func("/device/only-newcomers-wait", test_only_newcomers_wait);
	g_test_add_func("/device/what-cannot-come-is-not-waited-for",
			test_what_cannot_come_is_not_waited_for);
	g_test_add_func("/device/losses-go-ahead", test_losses_go_ahead);
	g_test_add_func("/device/given-up-is-not-waited-for", test_given_up_is_not_waited_for);
	g_test_add_func("/device/own-reset-changes-nothing", test_own_reset_changes_nothing);
	g_test_add_func("/device/claims", test_claims);
	return g_test_run();
}
