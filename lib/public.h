/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_PUBLIC_H
#define APMATRIX_PUBLIC_H

#include <glib.h>

#include "ap_matrix.h"

/* Everything else in the library is hidden; libapmatrix.map lists the same functions. */
#define AP_PUBLIC __attribute__((visibility("default")))

/* The mediated device type and the parent device that all of this is about. */
#define AP_MDEV_TYPE "vfio_ap-passthrough"
#define AP_MDEV_PARENT "matrix"

#endif
