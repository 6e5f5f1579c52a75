// SPDX-License-Identifier: LGPL-2.1-or-later
#include "json.h"

#include <string.h>

#include "error.h"

/* The deepest document of mdevctl (list --dumpjson) has 6 levels. */
#define DEPTH_MAX 32

struct scan {
	const char *start;
	const char *p;
	const char *end;
	guint depth;
	const char *wrong;
};

static gboolean scan_value(struct scan *s);

static gboolean fail(struct scan *s, const char *wrong)
{
	if (!s->wrong)
		s->wrong = wrong;
	return FALSE;
}

static void skip_space(struct scan *s)
{
	while (s->p < s->end && strchr(" \t\r\n", *s->p) && *s->p)
		s->p++;
}

static gboolean accept(struct scan *s, char c)
{
	skip_space(s);
	if (s->p == s->end || *s->p != c)
		return FALSE;
	s->p++;
	return TRUE;
}

static gboolean scan_word(struct scan *s, const char *word)
{
	gsize len = strlen(word);

	if ((gsize)(s->end - s->p) < len || memcmp(s->p, word, len))
		return fail(s, "a value was expected");
	s->p += len;
	return TRUE;
}

static gboolean scan_escape(struct scan *s)
{
	guint value = 0, i;

	if (s->p == s->end || !*s->p || !strchr("\"\\/bfnrtu", *s->p))
		return fail(s, "unknown escape in a string");
	if (*s->p++ != 'u')
		return TRUE;
	for (i = 0; i < 4; i++, s->p++) {
		if (s->p == s->end || !g_ascii_isxdigit(*s->p))
			return fail(s, "\\u needs four hexadecimal digits");
		value = value * 16 + g_ascii_xdigit_value(*s->p);
	}
	/* A C string would end there, and mean something else to us than to mdevctl. */
	return value ? TRUE : fail(s, "NUL in a string");
}

static gboolean scan_string(struct scan *s)
{
	while (s->p < s->end && *s->p != '"') {
		if ((guchar)*s->p < 0x20)
			return fail(s, "control character in a string");
		if (*s->p++ == '\\' && !scan_escape(s))
			return FALSE;
	}
	if (s->p == s->end)
		return fail(s, "unterminated string");
	s->p++;
	return TRUE;
}

static gboolean scan_digits(struct scan *s)
{
	const char *from = s->p;

	while (s->p < s->end && g_ascii_isdigit(*s->p))
		s->p++;
	return s->p > from ? TRUE : fail(s, "a digit was expected");
}

static gboolean scan_number(struct scan *s)
{
	if (*s->p == '-')
		s->p++;
	if (s->p < s->end && *s->p == '0')
		s->p++;
	else if (!scan_digits(s))
		return FALSE;
	if (s->p < s->end && *s->p == '.') {
		s->p++;
		if (!scan_digits(s))
			return FALSE;
	}
	if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
		s->p++;
		if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
			s->p++;
		return scan_digits(s);
	}
	return TRUE;
}

static gboolean scan_member(struct scan *s)
{
	if (!accept(s, '"'))
		return fail(s, "a name in double quotes was expected");
	if (!scan_string(s))
		return FALSE;
	if (!accept(s, ':'))
		return fail(s, "':' was expected");
	return scan_value(s);
}

static gboolean scan_items(struct scan *s, gboolean (*item)(struct scan *), char close,
			   const char *wrong)
{
	if (accept(s, close))
		return TRUE;
	if (++s->depth > DEPTH_MAX)
		return fail(s, "nested too deeply");
	do {
		if (!item(s))
			return FALSE;
	} while (accept(s, ','));
	s->depth--;
	return accept(s, close) ? TRUE : fail(s, wrong);
}

static gboolean scan_value(struct scan *s)
{
	skip_space(s);
	if (s->p == s->end)
		return fail(s, "unexpected end");
	switch (*s->p) {
	case '{':
		s->p++;
		return scan_items(s, scan_member, '}', "',' or '}' was expected");
	case '[':
		s->p++;
		return scan_items(s, scan_value, ']', "',' or ']' was expected");
	case '"':
		s->p++;
		return scan_string(s);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	default:
		if (*s->p != '-' && !g_ascii_isdigit(*s->p))
			return fail(s, "a value was expected");
		return scan_number(s);
	}
}

static void set_error(const struct scan *s, GError **error)
{
	guint line = 1, column = 1;
	const char *p;

	for (p = s->start; p < s->p; p++) {
		column++;
		if (*p == '\n') {
			line++;
			column = 1;
		}
	}
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
		    "not valid JSON: line %u, column %u: %s", line, column, s->wrong);
}

static gboolean check(const char *text, gsize len, GError **error)
{
	struct scan s = { .start = text, .p = text, .end = text + len };

	if (!g_utf8_validate_len(text, len, &s.p)) {
		s.wrong = *s.p ? "not UTF-8" : "NUL in the text";
	} else {
		s.p = text;
		if (scan_value(&s)) {
			skip_space(&s);
			if (s.p < s.end)
				s.wrong = "text after the end";
		}
	}
	if (s.wrong)
		set_error(&s, error);
	return !s.wrong;
}

JsonNode *ap_json_parse(const char *text, gsize len, GError **error)
{
	g_autoptr(JsonParser) parser = NULL;

	if (!check(text, len, error))
		return NULL;
	parser = json_parser_new();
	if (!json_parser_load_from_data(parser, text, len, NULL) || !json_parser_get_root(parser)) {
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID, "not valid JSON");
		return NULL;
	}
	return json_node_copy(json_parser_get_root(parser));
}

const char *ap_json_describe(JsonNode *node)
{
	if (!node)
		return "missing";
	switch (json_node_get_node_type(node)) {
	case JSON_NODE_OBJECT:
		return "an object";
	case JSON_NODE_ARRAY:
		return "an array";
	case JSON_NODE_NULL:
		return "null";
	default:
		break;
	}
	switch (json_node_get_value_type(node)) {
	case G_TYPE_STRING:
		return "a string";
	case G_TYPE_BOOLEAN:
		return "a boolean";
	default:
		return "a number";
	}
}
