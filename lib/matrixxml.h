/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A matrix as XML: the content of <ap:matrix>.
 */
#ifndef APMATRIX_MATRIXXML_H
#define APMATRIX_MATRIXXML_H

#include "public.h"
#include "xml.h"

/* The elements that make up a matrix, for ap_xml_check(). */
extern const char *const ap_matrix_elements[];

/**
 * ap_matrix_read_xml:
 * @node: an element that contains the elements of a matrix, and no others
 * @matrix: (out): the matrix
 * @error: AP_MATRIX_ERROR_INVALID; queues that are missing for a full product are named
 *
 * Returns: whether it succeeded
 */
gboolean ap_matrix_read_xml(const xmlNode *node, struct ap_matrix *matrix, GError **error);

/**
 * ap_matrix_append_xml:
 * @s: gets the elements, a line each, in canonical form: ascending, neighbours as a range
 * @indent: spaces before each
 * @matrix: a matrix
 */
void ap_matrix_append_xml(GString *s, int indent, const struct ap_matrix *matrix);

#endif
