// SPDX-License-Identifier: LGPL-2.1-or-later
#include "request.h"

#include <string.h>

#include "error.h"
#include "quote.h"

#define INVALID AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID

static const char **option(struct request *req, const char *word)
{
	if (word[0] != '-' || !word[1] || word[2])
		return NULL;
	switch (word[1]) {
	case 't':
		return &req->type;
	case 'e':
		return &req->event;
	case 'a':
		return &req->action;
	case 's':
		return &req->state;
	case 'u':
		return &req->uuid;
	case 'p':
		return &req->parent;
	default:
		return NULL;
	}
}

gboolean request_parse(int argc, char **argv, struct request *req, GError **error)
{
	const char *wrong = NULL;
	const char **value;
	int i;

	memset(req, 0, sizeof(*req));
	for (i = 0; i < argc; i += 2) {
		value = option(req, argv[i]);
		if (value && i + 1 < argc)
			*value = argv[i + 1];
		else if (!wrong)
			wrong = argv[i];
	}
	if (wrong) {
		g_autofree char *quoted = ap_quote(wrong);

		g_set_error(error, INVALID, "unknown option or option without a value: %s", quoted);
	}
	return !wrong;
}

static gboolean given(const char *value, const char *what, GError **error)
{
	if (value && *value)
		return TRUE;
	g_set_error(error, INVALID, "%s is missing", what);
	return FALSE;
}

gboolean request_check(const struct request *req, GError **error)
{
	if (!given(req->type, "the type (-t)", error) ||
	    !given(req->event, "the event (-e)", error) ||
	    !given(req->action, "the action (-a)", error) ||
	    !given(req->uuid, "the UUID (-u)", error) ||
	    !given(req->parent, "the parent (-p)", error))
		return FALSE;
	if (!g_uuid_string_is_valid(req->uuid)) {
		g_autofree char *quoted = ap_quote(req->uuid);

		g_set_error(error, INVALID, "%s is not a UUID", quoted);
		return FALSE;
	}
	return TRUE;
}
