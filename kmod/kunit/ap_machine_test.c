// SPDX-License-Identifier: GPL-2.0-only
/*
 * The simulated machine: resets take their time, and a commit tells of what a guest must not
 * have. It has no clock: the tests say what time it is.
 */
#include <linux/mm.h>
#include "apm_kunit.h"
#include "../ap_sim/ap_machine.c"

struct fixture {
	struct ap_machine machine;
	struct ap_machine_adapter adapter[2];
};

/* Adapters 0 and 255, domains 0 and 255. */
static int machine_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	ap_machine_init(&f->machine);
	f->adapter[0] = (struct ap_machine_adapter){ .type = AP_TYPE_CEX8, .depth = 8 };
	f->adapter[1] = f->adapter[0];
	ap_machine_plug(&f->machine, 0, &f->adapter[0]);
	ap_machine_plug(&f->machine, 255, &f->adapter[1]);
	apm_mask_set(&f->machine.config.aqm, 0);
	apm_mask_set(&f->machine.config.aqm, 255);
	test->priv = f;
	return 0;
}

static void clean(struct ap_machine *m, unsigned int apid, unsigned int apqi)
{
	ap_machine_zapq(m, apid, apqi, 1);
	ap_machine_tapq(m, apid, apqi, 1 + m->reset_ns, NULL);
}

static struct ap_matrix one(unsigned int apid, unsigned int apqi)
{
	struct ap_matrix m = { .apm = APM_MASK_NONE };

	apm_mask_set(&m.apm, apid);
	apm_mask_set(&m.aqm, apqi);
	return m;
}

static void a_reset_takes_its_time(struct kunit *test)
{
	struct ap_machine *m = &((struct fixture *)test->priv)->machine;
	u64 end = 1 + m->reset_ns;

	KUNIT_EXPECT_EQ(test, AP_RC_NORMAL, AP_STATUS_RC(ap_machine_zapq(m, 255, 255, 1)));
	KUNIT_EXPECT_EQ(test, AP_RC_RESET_IN_PROGRESS,
			AP_STATUS_RC(ap_machine_tapq(m, 255, 255, end - 1, NULL)));
	KUNIT_EXPECT_EQ(test, AP_RC_RESET_IN_PROGRESS,
			AP_STATUS_RC(ap_machine_zapq(m, 255, 255, end - 1)));
	KUNIT_EXPECT_TRUE(test, apm_mask_test(&m->dirty[255], 255));
	KUNIT_EXPECT_EQ(test, AP_STATUS_EMPTY, ap_machine_tapq(m, 255, 255, end, NULL));
	KUNIT_EXPECT_FALSE(test, apm_mask_test(&m->dirty[255], 255));
	KUNIT_EXPECT_TRUE(test, apm_mask_test(&m->dirty[255], 0));
}

static void what_is_absent_answers_so(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct ap_machine *m = &f->machine;

	KUNIT_EXPECT_EQ(test, AP_RC_NOT_AVAILABLE, AP_STATUS_RC(ap_machine_zapq(m, 1, 0, 1)));
	KUNIT_EXPECT_EQ(test, AP_RC_NOT_AVAILABLE, AP_STATUS_RC(ap_machine_zapq(m, 0, 1, 1)));
	f->adapter[0].checkstopped = true;
	KUNIT_EXPECT_EQ(test, AP_RC_CHECKSTOPPED, AP_STATUS_RC(ap_machine_zapq(m, 0, 0, 1)));
	ap_machine_configure(m, 0, false);
	KUNIT_EXPECT_EQ(test, AP_RC_DECONFIGURED, AP_STATUS_RC(ap_machine_zapq(m, 0, 0, 1)));
}

static void a_commit_tells_of_unreset_queues(struct kunit *test)
{
	struct ap_machine *m = &((struct fixture *)test->priv)->machine;
	struct ap_matrix none = { .apm = APM_MASK_NONE }, q = one(255, 255);
	struct ap_breach b = ap_machine_commit(m, &none, &q);

	KUNIT_EXPECT_EQ(test, 1, b.count);
	KUNIT_EXPECT_EQ(test, 255, b.apid);
	KUNIT_EXPECT_EQ(test, 255, b.apqi);
	KUNIT_EXPECT_FALSE(test, b.shared);
	ap_machine_commit(m, &q, &none);
	clean(m, 255, 255);
	b = ap_machine_commit(m, &none, &q);
	KUNIT_EXPECT_EQ(test, 0, b.count);
}

static void a_commit_tells_of_shared_queues(struct kunit *test)
{
	struct ap_machine *m = &((struct fixture *)test->priv)->machine;
	struct ap_matrix none = { .apm = APM_MASK_NONE }, q = one(0, 255);
	struct ap_breach b;

	clean(m, 0, 255);
	ap_machine_commit(m, &none, &q);
	b = ap_machine_commit(m, &none, &q);
	KUNIT_EXPECT_TRUE(test, b.count);
	KUNIT_EXPECT_TRUE(test, b.shared);
}

static struct kunit_case machine_cases[] = { KUNIT_CASE(a_reset_takes_its_time),
					     KUNIT_CASE(what_is_absent_answers_so),
					     KUNIT_CASE(a_commit_tells_of_unreset_queues),
					     KUNIT_CASE(a_commit_tells_of_shared_queues),
					     {} };

struct kunit_suite apm_machine_suite = {
	.name = "apm_machine",
	.init = machine_init,
	.test_cases = machine_cases,
};
