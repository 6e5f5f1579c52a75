/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_EVENT_H
#define APMATRIX_EVENT_H

#include "call.h"

/**
 * event_run() - do what mdevctl asks for
 * @c: the call, checked
 * @error: the reason of a refusal or failure
 *
 * Return: whether mdevctl may go on.
 */
gboolean event_run(struct call *c, GError **error);

#endif
