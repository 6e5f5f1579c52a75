/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_GUARD_H
#define APMATRIX_GUARD_H

#include "call.h"

/**
 * guard_start() - look after a mdevctl that may be killed
 * @c: a call whose mdevctl owns the lock
 *
 * A process of its own waits for the end of this mdevctl. When that has left the lock, or a
 * definition that it had begun to write, the lock is removed and the definition restored at
 * once, not when the next command comes.
 */
void guard_start(struct call *c);

#endif
