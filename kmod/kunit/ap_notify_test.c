// SPDX-License-Identifier: GPL-2.0-only
/*
 * Uevents of a change of the effective matrix, when there is no memory to send them.
 */
#include <linux/delay.h>
#include "apm_kunit.h"
#include "../vfio_ap/vfio_ap.h"

static int send(struct kobject *kobj, enum kobject_action action, char *env[]);

#define kobject_uevent_env send
#include "../vfio_ap/ap_notify.c"
#undef kobject_uevent_env

static struct ap_mdev mdev;
static unsigned int refuse, refused, sent; /* the first uevents are to fail; what became of all */
static bool change_meanwhile;
static char last[40];

static void change(void)
{
	guard(mutex)(&apv.lock);
	mdev.generation++;
	apv_notify(&mdev);
}

static int send(struct kobject *kobj, enum kobject_action action, char *env[])
{
	if (refused < refuse) {
		refused++;
		if (change_meanwhile)
			change();
		return -ENOMEM;
	}
	strscpy(last, env[0], sizeof(last));
	sent++;
	return 0;
}

static int notify_init(struct kunit *test)
{
	memset(&apv, 0, sizeof(apv));
	mutex_init(&apv.lock);
	memset(&mdev, 0, sizeof(mdev));
	mdev.vdev.dev = root_device_register("apm_kunit");
	KUNIT_ASSERT_FALSE(test, IS_ERR(mdev.vdev.dev));
	apv_notify_init(&mdev);
	refuse = refused = sent = 0;
	change_meanwhile = false;
	return 0;
}

static void notify_exit(struct kunit *test)
{
	apv_notify_stop(&mdev);
	root_device_unregister(mdev.vdev.dev);
}

static void wait_told(void)
{
	int i;

	for (i = 0; i < 500 && (!sent || delayed_work_pending(&mdev.notify)); i++)
		msleep(20);
	flush_delayed_work(&mdev.notify);
}

static void a_change_is_told_once(struct kunit *test)
{
	change();
	wait_told();
	KUNIT_EXPECT_STREQ(test, "GENERATION=1", last);
	KUNIT_EXPECT_EQ(test, 1, sent);
}

static void without_memory_it_is_told_later(struct kunit *test)
{
	refuse = 3;
	change();
	wait_told();
	KUNIT_EXPECT_STREQ(test, "GENERATION=1", last);
	KUNIT_EXPECT_EQ(test, 3, refused);
	KUNIT_EXPECT_EQ(test, 1, sent);
}

static void then_only_the_newest_is_told(struct kunit *test)
{
	refuse = 1;
	change_meanwhile = true;
	change();
	wait_told();
	KUNIT_EXPECT_STREQ(test, "GENERATION=2", last);
	KUNIT_EXPECT_EQ(test, 1, sent);
}

static struct kunit_case notify_cases[] = { KUNIT_CASE(a_change_is_told_once),
					    KUNIT_CASE(without_memory_it_is_told_later),
					    KUNIT_CASE(then_only_the_newest_is_told),
					    {} };

struct kunit_suite apm_notify_suite = {
	.name = "apm_notify",
	.init = notify_init,
	.exit = notify_exit,
	.test_cases = notify_cases,
};
