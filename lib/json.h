/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_JSON_H
#define APMATRIX_JSON_H

#include <json-glib/json-glib.h>

/**
 * ap_json_parse:
 * @text: JSON text (RFC 8259), UTF-8
 * @len: its length in bytes
 * @error: AP_MATRIX_ERROR_INVALID, with line and column
 *
 * The text is checked by ourselves first: json-glib takes more than JSON, recurses without
 * a limit in the versions that are around, and words its errors differently in each.
 *
 * Returns: (transfer full) (nullable): the root of the document
 */
JsonNode *ap_json_parse(const char *text, gsize len, GError **error);

/**
 * ap_json_describe:
 * @node: (nullable): a value
 *
 * Returns: what it is, with an article: "a string", "null", "missing" for %NULL
 */
const char *ap_json_describe(JsonNode *node);

#endif
