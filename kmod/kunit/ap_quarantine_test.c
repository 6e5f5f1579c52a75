// SPDX-License-Identifier: GPL-2.0-only
/*
 * The quarantine of vfio_ap against a host that answers as it is told: the very source file,
 * with a driver state and neighbours of its own.
 */
#include <linux/delay.h>
#include "apm_kunit.h"
#include "../vfio_ap/ap_quarantine.c"

struct ap_vfio apv;

#define QUEUES 200 /* more than a batch, so that the lock is dropped in between */
#define QID(i) APM_QID((i) >> 4, (i)&15)

/* What the host answers, and what it was asked; under apv.lock. */
static u32 answer_tapq, answer_zapq;
static unsigned int tapqs, zapqs, refilters;

static u32 fake_tapq(unsigned int qid, u64 *gr2)
{
	tapqs++;
	return answer_tapq;
}

static u32 fake_zapq(unsigned int qid)
{
	zapqs++;
	return answer_zapq;
}

static const struct ap_host_ops fake = { .tapq = fake_tapq, .zapq = fake_zapq };

/* Of ap_guest.c */
void apv_guest_refilter(struct ap_mdev *m)
{
	lockdep_assert_held(&apv.lock);
	refilters++;
}

struct fixture {
	struct device *dev;
	struct ap_vqueue queue[QUEUES];
	struct ap_mdev mdev;
};

static int quarantine_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, f);
	memset(&apv, 0, sizeof(apv));
	apv.host = &fake;
	mutex_init(&apv.lock);
	INIT_LIST_HEAD(&apv.mdevs);
	xa_init(&apv.by_qid);
	apv_quarantine_init();
	f->dev = root_device_register("apm_kunit");
	KUNIT_ASSERT_FALSE(test, IS_ERR(f->dev));
	for (i = 0; i < QUEUES; i++) {
		f->queue[i].dev = f->dev;
		f->queue[i].qid = QID(i);
		apm_mask_set(&apv.queues.bound[i >> 4], i & 15);
		xa_store(&apv.by_qid, QID(i), &f->queue[i], GFP_KERNEL);
	}
	answer_tapq = AP_STATUS_EMPTY;
	answer_zapq = 0;
	tapqs = zapqs = refilters = 0;
	test->priv = f;
	return 0;
}

static void quarantine_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	apv_quarantine_exit();
	xa_destroy(&apv.by_qid);
	root_device_unregister(f->dev);
}

static void answer(u32 zapq, u32 tapq)
{
	guard(mutex)(&apv.lock);
	answer_zapq = zapq;
	answer_tapq = tapq;
}

static void add(struct fixture *f, int n)
{
	guard(mutex)(&apv.lock);
	while (n--)
		apv_quarantine_add(&f->queue[n]);
}

static unsigned int count(const struct ap_mask *sets)
{
	unsigned int apid, n = 0;

	lockdep_assert_held(&apv.lock);
	for (apid = 0; apid < AP_IDS; apid++)
		n += apm_mask_weight(&sets[apid]);
	return n;
}

static unsigned int count_clean(void)
{
	guard(mutex)(&apv.lock);
	return count(apv.queues.clean);
}

static bool idle(void)
{
	guard(mutex)(&apv.lock);
	return apm_mask_empty(&apv.resetting_apm) && !delayed_work_pending(&apv.tick);
}

static void wait_idle(struct kunit *test)
{
	int i;

	for (i = 0; i < 500 && !idle(); i++)
		msleep(20);
	flush_delayed_work(&apv.tick);
	KUNIT_EXPECT_TRUE(test, idle());
}

static void all_come_back_clean(struct kunit *test)
{
	struct fixture *f = test->priv;

	add(f, QUEUES);
	wait_idle(test);
	KUNIT_EXPECT_EQ(test, QUEUES, count_clean());
	KUNIT_EXPECT_EQ(test, QUEUES, zapqs);
	KUNIT_EXPECT_TRUE(test, apm_mask_empty(&apv.queues.resetting[0]));
	KUNIT_EXPECT_TRUE(test, apm_mask_empty(&apv.resetting_apm));
}

static void expect_index(struct kunit *test)
{
	unsigned int apid;

	lockdep_assert_held(&apv.lock);
	for (apid = 0; apid < AP_IDS; apid++)
		KUNIT_EXPECT_EQ(test, !apm_mask_empty(&apv.queues.resetting[apid]),
				apm_mask_test(&apv.resetting_apm, apid));
}

/* Until the last reset of an adapter ends it is one of those with a reset. */
static void adapters_are_indexed(struct kunit *test)
{
	struct fixture *f = test->priv;
	int i;

	answer(0, AP_STATUS(AP_RC_RESET_IN_PROGRESS));
	add(f, QUEUES);
	guard(mutex)(&apv.lock);
	KUNIT_EXPECT_FALSE(test, apm_mask_empty(&apv.resetting_apm));
	expect_index(test);
	for (i = 0; i < QUEUES; i++)
		apv_quarantine_drop(&f->queue[i]);
	KUNIT_EXPECT_TRUE(test, apm_mask_empty(&apv.resetting_apm));
}

/* Nothing but an empty queue without interrupts is clean, whatever the code. */
static void only_success_is_clean(struct kunit *test)
{
	static const u32 unclean[] = {
		0,
		AP_STATUS_EMPTY | AP_STATUS_IRQ,
		AP_STATUS_EMPTY | AP_STATUS(AP_RC_RESET_IN_PROGRESS),
		AP_STATUS_EMPTY | AP_STATUS(AP_RC_BUSY),
		AP_STATUS_EMPTY | AP_STATUS(AP_RC_CHECKSTOPPED),
		AP_STATUS_EMPTY | AP_STATUS(AP_RC_NOT_AVAILABLE),
		AP_STATUS_EMPTY | AP_STATUS(AP_RC_OTHERWISE_CHANGED),
		AP_STATUS_EMPTY | AP_STATUS(0xff),
	};
	struct fixture *f = test->priv;
	int i;

	for (i = 0; i < ARRAY_SIZE(unclean); i++) {
		answer(0, unclean[i]);
		add(f, 1);
		msleep(60);
		KUNIT_EXPECT_EQ_MSG(test, 0, count_clean(), "status %08x", unclean[i]);
	}
	answer(0, AP_STATUS_EMPTY);
	wait_idle(test);
	KUNIT_EXPECT_EQ(test, 1, count_clean());
}

static void a_refused_reset_is_asked_for_again(struct kunit *test)
{
	struct fixture *f = test->priv;

	answer(AP_STATUS(AP_RC_BUSY), AP_STATUS_EMPTY);
	add(f, 1);
	msleep(60);
	KUNIT_EXPECT_EQ(test, 0, count_clean());
	KUNIT_EXPECT_EQ(test, 0, tapqs);
	KUNIT_EXPECT_GT(test, zapqs, 1);
	answer(0, AP_STATUS_EMPTY);
	wait_idle(test);
	KUNIT_EXPECT_EQ(test, 1, count_clean());
}

static void a_deconfigured_queue_is_clean(struct kunit *test)
{
	struct fixture *f = test->priv;

	answer(AP_STATUS(AP_RC_DECONFIGURED), AP_STATUS(AP_RC_DECONFIGURED));
	add(f, 1);
	wait_idle(test);
	KUNIT_EXPECT_EQ(test, 1, count_clean());
}

static void given_up_and_tried_again(struct kunit *test)
{
	struct fixture *f = test->priv;

	answer(0, AP_STATUS(AP_RC_RESET_IN_PROGRESS));
	add(f, 1);
	scoped_guard(mutex, &apv.lock)
		f->queue[0].since = jiffies - msecs_to_jiffies(61000);
	wait_idle(test);
	KUNIT_EXPECT_EQ(test, 0, count_clean());
	KUNIT_EXPECT_TRUE(test, apm_mask_empty(&apv.queues.resetting[0]));
	answer(0, AP_STATUS_EMPTY);
	scoped_guard(mutex, &apv.lock) {
		/* As if the others had been seen clean already. */
		memcpy(apv.queues.clean, apv.queues.bound, sizeof(apv.queues.clean));
		apm_mask_clear(&apv.queues.clean[0], 0);
		apv_quarantine_retry();
		KUNIT_EXPECT_EQ(test, 1, count(apv.queues.resetting));
	}
	wait_idle(test);
	KUNIT_EXPECT_TRUE(test, apm_mask_test(&apv.queues.clean[0], 0));
}

/* A queue that is unbound meanwhile is not touched again. */
static void dropped_ones_are_forgotten(struct kunit *test)
{
	struct fixture *f = test->priv;
	int i;

	answer(0, AP_STATUS(AP_RC_RESET_IN_PROGRESS));
	add(f, QUEUES);
	for (i = 0; i < QUEUES; i++) {
		scoped_guard(mutex, &apv.lock) {
			xa_erase(&apv.by_qid, QID(i));
			apm_mask_clear(&apv.queues.bound[i >> 4], i & 15);
			apv_quarantine_drop(&f->queue[i]);
			KUNIT_EXPECT_EQ(test, QUEUES - 1 - i, count(apv.queues.resetting));
			if (i % 50 == 0)
				expect_index(test);
		}
		cond_resched();
	}
	wait_idle(test);
	KUNIT_EXPECT_EQ(test, 0, count_clean());
}

/* Under the lock nothing is asked of the machine, however many queues it is. */
static void what_a_guest_loses_is_reset(struct kunit *test)
{
	struct ap_matrix from = APM_MATRIX_NONE, to = APM_MATRIX_NONE;

	from.apm.w[0] = from.aqm.w[0] = 0xf000000000000000ULL;
	to.apm.w[0] = to.aqm.w[0] = 0xe000000000000000ULL;
	scoped_guard(mutex, &apv.lock) {
		apv_quarantine_left(&from, &to);
		KUNIT_EXPECT_EQ(test, 0, zapqs);
		KUNIT_EXPECT_EQ(test, 7, count(apv.queues.resetting));
		KUNIT_EXPECT_TRUE(test, apm_mask_test(&apv.queues.resetting[3], 0));
		KUNIT_EXPECT_TRUE(test, apm_mask_test(&apv.queues.resetting[0], 3));
		KUNIT_EXPECT_FALSE(test, apm_mask_test(&apv.queues.resetting[2], 2));
	}
	wait_idle(test);
	KUNIT_EXPECT_EQ(test, 7, zapqs);
	KUNIT_EXPECT_EQ(test, 7, count_clean());
}

/* What an earlier reset showed is of no use for the next. */
static void a_queue_that_was_used_is_reset_anew(struct kunit *test)
{
	struct ap_matrix from = APM_MATRIX_NONE, none = APM_MATRIX_NONE;
	struct fixture *f = test->priv;

	add(f, 1);
	wait_idle(test);
	KUNIT_EXPECT_EQ(test, 1, count_clean());
	from.apm.w[0] = from.aqm.w[0] = 0x8000000000000000ULL;
	scoped_guard(mutex, &apv.lock) {
		apv_quarantine_left(&from, &none);
		KUNIT_EXPECT_TRUE(test, f->queue[0].accepted);
		/* It is unbound before the quarantine has looked at it. */
		apv_quarantine_drop(&f->queue[0]);
		KUNIT_EXPECT_FALSE(test, apv_reset_done(&f->queue[0]));
		KUNIT_EXPECT_EQ(test, 2, zapqs);
		KUNIT_EXPECT_TRUE(test, apv_reset_done(&f->queue[0]));
		/* Another time it does. */
		KUNIT_EXPECT_TRUE(test, f->queue[0].accepted);
		apv_quarantine_left(&from, &none);
	}
	wait_idle(test);
	KUNIT_EXPECT_EQ(test, 3, zapqs);
	KUNIT_EXPECT_EQ(test, 1, count_clean());
}

/* Even when it is to be given up at once it is asked, and looked at, first. */
static void each_reset_has_one_look(struct kunit *test)
{
	struct ap_matrix from = APM_MATRIX_NONE, none = APM_MATRIX_NONE;

	from.apm.w[0] = from.aqm.w[0] = 0x8000000000000000ULL;
	reset_give_up_ms = 0;
	scoped_guard(mutex, &apv.lock)
		apv_quarantine_left(&from, &none);
	wait_idle(test);
	reset_give_up_ms = 60000;
	KUNIT_EXPECT_EQ(test, 1, tapqs);
	KUNIT_EXPECT_EQ(test, 1, count_clean());
}

static void who_waits_is_filtered_again(struct kunit *test)
{
	struct fixture *f = test->priv;

	scoped_guard(mutex, &apv.lock) {
		list_add(&f->mdev.node, &apv.mdevs);
		f->mdev.state.waiting = true;
	}
	add(f, 3);
	wait_idle(test);
	KUNIT_EXPECT_GT(test, refilters, 0);
}

/* The end of the scan does it, one transition for all; but only for whom it changes something. */
static void whom_a_scan_concerns_waits_for_its_end(struct kunit *test)
{
	struct fixture *f = test->priv;

	scoped_guard(mutex, &apv.lock) {
		list_add(&f->mdev.node, &apv.mdevs);
		f->mdev.state.waiting = true;
		f->mdev.in_scan = true;
		apv.scanning = true;
	}
	add(f, 3);
	wait_idle(test);
	KUNIT_EXPECT_EQ(test, 3, count_clean());
	KUNIT_EXPECT_EQ(test, 0, refilters);
	scoped_guard(mutex, &apv.lock)
		f->mdev.in_scan = false;
	add(f, 3);
	wait_idle(test);
	KUNIT_EXPECT_GT(test, refilters, 0);
}

static void only_what_is_new_and_unclean_is_waited_for(struct kunit *test)
{
	const struct ap_matrix none = APM_MATRIX_NONE;
	struct ap_matrix both = none, one = none;
	struct fixture *f = test->priv;

	both.apm.w[0] = 0x8000000000000000ULL;
	both.aqm.w[0] = 0xc000000000000000ULL;
	one.apm.w[0] = one.aqm.w[0] = 0x8000000000000000ULL;
	answer(0, AP_STATUS(AP_RC_RESET_IN_PROGRESS));
	add(f, 1);
	scoped_guard(mutex, &apv.lock) {
		KUNIT_EXPECT_TRUE(test, apv_quarantine_gained(&none, &one));
		KUNIT_EXPECT_TRUE(test, apv_quarantine_gained(&none, &both));
		KUNIT_EXPECT_FALSE(test, apv_quarantine_gained(&one, &both));
		KUNIT_EXPECT_FALSE(test, apv_quarantine_gained(&both, &both));
		KUNIT_EXPECT_FALSE(test, apv_quarantine_gained(&both, &none));
	}
	answer(0, AP_STATUS_EMPTY);
	wait_idle(test);
	guard(mutex)(&apv.lock);
	KUNIT_EXPECT_FALSE(test, apv_quarantine_gained(&none, &both));
}

/* Queues that are added one after the other do not put off the look at the first. */
static void a_look_comes_only_sooner(struct kunit *test)
{
	unsigned long due;

	guard(mutex)(&apv.lock);
	tick_within(10000);
	due = apv.tick.timer.expires;
	tick_within(20000);
	KUNIT_EXPECT_EQ(test, due, apv.tick.timer.expires);
	tick_within(5000);
	KUNIT_EXPECT_TRUE(test, time_before(apv.tick.timer.expires, due));
}

static struct kunit_case quarantine_cases[] = { KUNIT_CASE(all_come_back_clean),
						KUNIT_CASE(adapters_are_indexed),
						KUNIT_CASE(only_success_is_clean),
						KUNIT_CASE(a_refused_reset_is_asked_for_again),
						KUNIT_CASE(a_deconfigured_queue_is_clean),
						KUNIT_CASE(given_up_and_tried_again),
						KUNIT_CASE(dropped_ones_are_forgotten),
						KUNIT_CASE(what_a_guest_loses_is_reset),
						KUNIT_CASE(a_queue_that_was_used_is_reset_anew),
						KUNIT_CASE(each_reset_has_one_look),
						KUNIT_CASE(who_waits_is_filtered_again),
						KUNIT_CASE(whom_a_scan_concerns_waits_for_its_end),
						KUNIT_CASE(
							only_what_is_new_and_unclean_is_waited_for),
						KUNIT_CASE(a_look_comes_only_sooner),
						{} };

struct kunit_suite apm_quarantine_suite = {
	.name = "apm_quarantine",
	.init = quarantine_init,
	.exit = quarantine_exit,
	.test_cases = quarantine_cases,
};
