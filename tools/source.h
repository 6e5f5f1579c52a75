/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where a host is read and changed: by its files, or through libvirt.
 */
#ifndef APMATRIX_SOURCE_H
#define APMATRIX_SOURCE_H

#include "command.h"

/**
 * source_read() - a host's state
 * @o: says where
 * @warnings: gets what could not be seen
 * @error: whatever reading fails with
 *
 * Return: the state, to be freed; NULL on failure.
 */
ApState *source_read(const struct options *o, GPtrArray *warnings, GError **error);

/**
 * source_limit() - leave out of a wanted state what cannot be reached from here
 * @o: says where
 * @wanted: the state
 * @now: the host as it is
 * @warnings: gets what is left out
 */
void source_limit(const struct options *o, ApState *wanted, const ApState *now,
		  GPtrArray *warnings);

/* As runner_apply(). */
gboolean source_apply(const struct options *o, const ApPlan *plan, GError **error);

#endif
