// SPDX-License-Identifier: LGPL-2.1-or-later
#include "notify.h"

#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "journal.h"
#include "process.h"
#include "session.h"
#include "state.h"

#define TEXT_MAX (64 * 1024)

/* Of systemd's catalogue: sd_journal_print(3), MESSAGE_ID. */
#define MESSAGE_CHANGE "7b1d3c5e0a9f4d2c8e6b4a1f9d30c257"

static char *read_proc(const struct call *c, pid_t pid, const char *name)
{
	g_autofree char *below = g_strdup_printf("proc/%d/%s", pid, name);
	g_autofree char *path = ap_host_path(c->host, below);
	char *text = ap_file_read(path, TEXT_MAX, NULL, NULL);

	return text ? g_strchomp(text) : NULL;
}

/* The word after a heading of proc/PID/status. */
static char *read_status(const struct call *c, const char *heading)
{
	g_autofree char *text = read_proc(c, c->mdevctl, "status");
	const char *p = text ? strstr(text, heading) : NULL;

	if (!p)
		return NULL;
	p += strlen(heading);
	p += strspn(p, " \t");
	return g_strndup(p, strcspn(p, " \t\n"));
}

static char *describe_who(const struct call *c)
{
	g_autofree char *login = read_proc(c, c->mdevctl, "loginuid");
	g_autofree char *self = ap_process_describe(c->host, c->mdevctl);
	g_autofree char *parent = read_status(c, "\nPPid:");
	g_autofree char *uid = read_status(c, "\nUid:");
	GString *s = g_string_new(NULL);

	if (uid)
		g_string_append_printf(s, "uid %s", uid);
	/* 4294967295: nobody logged in for this. */
	if (login && !g_str_equal(login, "4294967295"))
		g_string_append_printf(s, " (login uid %s)", login);
	g_string_append_printf(s, "%s%s", s->len ? ", " : "", self);
	if (parent) {
		g_autofree char *caller = ap_process_describe(c->host, atoi(parent));

		g_string_append_printf(s, " of %s", caller);
	}
	return g_string_free(s, FALSE);
}

static char *find_name(const struct call *c)
{
	g_autofree char *below = ap_host_path(c->host, "etc/apmatrix/names");
	g_autofree char *text = ap_file_read(below, AP_DEFINITION_MAX, NULL, NULL);
	g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
	gsize len = strlen(c->uuid);
	guint i;

	for (i = 0; lines[i]; i++)
		if (!g_ascii_strncasecmp(lines[i], c->uuid, len) && lines[i][len] == ' ')
			return g_strdup(lines[i] + len + 1);
	return NULL;
}

/* "before → after", or only one where both are the same. */
static char *describe_change(const char *before, const char *after)
{
	if (!before || g_str_equal(before, after))
		return g_strdup(after);
	return g_strdup_printf("%s → %s", before, after);
}

static const char *describe_result(const struct call *c, const char *told)
{
	if (!g_strcmp0(c->req->state, "success"))
		return "done";
	if (!g_strcmp0(c->req->state, "failure"))
		return "failed";
	return told ? told : "refused";
}

void notify(struct call *c)
{
	g_autofree char *before_defined = session_get(c, "defined");
	g_autofree char *before_active = session_get(c, "active");
	g_autofree char *uuid = session_get(c, "uuid");
	g_autofree char *told = session_get(c, "result");
	g_autofree char *reason = session_get(c, "reason");
	g_autofree char *after_defined = session_describe_defined(c);
	g_autofree char *after_active = session_describe_active(c);
	gboolean known = !g_strcmp0(uuid, c->uuid);
	g_autofree char *defined = describe_change(known ? before_defined : NULL, after_defined);
	g_autofree char *active = describe_change(known ? before_active : NULL, after_active);
	const char *result = describe_result(c, known ? told : NULL);
	g_autofree char *who = describe_who(c);
	g_autofree char *name = find_name(c);
	g_autofree char *message = NULL;

	message = g_strdup_printf("%s of %s %s by %s; definition: %s; device: %s", c->req->action,
				  name ? name : c->uuid, result, who, defined, active);
	journal_send(c->host, g_str_equal(result, "done") ? JOURNAL_NOTICE : JOURNAL_WARNING,
		     message, "MESSAGE_ID", MESSAGE_CHANGE, "APMATRIX_ACTION", c->req->action,
		     "APMATRIX_RESULT", result, "APMATRIX_UUID", c->uuid, "APMATRIX_NAME", name,
		     "APMATRIX_WHO", who, "APMATRIX_DEFINED_BEFORE", known ? before_defined : NULL,
		     "APMATRIX_DEFINED_AFTER", after_defined, "APMATRIX_ACTIVE_BEFORE",
		     known ? before_active : NULL, "APMATRIX_ACTIVE_AFTER", after_active,
		     "APMATRIX_REASON", known && !g_str_equal(result, "done") ? reason : NULL,
		     NULL);
}
