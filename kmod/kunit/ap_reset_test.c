// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handing queues back to the host, against a host whose resets end when they are told to.
 */
#include <linux/delay.h>
#include "apm_kunit.h"
#include "../vfio_ap/ap_reset.c"

#define FOREVER_MS (3600 * 1000)
#define FOLLOWERS 200
#define WAITED_MAX 4

static unsigned long ends; /* jiffies from which all resets have ended */
static u32 answer;	   /* of TAPQ until then */
static unsigned int looks;

static u32 timed_tapq(unsigned int qid, u64 *gr2)
{
	looks++;
	return time_before(jiffies, ends) ? answer : AP_STATUS_EMPTY;
}

static const struct ap_host_ops timed = { .tapq = timed_tapq };

static int reset_init(struct kunit *test)
{
	memset(&apv, 0, sizeof(apv));
	apv.host = &timed;
	mutex_init(&apv.lock);
	apv.unbound = jiffies - HZ;
	answer = AP_STATUS(AP_RC_RESET_IN_PROGRESS);
	return 0;
}

/* Of a queue whose reset was accepted and ends in @ms. */
static bool hand_back(unsigned int ms)
{
	struct ap_vqueue q = { .qid = APM_QID(5, 4), .accepted = true };

	looks = 0;
	ends = jiffies + msecs_to_jiffies(ms);
	scoped_guard(mutex, &apv.lock)
		apv_reset_unbinding();
	return apv_reset_hand_back(&q);
}

static void a_reset_is_seen_to_end(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, hand_back(100));
	KUNIT_EXPECT_GT(test, looks, 1);
}

static void one_without_end_is_not_waited_for(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, hand_back(FOREVER_MS));
}

static void a_queue_that_is_gone_counts(struct kunit *test)
{
	answer = AP_STATUS(AP_RC_NOT_AVAILABLE);
	KUNIT_EXPECT_TRUE(test, hand_back(FOREVER_MS));
	KUNIT_EXPECT_EQ(test, 1, looks);
}

/* Only the first is waited for; or one where the machine stood still meanwhile. */
static void several_share_one_limit(struct kunit *test)
{
	int i, waited = 0;

	for (i = 0; i < FOLLOWERS && waited <= WAITED_MAX; i++) {
		KUNIT_EXPECT_FALSE(test, hand_back(FOREVER_MS));
		waited += looks > 1;
		msleep(2);
	}
	KUNIT_EXPECT_GE(test, waited, 1);
	KUNIT_EXPECT_LE(test, waited, WAITED_MAX);
}

static void a_later_one_has_its_own_limit(struct kunit *test)
{
	apv.unbound = jiffies - msecs_to_jiffies(HAND_BACK_MS / 2);
	apv.hand_back_end = apv.unbound;
	KUNIT_EXPECT_TRUE(test, hand_back(100));
}

static struct kunit_case reset_cases[] = {
	KUNIT_CASE(a_reset_is_seen_to_end),	   KUNIT_CASE(one_without_end_is_not_waited_for),
	KUNIT_CASE(a_queue_that_is_gone_counts),   KUNIT_CASE(several_share_one_limit),
	KUNIT_CASE(a_later_one_has_its_own_limit), {}
};

struct kunit_suite apm_reset_suite = {
	.name = "apm_reset",
	.init = reset_init,
	.test_cases = reset_cases,
};
