// SPDX-License-Identifier: GPL-2.0-only
#include <linux/module.h>
#include "apm_kunit.h"

MODULE_DESCRIPTION("KUnit tests of apmatrix");
MODULE_LICENSE("GPL");

kunit_test_suites(&apm_core_suite, &apm_linger_suite, &apm_notify_suite, &apm_quarantine_suite,
		  &apm_registry_suite, &apm_reset_suite);
