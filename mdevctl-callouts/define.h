/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Definitions: before and after mdevctl writes or removes one. Called with the lock held.
 */
#ifndef APMATRIX_DEFINE_H
#define APMATRIX_DEFINE_H

#include "call.h"

gboolean define_before(struct call *c, GError **error);

gboolean define_modify_before(struct call *c, GError **error);

/* After define or modify; mdevctl only shows what it says. */
gboolean define_after(struct call *c, GError **error);

gboolean define_undefine_after(struct call *c, GError **error);

#endif
