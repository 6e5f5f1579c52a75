/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Events: one UPDATE for each change of an AP mediated device that is one. The stock driver
 * emits one for the kernel's uevent, one when mdevctl has told the attributes, one after a
 * call of its own.
 */
#pragma once

#include "driver.h"

/* Replaces connectNodeDeviceEventRegisterAny of virNodeDeviceDriver. */
int
apmatrixConnectNodeDeviceEventRegisterAny(virConnectPtr conn,
                                          virNodeDevicePtr dev,
                                          int eventID,
                                          virConnectNodeDeviceEventGenericCallback callback,
                                          void *opaque,
                                          virFreeCallback freecb);

/**
 * apmatrixEventHold:
 * @uuid: UUID of a device with autostart
 *
 * Until apmatrixEventRelease(), it counts as one with autostart whatever its definition
 * says.
 */
void
apmatrixEventHold(const char *uuid);

void
apmatrixEventRelease(const char *uuid);
