/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_NOTIFY_H
#define APMATRIX_NOTIFY_H

#include "call.h"

/**
 * notify() - one entry of the journal about what mdevctl did
 * @c: a call
 *
 * Who, what, before, after; docs/mdevctl.md lists the fields.
 */
void notify(struct call *c);

#endif
