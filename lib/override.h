/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Queues that have a driver of their own, whatever the masks say (Linux 7.2 has that).
 */
#ifndef APMATRIX_OVERRIDE_H
#define APMATRIX_OVERRIDE_H

#include "host.h"

/**
 * ApOverride:
 * @apid: adapter of the queue
 * @apqi: its domain
 * @driver: the driver it goes to
 */
typedef struct {
	unsigned int apid;
	unsigned int apqi;
	char *driver;
} ApOverride;

/**
 * ApOverrides:
 * @list: (element-type ApOverride): by adapter and domain
 * @vfio: by adapter: domains of queues that go to vfio_ap
 * @other: by adapter: domains of queues that go to another driver
 */
typedef struct {
	GPtrArray *list;
	struct ap_mask vfio[AP_IDS];
	struct ap_mask other[AP_IDS];
} ApOverrides;

AP_PUBLIC ApOverrides *ap_overrides_read(const ApHost *host);

AP_PUBLIC ApOverrides *ap_overrides_copy(const ApOverrides *overrides);

AP_PUBLIC void ap_overrides_free(ApOverrides *overrides);

AP_PUBLIC struct ap_mask ap_overrides_host_queues(const ApOverrides *overrides,
						  const struct ap_matrix *masks, unsigned int apid);

AP_PUBLIC const char *ap_overrides_get_driver(const ApOverrides *overrides, unsigned int apid,
					      unsigned int apqi);

AP_PUBLIC char *ap_overrides_describe(const ApOverrides *overrides);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApOverrides, ap_overrides_free)

#endif
