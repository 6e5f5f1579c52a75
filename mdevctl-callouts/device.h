/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Active devices: start, stop, live change. Called with the lock held.
 */
#ifndef APMATRIX_DEVICE_H
#define APMATRIX_DEVICE_H

#include "call.h"

gboolean device_start_before(struct call *c, GError **error);

gboolean device_start_after(struct call *c, GError **error);

gboolean device_stop_before(struct call *c, GError **error);

gboolean device_live(struct call *c, GError **error);

/**
 * device_live_undo() - the definition of modify --live --defined is refused
 * @c: a call
 * @error: (inout): why; what became of the active device is added
 *
 * mdevctl changes the device first and asks for the definition then. If this mdevctl changed
 * the device, it gets the matrix back that it had.
 */
void device_live_undo(struct call *c, GError **error);

/**
 * device_live_after() - the definition of modify --live --defined was written, or not
 * @c: a call
 * @done: whether it was
 * @error: AP_MATRIX_ERROR by ap_live_set()
 *
 * The device follows: with --force a refused definition is written, and the change that was
 * undone is done again; one that could not be written takes the change with it.
 */
gboolean device_live_after(struct call *c, gboolean done, GError **error);

#endif
