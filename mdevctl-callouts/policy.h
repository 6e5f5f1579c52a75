/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What may be defined, started and changed. What is only worth knowing is added to
 * @warnings; what is not allowed is an error that lists everything at once.
 */
#ifndef APMATRIX_POLICY_H
#define APMATRIX_POLICY_H

#include "apmatrix.h"

/**
 * policy_define() - may this definition be kept?
 * @host: the host
 * @def: the definition
 * @warnings: texts for the user
 * @error: AP_MATRIX_ERROR_INVALID or AP_MATRIX_ERROR_CONFLICT
 *
 * A definition that is started automatically must not share queues with another such
 * definition, nor with the host drivers: one of the two would fail at each boot, and which
 * one would depend on the order. Ids above the host's limits are fine: the hardware may
 * come later.
 */
gboolean policy_define(const ApHost *host, const ApDefinition *def, GPtrArray *warnings,
		       GError **error);

/**
 * policy_start() - may this device be started now?
 * @host: the host
 * @def: the definition it is started from
 * @warnings: texts for the user
 * @error: AP_MATRIX_ERROR_INVALID or AP_MATRIX_ERROR_CONFLICT
 *
 * mdevctl assigns ids one by one and would stop at the first one the kernel refuses,
 * telling only its errno.
 */
gboolean policy_start(const ApHost *host, const ApDefinition *def, GPtrArray *warnings,
		      GError **error);

/**
 * policy_live() - may an active device get the matrix of this definition?
 * @def: the definition
 * @error: AP_MATRIX_ERROR_INVALID
 *
 * Conflicts and limits are left to the kernel, which judges them when it makes the change.
 */
gboolean policy_live(const ApDefinition *def, GError **error);

#endif
