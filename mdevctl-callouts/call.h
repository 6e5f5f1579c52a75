/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One call by mdevctl, with what its earlier ones left: a command of mdevctl calls several
 * times, always as the same process.
 */
#ifndef APMATRIX_CALL_H
#define APMATRIX_CALL_H

#include <sys/types.h>

#include "apmatrix.h"
#include "request.h"

/**
 * struct call - a call
 * @req: what is asked for
 * @host: the host
 * @mdevctl: the process that asks
 * @stamp: ap_process_stamp() of it
 * @uuid: the device's UUID, in lower case
 * @guard: whether to look after a mdevctl that is killed
 * @session: what earlier calls of this mdevctl left; see session.h
 * @warnings: texts for the user
 */
struct call {
	const struct request *req;
	const ApHost *host;
	pid_t mdevctl;
	char *stamp;
	char *uuid;
	gboolean guard;
	GKeyFile *session;
	GPtrArray *warnings;
};

/**
 * call_read_definition() - the definition on standard input
 * @c: a call
 * @text: (out) (optional): the text itself
 * @error: AP_MATRIX_ERROR_INVALID, also for a wrong parent
 *
 * Return: the definition, to be freed
 */
ApDefinition *call_read_definition(const struct call *c, char **text, GError **error);

#endif
