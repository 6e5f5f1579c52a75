/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which queues of a wanted matrix have another owner already: all of them, with the owner.
 */
#ifndef APMATRIX_CONFLICT_H
#define APMATRIX_CONFLICT_H

#include "host.h"
#include "override.h"

/**
 * ApOwners:
 * @AP_OWNERS_ACTIVE: active mediated devices
 * @AP_OWNERS_AUTOSTART: definitions that are started automatically
 * @AP_OWNERS_MANUAL: definitions that are started by hand
 * @AP_OWNERS_HOST: the host's own drivers, by apmask and aqmask or by driver_override
 * @AP_OWNERS_BOOT: the host's own drivers after a boot, by the udev rule of the masks; without
 *   one as %AP_OWNERS_HOST
 *
 * Kinds of owners; flags, so that one call can ask for several.
 */
typedef enum {
	AP_OWNERS_ACTIVE = 1 << 0,
	AP_OWNERS_AUTOSTART = 1 << 1,
	AP_OWNERS_MANUAL = 1 << 2,
	AP_OWNERS_HOST = 1 << 3,
	AP_OWNERS_BOOT = 1 << 4,
} ApOwners;

typedef struct ApConflict ApConflict;

AP_PUBLIC ApConflict *ap_conflict_new(const char *uuid, const struct ap_matrix *matrix);

AP_PUBLIC void ap_conflict_free(ApConflict *conflict);

AP_PUBLIC void ap_conflict_add(ApConflict *conflict, ApOwners kind, const char *uuid,
			       const struct ap_matrix *matrix);

AP_PUBLIC void ap_conflict_add_host(ApConflict *conflict, const struct ap_matrix *masks,
				    const ApOverrides *overrides);

AP_PUBLIC void ap_conflict_find(ApConflict *conflict, const ApHost *host, ApOwners kinds,
				GPtrArray *warnings);

AP_PUBLIC guint ap_conflict_count(const ApConflict *conflict, ApOwners kinds);

AP_PUBLIC char *ap_conflict_get_remedy(const ApConflict *conflict, ApOwners kinds);

AP_PUBLIC char *ap_conflict_to_text(const ApConflict *conflict, ApOwners kinds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApConflict, ap_conflict_free)

#endif
