/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A host in a directory: files as sysfs and mdevctl have them, a kernel behind write(2)
 * (-Wl,--wrap=write) that refuses what the real one refuses, and a stand-in for mdevctl.
 * Any operation can be made to fail, or to be the last one.
 */
#ifndef APMATRIX_TESTS_FAKEHOST_H
#define APMATRIX_TESTS_FAKEHOST_H

#include "apmatrix.h"

typedef enum {
	FAKE_PLAIN,  /* Linux 6.12: ap_config */
	FAKE_COMMIT, /* staged_config and commit */
	FAKE_OLD,    /* single assignments only */
} FakeKind;

typedef enum {
	FAULT_NONE,
	FAULT_BEFORE,  /* fails and does nothing */
	FAULT_AFTER,   /* does it, and fails */
	FAULT_FOREVER, /* all from there on fail */
	FAULT_EXIT,    /* the process ends there */
} FakeFault;

ApHost *fake_host_new(FakeKind kind);

void fake_host_free(ApHost *host);

/* The @at-th operation from now on, counted from 0, gets @fault. */
void fake_set_fault(FakeFault fault, guint at);

/* How many operations there were since then. */
guint fake_count(void);

extern const ApPlanOps fake_ops;

#endif
