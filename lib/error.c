// SPDX-License-Identifier: LGPL-2.1-or-later
#include "error.h"

G_DEFINE_QUARK(ap - matrix - error - quark, ap_matrix_error)

/**
 * ap_matrix_error_exit_status:
 * @error: (nullable): what a command ended with
 *
 * Returns: the exit status for it: 0 without error, 3 conflict, 4 verification failed and
 *   rolled back, 5 not rolled back completely, 1 any other failure. 2 is left to errors
 *   of usage, which only the command itself knows.
 */
int ap_matrix_error_exit_status(const GError *error)
{
	if (!error)
		return 0;
	if (error->domain != AP_MATRIX_ERROR)
		return 1;
	switch ((ApMatrixError)error->code) {
	case AP_MATRIX_ERROR_CONFLICT:
		return 3;
	case AP_MATRIX_ERROR_VERIFY_FAILED:
		return 4;
	case AP_MATRIX_ERROR_NOT_RESTORED:
		return 5;
	default:
		return 1;
	}
}
