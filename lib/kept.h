/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Texts of definitions kept aside. mdevctl writes its files in place (1.4.0, src/mdev.rs,
 * write_config), and a single broken one keeps it from listing and starting any device. So
 * the old and the new text are kept before it writes: in changing/UUID until it has, in
 * kept/UUID from then on, below var/lib/apmatrix. What nothing is known of is moved to
 * broken/. All of it under the lock of lockfile.h.
 */
#ifndef APMATRIX_KEPT_H
#define APMATRIX_KEPT_H

#include "host.h"

/**
 * ap_kept_begin:
 * @host: a host
 * @uuid: UUID of a device, in lower case
 * @stamp: ap_process_stamp() of the mdevctl that is going to write its definition
 * @text: what it will write, but for white space
 * @error: G_FILE_ERROR
 *
 * Returns: whether old and new text are kept, on disk
 */
gboolean ap_kept_begin(const ApHost *host, const char *uuid, const char *stamp, const char *text,
		       GError **error);

/**
 * ap_kept_is_changing:
 * @host: a host
 * @uuid: UUID of a device, in lower case
 * @stamp: (nullable): a process; %NULL for any
 *
 * Returns: whether @stamp has begun to change the definition, and not ended
 */
gboolean ap_kept_is_changing(const ApHost *host, const char *uuid, const char *stamp);

/**
 * ap_kept_end:
 * @host: a host
 * @uuid: UUID of a device, in lower case
 * @done: whether mdevctl says that it has written the definition
 * @told: (element-type utf8): gets a text when something had to be done
 *
 * Flushes the written definition to disk; one that is broken is restored: to the new text
 * if it should be there, to the old one (or to no definition) if writing it failed.
 */
void ap_kept_end(const ApHost *host, const char *uuid, gboolean done, GPtrArray *told);

/**
 * ap_kept_settle:
 * @host: a host
 * @told: (element-type utf8): gets a text for each definition that was restored
 *
 * As ap_kept_end() for changes whose mdevctl has ended without a word: what it was allowed
 * to write and had begun to write is written.
 */
void ap_kept_settle(const ApHost *host, GPtrArray *told);

/**
 * ap_kept_forget:
 * @host: a host
 * @uuid: UUID of a device, in lower case, that has no definition any more
 */
void ap_kept_forget(const ApHost *host, const char *uuid);

/**
 * ap_kept_repair:
 * @host: a host
 * @told: (element-type utf8): gets a text for each definition that was restored or set aside
 *
 * ap_kept_settle(), and then every definition that mdevctl cannot read is restored to the
 * text last kept, or, when there is none, moved to var/lib/apmatrix/broken.
 */
void ap_kept_repair(const ApHost *host, GPtrArray *told);

#endif
