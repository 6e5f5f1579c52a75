/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The cards and queues of a host's AP bus.
 */
#ifndef APMATRIX_HARDWARE_H
#define APMATRIX_HARDWARE_H

#include "host.h"

/**
 * ApCard:
 * @present: whether the AP bus has the adapter
 * @type: (nullable): its type, "CEX8C"
 * @config: 1 configured, 0 deconfigured, -1 unknown
 * @chkstop: 1 checkstopped, 0 not, -1 unknown
 * @online: 1 online for the host drivers, 0 not, -1 unknown
 * @queues: the domains of its queues
 * @vfio: those of them that are bound to vfio_ap
 */
typedef struct {
	gboolean present;
	char *type;
	int config;
	int chkstop;
	int online;
	struct ap_mask queues;
	struct ap_mask vfio;
} ApCard;

/**
 * ApHardware:
 * @cards: by adapter number
 * @adapters: the adapters that are present
 * @domains: all domains that any of them has a queue of
 */
typedef struct {
	ApCard cards[AP_IDS];
	struct ap_mask adapters;
	struct ap_mask domains;
} ApHardware;

AP_PUBLIC ApHardware *ap_hardware_read(const ApHost *host);

AP_PUBLIC void ap_hardware_free(ApHardware *hardware);

AP_PUBLIC int ap_hardware_get_queue_flag(const ApHost *host, unsigned int apid, unsigned int apqi,
					 const char *attribute);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApHardware, ap_hardware_free)

#endif
