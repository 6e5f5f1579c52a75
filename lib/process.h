/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Other processes, as proc shows them: whether they are still there, and what they are.
 */
#ifndef APMATRIX_PROCESS_H
#define APMATRIX_PROCESS_H

#include <sys/types.h>

#include "host.h"

/**
 * ap_process_is_alive:
 * @host: a host
 * @pid: a process id
 *
 * One that has ended and was not waited for yet is gone: it holds and does nothing any more.
 *
 * Returns: whether there is such a process
 */
gboolean ap_process_is_alive(const ApHost *host, pid_t pid);

/**
 * ap_process_describe:
 * @host: a host
 * @pid: a process id
 *
 * Returns: (transfer full): 'mdevctl' (process 4711), without what is not known
 */
char *ap_process_describe(const ApHost *host, pid_t pid);

/**
 * ap_process_stamp:
 * @host: a host
 * @pid: a process id
 *
 * Returns: (transfer full): what tells this process from all others, before and after it
 *   and over reboots: its id, when it started, and the boot's id
 */
char *ap_process_stamp(const ApHost *host, pid_t pid);

/**
 * ap_process_stamp_is_alive:
 * @host: a host
 * @stamp: (nullable): from ap_process_stamp()
 *
 * Returns: whether that process is still there
 */
gboolean ap_process_stamp_is_alive(const ApHost *host, const char *stamp);

#endif
