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
 *
 * libvirt says of a mediated device that is not there that it was not found (11.3,
 * src/util/virmdev.c, virMediatedDeviceNew()), and not what to do.
 *
 * Returns: (transfer full) (nullable): what is so with the first of its vfio-ap devices that
 *   @host does not have, and the command that mends it; %NULL if it has all of them
 */
char *ap_hostdev_advise(const ApHost *host, const char *xml);

#endif
