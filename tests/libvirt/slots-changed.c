// SPDX-License-Identifier: LGPL-2.1-or-later
/* The slots of a libvirt that has another function where this one has nodeDeviceUpdate(). */
#include <config.h>

#include "driver.h"

/* Of SLOT() in slots.c this changes the member, and not the name of the function. */
#define nodeDeviceCreate nodeDeviceUpdate

#include "slots.c"
