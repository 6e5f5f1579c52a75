/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The lock on the AP configuration that s390-tools share: a file that holds its owner's
 * process id (s390-tools, libutil/util_lockfile.c and include/lib/ap.h).
 */
#ifndef APMATRIX_LOCKFILE_H
#define APMATRIX_LOCKFILE_H

#include <sys/types.h>

#include "host.h"

#define AP_LOCKFILE "run/lock/s390apconfig.lock"

/**
 * ap_lockfile_take:
 * @host: a host
 * @pid: who is to own the lock: a process that stays for as long as it is needed
 * @seconds: how long to wait for another owner
 * @warnings: (nullable) (element-type utf8): gets a text for each file that was in the way
 *   and was removed
 * @error: AP_MATRIX_ERROR_BUSY, naming the owner, when it takes longer; G_FILE_ERROR
 *
 * A lock whose owner is gone is removed, by one waiting process at a time and only when it
 * is still the file that was looked at. What is not a regular file of root's was not made
 * by one of the programs that share the lock, and is removed at once: anybody can put
 * something there. A process that owns the lock already has it.
 *
 * Returns: whether @pid owns the lock
 */
gboolean ap_lockfile_take(const ApHost *host, pid_t pid, guint seconds, GPtrArray *warnings,
			  GError **error);

/**
 * ap_lockfile_is_owner:
 * @host: a host
 * @pid: a process id
 *
 * Returns: whether @pid owns the lock, alive or not
 */
gboolean ap_lockfile_is_owner(const ApHost *host, pid_t pid);

/**
 * ap_lockfile_release:
 * @host: a host
 * @pid: a process id
 *
 * Gives the lock back if @pid owns it.
 */
void ap_lockfile_release(const ApHost *host, pid_t pid);

#endif
