// SPDX-License-Identifier: LGPL-2.1-or-later
#include "call.h"

#include "input.h"
#include "quote.h"

static gboolean check_parent(const struct call *c, GError **error)
{
	g_autofree char *quoted = NULL;

	if (g_str_equal(c->req->parent, AP_MDEV_PARENT))
		return TRUE;
	quoted = ap_quote(c->req->parent);
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
		    "devices of type " AP_MDEV_TYPE " have the parent '" AP_MDEV_PARENT "', not %s",
		    quoted);
	return FALSE;
}

ApDefinition *call_read_definition(const struct call *c, char **text, GError **error)
{
	g_autofree char *content = NULL;
	ApDefinition *def;
	gsize len;

	if (!check_parent(c, error))
		return NULL;
	content = input_read(AP_DEFINITION_MAX, &len, error);
	if (!content)
		return NULL;
	def = ap_definition_parse(c->uuid, content, len, error);
	if (def && text)
		*text = g_steal_pointer(&content);
	return def;
}
