/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What may be defined, started and changed. What is only worth knowing is added to
 * @warnings; what is not allowed is an error that lists everything at once.
 */
#ifndef APMATRIX_POLICY_H
#define APMATRIX_POLICY_H

#include "definition.h"
#include "host.h"

/**
 * ap_policy_define:
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
gboolean ap_policy_define(const ApHost *host, const ApDefinition *def, GPtrArray *warnings,
			  GError **error);

/**
 * ap_policy_start:
 * @host: the host
 * @def: the definition it is started from
 * @warnings: texts for the user
 * @error: AP_MATRIX_ERROR_INVALID or AP_MATRIX_ERROR_CONFLICT
 *
 * mdevctl assigns ids one by one and would stop at the first one the kernel refuses,
 * telling only its errno.
 */
gboolean ap_policy_start(const ApHost *host, const ApDefinition *def, GPtrArray *warnings,
			 GError **error);

/**
 * ap_policy_live:
 * @def: the definition
 * @error: AP_MATRIX_ERROR_INVALID
 *
 * Conflicts and limits are left to the kernel, which judges them when it makes the change.
 */
gboolean ap_policy_live(const ApDefinition *def, GError **error);

#endif
