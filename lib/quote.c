// SPDX-License-Identifier: LGPL-2.1-or-later
#include "quote.h"

#define QUOTE_MAX 60

char *ap_quote(const char *text)
{
	GString *s = g_string_new("'");
	const char *p;

	for (p = text; *p && p - text < QUOTE_MAX; p++) {
		if (g_ascii_isprint(*p) && *p != '\'' && *p != '\\')
			g_string_append_c(s, *p);
		else
			g_string_append_printf(s, "\\x%02x", (unsigned char)*p);
	}
	g_string_append(s, *p ? "...'" : "'");
	return g_string_free(s, FALSE);
}
