/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_LOCK_H
#define APMATRIX_LOCK_H

#include "host.h"

AP_PUBLIC int ap_lock_take(const ApHost *host, guint seconds, GError **error);

#endif
