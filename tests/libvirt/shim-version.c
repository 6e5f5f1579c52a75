// SPDX-License-Identifier: LGPL-2.1-or-later
/* The shim of another version of libvirt. */
#include <config.h>

#include <libvirt/libvirt.h>

#undef LIBVIR_VERSION_NUMBER
#define LIBVIR_VERSION_NUMBER 11004000

#include "shim.c"
