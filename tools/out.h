/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JSON output. Its form is schemas/output.json.
 */
#ifndef APMATRIX_OUT_H
#define APMATRIX_OUT_H

#include <json-glib/json-glib.h>

#include "apmatrix.h"

/* A document of @command: an object that out_end() prints. */
JsonBuilder *out_begin(const char *command);
void out_end(JsonBuilder *b, gboolean pretty);

void out_string(JsonBuilder *b, const char *name, const char *value);
void out_bool(JsonBuilder *b, const char *name, gboolean value);
void out_int(JsonBuilder *b, const char *name, gint64 value);
void out_matrix(JsonBuilder *b, const char *name, const struct ap_matrix *m);
void out_ids(JsonBuilder *b, const char *name, const struct ap_mask *ids);
void out_lines(JsonBuilder *b, const char *name, const char *text);
void out_array(JsonBuilder *b, const char *name);
void out_warnings(JsonBuilder *b, const GPtrArray *warnings);

/* Warnings for people, to stderr. */
void print_warnings(const GPtrArray *warnings);

#endif
