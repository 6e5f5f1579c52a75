/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_ASSIGN_H
#define APMATRIX_ASSIGN_H

#include "host.h"

/**
 * ap_assign_all:
 * @host: a host
 * @uuid: UUID of an active device
 * @matrix: the matrix it is to have
 *
 * By the attributes that take one id each. What goes is taken away first, so that the
 * device never has a queue that is in neither matrix.
 *
 * Returns: 0, or the positive errno of the first write that failed
 */
int ap_assign_all(const ApHost *host, const char *uuid, const struct ap_matrix *matrix);

/**
 * ap_assign_set_refused:
 * @err: what the kernel answered to a new matrix
 * @error: AP_MATRIX_ERROR for what the kernel's interface defines, else G_FILE_ERROR
 */
void ap_assign_set_refused(int err, GError **error);

#endif
