// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ids.h"

#include <string.h>

#include "error.h"
#include "quote.h"

static gboolean fail(const char *text, const char *right, GError **error)
{
	g_autofree char *quoted = ap_quote(text);

	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID, "%s is not %s", quoted, right);
	return FALSE;
}

/* One number of at most 6 characters: what is longer cannot be an id. */
static gboolean parse_number(const char *text, gsize len, unsigned int *id)
{
	gboolean hex = len > 2 && text[0] == '0' && text[1] == 'x';
	gsize i = hex ? 2 : 0;

	if (!len || len > 6 || (!hex && len > 1 && text[0] == '0'))
		return FALSE;
	for (*id = 0; i < len; i++) {
		if (hex ? !g_ascii_isxdigit(text[i]) : !g_ascii_isdigit(text[i]))
			return FALSE;
		*id = *id * (hex ? 16 : 10) + g_ascii_xdigit_value(text[i]);
	}
	return *id <= AP_ID_MAX;
}

static gboolean parse_range(const char *text, gsize len, struct ap_mask *ids)
{
	const char *dash = memchr(text, '-', len);
	gsize first = dash ? (gsize)(dash - text) : len;
	unsigned int from, to, id;

	if (!parse_number(text, first, &from))
		return FALSE;
	to = from;
	if (dash && !parse_number(dash + 1, len - first - 1, &to))
		return FALSE;
	for (id = from; id <= to; id++)
		apm_mask_set(ids, id);
	return from <= to;
}

/**
 * ap_ids_parse:
 * @text: one id, "5" or "0x05", or a range "0x10-0x17"; 0 to 255. A decimal number with a
 *   leading zero is refused: sysfs reads it as octal, listings show hexadecimal
 * @ids: (inout): gets the ids in addition
 * @error: AP_MATRIX_ERROR_INVALID
 *
 * Returns: whether it succeeded
 */
gboolean ap_ids_parse(const char *text, struct ap_mask *ids, GError **error)
{
	struct ap_mask more = *ids;

	if (!parse_range(text, strlen(text), &more))
		return fail(text,
			    "an id from 0 to 255 (decimal without leading zeros, or 0x and "
			    "hexadecimal), nor a range of them such as 0x10-0x17",
			    error);
	*ids = more;
	return TRUE;
}

/**
 * ap_ids_parse_list:
 * @text: ids and ranges as for ap_ids_parse(), with commas between them
 * @ids: (inout): gets the ids in addition
 * @error: AP_MATRIX_ERROR_INVALID
 *
 * Returns: whether it succeeded
 */
gboolean ap_ids_parse_list(const char *text, struct ap_mask *ids, GError **error)
{
	g_auto(GStrv) items = g_strsplit(text, ",", AP_IDS + 1);
	guint i;

	if (!items[0])
		return fail(text, "a list of ids", error);
	for (i = 0; items[i]; i++)
		if (!ap_ids_parse(items[i], ids, error))
			return FALSE;
	return TRUE;
}

/**
 * ap_apqn_parse:
 * @text: a queue in the notation of sysfs, "05.0047": two and four hexadecimal digits
 * @apid: (out): its adapter
 * @apqi: (out): its domain
 * @error: AP_MATRIX_ERROR_INVALID
 *
 * Returns: whether it succeeded
 */
gboolean ap_apqn_parse(const char *text, unsigned int *apid, unsigned int *apqi, GError **error)
{
	static const guint8 at[] = { 0, 1, 3, 4, 5, 6 };
	unsigned int digits[G_N_ELEMENTS(at)];
	guint i;

	if (strlen(text) != 7 || text[2] != '.')
		return fail(text, "a queue such as 05.0047 (adapter.domain in hexadecimal)", error);
	for (i = 0; i < G_N_ELEMENTS(at); i++) {
		if (!g_ascii_isxdigit(text[at[i]]))
			return fail(text, "a queue such as 05.0047 (adapter.domain in hexadecimal)",
				    error);
		digits[i] = g_ascii_xdigit_value(text[at[i]]);
	}
	if (digits[2] || digits[3])
		return fail(text, "a queue with a domain from 0000 to 00ff", error);
	*apid = digits[0] * 16 + digits[1];
	*apqi = digits[4] * 16 + digits[5];
	return TRUE;
}

/**
 * ap_ids_to_text:
 * @ids: a set of ids
 * @digits: hexadecimal digits of each, 2 for adapters and 4 for domains
 *
 * Returns: (transfer full): the list as ap_ids_parse_list() reads it, "0x05,0x10-0x17"
 */
char *ap_ids_to_text(const struct ap_mask *ids, int digits)
{
	GString *s = g_string_new(NULL);
	unsigned int id, last;

	for (id = apm_mask_next(ids, 0); id < AP_IDS; id = apm_mask_next(ids, last + 1)) {
		for (last = id; last < AP_ID_MAX && apm_mask_test(ids, last + 1); last++)
			;
		g_string_append_printf(s, "%s0x%0*x", s->len ? "," : "", digits, id);
		if (last > id)
			g_string_append_printf(s, "-0x%0*x", digits, last);
	}
	return g_string_free(s, FALSE);
}
