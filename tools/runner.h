/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_RUNNER_H
#define APMATRIX_RUNNER_H

#include "apmatrix.h"

/* libvirt learns from udev what mdevctl has done; that long it may take on a busy host. */
#define REMOTE_LAG_SECONDS 30

/**
 * runner_apply() - do a plan, showing progress; interrupts end it between two steps
 * @host: the host; the caller has its lock
 * @plan: the plan
 * @quiet: no progress
 * @error: as ap_plan_apply()
 *
 * Return: whether it succeeded.
 */
gboolean runner_apply(const ApHost *host, const ApPlan *plan, gboolean quiet, GError **error);

/* The same where @read and @step do what files and mdevctl do otherwise. */
gboolean runner_apply_remote(gpointer data, ApState *(*read)(gpointer, GError **),
			     gboolean (*step)(gpointer, const ApStep *, GError **),
			     const ApPlan *plan, gboolean quiet, GError **error);

#endif
