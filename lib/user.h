/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_USER_H
#define APMATRIX_USER_H

#include "host.h"

/**
 * ap_user_find:
 * @host: a host
 * @uuid: UUID of an active device
 *
 * By the open files in proc: of /dev/vfio/GROUP and a device of it, or of /dev/vfio/devices/vfioN where a
 * program opens that (Linux, Documentation/driver-api/vfio.rst). The search ends after five
 * seconds.
 *
 * Returns: (transfer full) (nullable): who has the device open: "qemu-system-s39 (process
 *   4711)", with the name of the guest if its command line tells
 */
AP_PUBLIC char *ap_user_find(const ApHost *host, const char *uuid);

#endif
