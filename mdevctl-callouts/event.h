/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_EVENT_H
#define APMATRIX_EVENT_H

#include "apmatrix.h"
#include "request.h"

/**
 * event_run() - do what mdevctl asks for
 * @req: the request, checked
 * @host: the host
 * @warnings: texts for the user
 * @error: the reason of a refusal or failure
 *
 * Return: whether mdevctl may go on.
 */
gboolean event_run(const struct request *req, const ApHost *host, GPtrArray *warnings,
		   GError **error);

#endif
