/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The AP devices that libvirt's domain XML names.
 */
#ifndef APMATRIX_HOSTDEV_H
#define APMATRIX_HOSTDEV_H

#include "host.h"

/**
 * ap_hostdev_advise:
 * @host: a host
 * @xml: a domain, or one <hostdev>, that libvirt has parsed
 * @said: what libvirt says of it: that the mediated device with some UUID was not found (11.3,
 *   src/util/virmdev.c, virMediatedDeviceNew()), and not what to do
 *
 * Returns: (transfer full) (nullable): what is so with that device, and the command that mends
 *   it; %NULL if it is none of @xml's vfio-ap devices, or @host has it
 */
char *ap_hostdev_advise(const ApHost *host, const char *xml, const char *said);

#endif
