/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An order in which several matrices can be changed one by one without conflict.
 */
#ifndef APMATRIX_ORDER_H
#define APMATRIX_ORDER_H

#include "public.h"

/**
 * ApMove:
 * @from: a matrix as it is
 * @to: as it is to be; the same for one that only stands in the way
 *
 * The @from of all moves share no queues, nor do the @to.
 */
typedef struct {
	struct ap_matrix from;
	struct ap_matrix to;
} ApMove;

/**
 * ApOrderStep:
 * @index: which move
 * @matrix: what it is changed to: its @to, or, where others wait for its queues while it
 *   waits for theirs, what it keeps
 */
typedef struct {
	guint index;
	struct ap_matrix matrix;
} ApOrderStep;

/**
 * ap_order:
 * @moves: moves
 * @n: their number, below 65,535
 *
 * Returns: (transfer full) (element-type ApOrderStep): steps that never give a queue to a
 *   second owner; one for each move that changes anything, two for those in a circle
 */
GArray *ap_order(const ApMove *moves, guint n);

#endif
