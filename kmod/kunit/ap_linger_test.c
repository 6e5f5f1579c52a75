// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lingering, against masks of resetting queues that the test sets.
 */
#include <linux/delay.h>
#include "apm_kunit.h"
#include "../vfio_ap/ap_linger.c"

static struct ap_mdev mdev;
static struct ap_matrix none, one, two; /* no queue, 00.0000, and 00.0001 too */

/* The reset of 00.0001 ends in a while. */
static void end_fn(struct work_struct *work)
{
	guard(mutex)(&apv.lock);
	apm_mask_clear(&apv.queues.resetting[0], 1);
	apv_linger_look(&mdev);
}

static DECLARE_DELAYED_WORK(end_work, end_fn);

static int linger_init(struct kunit *test)
{
	memset(&apv, 0, sizeof(apv));
	memset(&mdev, 0, sizeof(mdev));
	mutex_init(&apv.lock);
	init_waitqueue_head(&apv.settled);
	INIT_LIST_HEAD(&mdev.lingerers);
	none = one = APM_MATRIX_NONE;
	apm_mask_set(&one.apm, 0);
	apm_mask_set(&one.aqm, 0);
	two = one;
	apm_mask_set(&two.aqm, 1);
	apm_mask_set(&apv.queues.clean[0], 0);
	apm_mask_set(&apv.queues.resetting[0], 1);
	/* It has both domains, and waits for the adapter. */
	mdev.state.filtered.unclean_apm = two.apm;
	mdev.state.filtered.shadow.aqm = two.aqm;
	return 0;
}

/* How long a change from @from to @to lingers, at most @ms; at its end nobody is on the list. */
static unsigned int lingers(struct kunit *test, const struct ap_matrix *from,
			    const struct ap_matrix *to, unsigned int ms)
{
	unsigned long start = jiffies;
	struct ap_linger l;

	scoped_guard(mutex, &apv.lock)
		apv_linger_begin(&l, &mdev, from, to);
	apv_linger(&l, start + msecs_to_jiffies(ms));
	guard(mutex)(&apv.lock);
	KUNIT_EXPECT_TRUE(test, list_empty(&mdev.lingerers));
	return jiffies_to_msecs(jiffies - start);
}

static void it_is_bounded(struct kunit *test)
{
	KUNIT_EXPECT_GE(test, lingers(test, &one, &two, 50), 50);
}

static void it_ends_with_the_last_reset(struct kunit *test)
{
	schedule_delayed_work(&end_work, msecs_to_jiffies(100));
	KUNIT_EXPECT_LT(test, lingers(test, &none, &two, 60000), 30000);
	flush_delayed_work(&end_work);
}

static void others_resets_are_nothing_to_wait_for(struct kunit *test)
{
	KUNIT_EXPECT_LT(test, lingers(test, &two, &two, 60000), 30000);
	KUNIT_EXPECT_LT(test, lingers(test, &two, &one, 60000), 30000);
	mdev.state.filtered.shadow.aqm = one.aqm;
	KUNIT_EXPECT_LT(test, lingers(test, &none, &one, 60000), 30000);
}

static void nor_is_what_brings_nothing(struct kunit *test)
{
	/* The adapter does not come, for want of an older queue. */
	apm_mask_clear(&apv.queues.clean[0], 0);
	apm_mask_set(&apv.queues.resetting[0], 0);
	KUNIT_EXPECT_LT(test, lingers(test, &one, &two, 60000), 30000);
	KUNIT_EXPECT_GE(test, lingers(test, &none, &two, 50), 50);
	/* Nothing is withheld. */
	mdev.state.filtered.unclean_apm = none.apm;
	KUNIT_EXPECT_LT(test, lingers(test, &none, &two, 60000), 30000);
}

/* Each sees the end of his own: one brought domain 0, the other domain 1. */
static void several_at_once(struct kunit *test)
{
	struct ap_matrix other = two;
	struct ap_linger a, b;

	apm_mask_clear(&other.aqm, 0);
	apm_mask_set(&apv.queues.resetting[0], 0);
	mdev.state.filtered.unclean_apm = none.apm;
	mdev.state.filtered.shadow = (struct ap_matrix){ .apm = two.apm };
	mdev.state.filtered.unclean_aqm = two.aqm;
	guard(mutex)(&apv.lock);
	apv_linger_begin(&a, &mdev, &other, &two);
	apv_linger_begin(&b, &mdev, &one, &two);
	KUNIT_EXPECT_FALSE(test, a.over || b.over);
	apm_mask_clear(&apv.queues.resetting[0], 0);
	apv_linger_look(&mdev);
	KUNIT_EXPECT_TRUE(test, a.over);
	KUNIT_EXPECT_FALSE(test, b.over);
	KUNIT_EXPECT_TRUE(test, list_is_singular(&mdev.lingerers));
	apm_mask_clear(&apv.queues.resetting[0], 1);
	apv_linger_look(&mdev);
	KUNIT_EXPECT_TRUE(test, b.over);
	KUNIT_EXPECT_TRUE(test, list_empty(&mdev.lingerers));
}

static struct kunit_case linger_cases[] = { KUNIT_CASE(it_is_bounded),
					    KUNIT_CASE(it_ends_with_the_last_reset),
					    KUNIT_CASE(others_resets_are_nothing_to_wait_for),
					    KUNIT_CASE(nor_is_what_brings_nothing),
					    KUNIT_CASE(several_at_once),
					    {} };

struct kunit_suite apm_linger_suite = {
	.name = "apm_linger",
	.init = linger_init,
	.test_cases = linger_cases,
};
