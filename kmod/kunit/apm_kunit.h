/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The suites of apm_kunit.ko: pieces of the modules that run without user space.
 */
#ifndef APMATRIX_APM_KUNIT_H
#define APMATRIX_APM_KUNIT_H

#include <kunit/test.h>

extern struct kunit_suite apm_core_suite;
extern struct kunit_suite apm_linger_suite;
extern struct kunit_suite apm_notify_suite;
extern struct kunit_suite apm_quarantine_suite;
extern struct kunit_suite apm_registry_suite;
extern struct kunit_suite apm_reset_suite;

#endif
