/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_ERROR_H
#define APMATRIX_ERROR_H

#include "public.h"

#define AP_MATRIX_ERROR (ap_matrix_error_quark())

/**
 * ApMatrixError:
 * @AP_MATRIX_ERROR_INVALID: the input is wrong; it has to be changed
 * @AP_MATRIX_ERROR_CONFLICT: a queue has another owner; one of the two has to give way
 * @AP_MATRIX_ERROR_BUSY: a device is in use; it has to be freed first
 * @AP_MATRIX_ERROR_RETRY: the state changed meanwhile; the same call may succeed now
 * @AP_MATRIX_ERROR_VERIFY_FAILED: the result was not what was asked for; the state
 *   before was restored
 * @AP_MATRIX_ERROR_NOT_RESTORED: a step failed and the state before could not be restored
 * @AP_MATRIX_ERROR_UNSUPPORTED: this host or this kernel cannot do it
 *
 * What a caller can do about an error. Errors of reading and writing files are
 * in the domain G_FILE_ERROR.
 */
typedef enum {
	AP_MATRIX_ERROR_INVALID,
	AP_MATRIX_ERROR_CONFLICT,
	AP_MATRIX_ERROR_BUSY,
	AP_MATRIX_ERROR_RETRY,
	AP_MATRIX_ERROR_VERIFY_FAILED,
	AP_MATRIX_ERROR_NOT_RESTORED,
	AP_MATRIX_ERROR_UNSUPPORTED,
} ApMatrixError;

AP_PUBLIC GQuark ap_matrix_error_quark(void);

AP_PUBLIC int ap_matrix_error_exit_status(const GError *error);

#endif
