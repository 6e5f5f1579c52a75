// SPDX-License-Identifier: LGPL-2.1-or-later
#include "event.h"

#include <stdio.h>

#include "define.h"
#include "device.h"
#include "error.h"
#include "guard.h"
#include "input.h"
#include "json.h"
#include "kept.h"
#include "lockfile.h"
#include "notify.h"
#include "quote.h"
#include "session.h"

#ifndef LOCK_SECONDS
#define LOCK_SECONDS 60
#endif

static gboolean put_line(const char *text, GError **error)
{
	if (puts(text) >= 0 && !fflush(stdout))
		return TRUE;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "cannot write the answer");
	return FALSE;
}

static gboolean get_capabilities(struct call *c G_GNUC_UNUSED, GError **error)
{
	g_autofree char *text = NULL;
	g_autoptr(JsonNode) offer = NULL;
	gsize len;

	text = input_read(AP_DEFINITION_MAX, &len, error);
	if (!text)
		return FALSE;
	offer = ap_json_parse(text, len, error);
	if (!offer)
		return FALSE;
	return put_line("{\"supports\":{\"version\":2,\"actions\":[\"start\",\"stop\",\"define\","
			"\"undefine\",\"modify\",\"attributes\",\"capabilities\"],\"events\":"
			"[\"pre\",\"post\",\"notify\",\"get\",\"live\"]}}",
			error);
}

static gboolean get_attributes(struct call *c, GError **error)
{
	g_autoptr(GPtrArray) attrs = NULL;
	g_autofree char *text = NULL;
	struct ap_matrix matrix;

	if (!ap_host_get_config(c->host, c->uuid, &matrix, error))
		return FALSE;
	attrs = ap_attrs_from_matrix(&matrix);
	text = ap_attrs_to_json(attrs);
	return put_line(text, error);
}

static gboolean nothing(struct call *c G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
	return TRUE;
}

/*
 * What the lock is for: BEGIN takes it for all that mdevctl does until END, ONCE for a call
 * that no other one follows.
 */
typedef enum { LOCK_NONE, LOCK_BEGIN, LOCK_END, LOCK_ONCE } LockUse;

static const struct event {
	const char *event;
	const char *action;
	LockUse lock;
	gboolean (*run)(struct call *c, GError **error);
	const char *refusal;
} events[] = {
	{ "get", "capabilities", LOCK_NONE, get_capabilities, "cannot tell what is supported for" },
	{ "get", "attributes", LOCK_NONE, get_attributes, "cannot tell the attributes of" },
	{ "pre", "define", LOCK_BEGIN, define_before, "cannot define" },
	{ "post", "define", LOCK_END, define_after, "after the definition of" },
	{ "pre", "modify", LOCK_BEGIN, define_modify_before, "cannot modify the definition of" },
	{ "post", "modify", LOCK_END, define_after, "after the change of" },
	{ "live", "modify", LOCK_ONCE, device_live, "cannot modify the active device" },
	{ "pre", "start", LOCK_BEGIN, device_start_before, "cannot start" },
	{ "post", "start", LOCK_END, device_start_after, "after the start of" },
	{ "pre", "stop", LOCK_BEGIN, device_stop_before, "cannot stop" },
	{ "post", "stop", LOCK_END, nothing, "after the stop of" },
	/* Removing a definition must be possible whatever it looks like. */
	{ "pre", "undefine", LOCK_BEGIN, nothing, "cannot undefine" },
	{ "post", "undefine", LOCK_END, define_undefine_after, "after the removal of" },
};

static const struct event *find(const struct request *req, GError **error)
{
	g_autofree char *event = NULL;
	g_autofree char *action = NULL;
	gsize i;

	for (i = 0; i < G_N_ELEMENTS(events); i++)
		if (g_str_equal(req->event, events[i].event) &&
		    g_str_equal(req->action, events[i].action))
			return &events[i];
	event = ap_quote(req->event);
	action = ap_quote(req->action);
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_UNSUPPORTED,
		    "event %s with action %s is unknown", event, action);
	return NULL;
}

/* The lock, and nothing left undone by others. */
static gboolean begin(struct call *c, GError **error)
{
	session_begin(c);
	if (!ap_lockfile_take(c->host, c->mdevctl, LOCK_SECONDS, c->warnings, error))
		return FALSE;
	guard_start(c);
	ap_kept_settle(c->host, c->warnings);
	return TRUE;
}

/* init took us over: whoever asked does not hear the answer. */
static gboolean has_mdevctl(const struct call *c, GError **error)
{
	if (c->mdevctl != 1)
		return TRUE;
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_RETRY,
		    "mdevctl has ended; run it again");
	return FALSE;
}

static gboolean run_locked(const struct event *e, struct call *c, GError **error)
{
	gboolean ok;

	if (!has_mdevctl(c, error))
		return FALSE;
	ok = begin(c, error);

	if (ok)
		ok = e->run(c, error);
	else if (e->run == define_modify_before)
		device_live_undo(c, error);
	session_set(c, "result", ok ? "done" : "refused");
	session_set(c, "reason", ok ? NULL : (*error)->message);
	if (!ok || e->lock == LOCK_ONCE)
		ap_lockfile_release(c->host, c->mdevctl);
	return ok;
}

gboolean event_run(struct call *c, GError **error)
{
	const struct event *e;
	gboolean ok;

	if (g_str_equal(c->req->event, "notify")) {
		notify(c);
		return TRUE;
	}
	e = find(c->req, error);
	if (!e)
		return FALSE;
	ok = e->lock == LOCK_BEGIN || e->lock == LOCK_ONCE ? run_locked(e, c, error)
							   : e->run(c, error);
	if (e->lock == LOCK_END)
		ap_lockfile_release(c->host, c->mdevctl);
	if (!ok)
		g_prefix_error(error, "%s %s: ", e->refusal, c->req->uuid);
	return ok;
}
