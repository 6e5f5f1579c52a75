// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Any bytes as a definition of mdevctl: taken or refused with a message; what is taken is
 * written in a form that is read as the same again.
 */
#include "fuzz.h"

#include <string.h>

#include "apmatrix.h"

#define UUID "c0de0000-0000-4000-8000-00000000000a"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_malloc(size + 1);
	g_autofree char *json = NULL;
	g_autoptr(ApDefinition) def = NULL;
	g_autoptr(ApDefinition) again = NULL;
	g_autoptr(GError) error = NULL;

	memcpy(text, data, size);
	text[size] = 0;
	def = ap_definition_parse(UUID, text, size, &error);
	g_assert_true(!def == !!error);
	if (!def)
		return 0;
	json = ap_definition_to_json(def);
	again = ap_definition_parse(UUID, json, strlen(json), &error);
	g_assert_no_error(error);
	g_assert_true(
		apm_matrix_equal(ap_definition_get_matrix(def), ap_definition_get_matrix(again)));
	return 0;
}
