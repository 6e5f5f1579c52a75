// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registry of host backends. Needs that there is none: load apm_kunit before ap_sim.
 */
#include "apm_kunit.h"
#include "../include/ap_host.h"

static const struct ap_host_ops first = { .owner = THIS_MODULE };
static const struct ap_host_ops second = { .owner = THIS_MODULE };

static int registry_init(struct kunit *test)
{
	int rc = apm_host_register(&first);

	if (rc == -EBUSY)
		kunit_skip(test, "a host backend is loaded");
	return rc;
}

static void registry_exit(struct kunit *test)
{
	const struct ap_host_ops *ops = apm_host_get();

	if (!ops)
		return;
	apm_host_put(ops);
	if (ops == &first || ops == &second)
		apm_host_unregister(ops);
}

static void one_backend_at_a_time(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, -EBUSY, apm_host_register(&second));
	KUNIT_EXPECT_EQ(test, -EBUSY, apm_host_register(&first));
	apm_host_unregister(&first);
	KUNIT_EXPECT_EQ(test, 0, apm_host_register(&second));
}

static void none_when_withdrawn(struct kunit *test)
{
	apm_host_unregister(&first);
	KUNIT_EXPECT_NULL(test, apm_host_get());
	KUNIT_EXPECT_EQ(test, 0, apm_host_register(&first));
}

/* Only a live module can be counted: its tests run in the last step of loading it. */
static void users_pin_the_module(struct kunit *test)
{
	int before = module_refcount(THIS_MODULE);
	const struct ap_host_ops *a = apm_host_get(), *b = apm_host_get();

	KUNIT_EXPECT_PTR_EQ(test, a, &first);
	KUNIT_EXPECT_PTR_EQ(test, b, &first);
	KUNIT_EXPECT_EQ(test, before + 2, module_refcount(THIS_MODULE));
	apm_host_put(a);
	apm_host_put(b);
	KUNIT_EXPECT_EQ(test, before, module_refcount(THIS_MODULE));
}

static struct kunit_case registry_cases[] = { KUNIT_CASE(one_backend_at_a_time),
					      KUNIT_CASE(none_when_withdrawn),
					      KUNIT_CASE(users_pin_the_module),
					      {} };

struct kunit_suite apm_registry_suite = {
	.name = "apm_registry",
	.init = registry_init,
	.exit = registry_exit,
	.test_cases = registry_cases,
};
