// SPDX-License-Identifier: LGPL-2.1-or-later
#include "event.h"

#include <stdio.h>

#include "input.h"
#include "json.h"
#include "policy.h"
#include "quote.h"

struct call {
	const struct request *req;
	const ApHost *host;
	GPtrArray *warnings;
};

static ApDefinition *read_definition(const struct call *c, GError **error)
{
	g_autofree char *text = NULL;
	g_autofree char *uuid = NULL;
	gsize len;

	text = input_read(AP_DEFINITION_MAX, &len, error);
	if (!text)
		return NULL;
	uuid = g_ascii_strdown(c->req->uuid, -1);
	return ap_definition_parse(uuid, text, len, error);
}

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

static gboolean put_line(const char *text, GError **error)
{
	if (puts(text) >= 0 && !fflush(stdout))
		return TRUE;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "cannot write the answer");
	return FALSE;
}

static gboolean get_capabilities(const struct call *c G_GNUC_UNUSED, GError **error)
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

static gboolean get_attributes(const struct call *c, GError **error)
{
	g_autofree char *uuid = g_ascii_strdown(c->req->uuid, -1);
	g_autoptr(GPtrArray) attrs = NULL;
	g_autofree char *text = NULL;
	struct ap_matrix matrix;

	if (!ap_host_get_config(c->host, uuid, &matrix, error))
		return FALSE;
	attrs = ap_attrs_from_matrix(&matrix);
	text = ap_attrs_to_json(attrs);
	return put_line(text, error);
}

static gboolean pre_define(const struct call *c, GError **error)
{
	g_autoptr(ApDefinition) def = NULL;

	if (!check_parent(c, error))
		return FALSE;
	def = read_definition(c, error);
	return def && ap_policy_define(c->host, def, c->warnings, error);
}

static gboolean pre_start(const struct call *c, GError **error)
{
	g_autoptr(ApDefinition) def = NULL;

	if (!check_parent(c, error))
		return FALSE;
	def = read_definition(c, error);
	return def && ap_policy_start(c->host, def, c->warnings, error);
}

/* mdevctl does not heed the status of a post event, but shows what is on stderr. */
static gboolean post_start(const struct call *c, GError **error)
{
	g_autoptr(ApDefinition) def = NULL;

	if (g_strcmp0(c->req->state, "success"))
		return TRUE;
	def = read_definition(c, error);
	return def && ap_live_verify(c->host, ap_definition_get_uuid(def),
				     ap_definition_get_matrix(def), error);
}

static gboolean live_modify(const struct call *c, GError **error)
{
	g_autoptr(ApDefinition) def = NULL;

	if (!check_parent(c, error))
		return FALSE;
	def = read_definition(c, error);
	return def && ap_policy_live(def, error) &&
	       ap_live_set(c->host, ap_definition_get_uuid(def), ap_definition_get_matrix(def),
			   error);
}

/* Removing must be possible whatever the definition looks like. */
static gboolean nothing(const struct call *c G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
	return TRUE;
}

static const struct {
	const char *event;
	const char *action;
	gboolean (*run)(const struct call *c, GError **error);
	const char *refusal;
} events[] = {
	{ "get", "capabilities", get_capabilities, "cannot tell what is supported for" },
	{ "get", "attributes", get_attributes, "cannot tell the attributes of" },
	{ "pre", "define", pre_define, "cannot define" },
	{ "post", "define", nothing, NULL },
	{ "pre", "modify", pre_define, "cannot modify the definition of" },
	{ "post", "modify", nothing, NULL },
	{ "live", "modify", live_modify, "cannot modify the active device" },
	{ "pre", "start", pre_start, "cannot start" },
	{ "post", "start", post_start, "after the start of" },
	{ "pre", "stop", nothing, NULL },
	{ "post", "stop", nothing, NULL },
	{ "pre", "undefine", nothing, NULL },
	{ "post", "undefine", nothing, NULL },
};

static gboolean set_unknown(const struct request *req, GError **error)
{
	g_autofree char *event = ap_quote(req->event);
	g_autofree char *action = ap_quote(req->action);

	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_UNSUPPORTED,
		    "event %s with action %s is unknown", event, action);
	return FALSE;
}

gboolean event_run(const struct request *req, const ApHost *host, GPtrArray *warnings,
		   GError **error)
{
	const struct call c = { .req = req, .host = host, .warnings = warnings };
	gsize i;

	if (g_str_equal(req->event, "notify"))
		return TRUE;
	for (i = 0; i < G_N_ELEMENTS(events); i++) {
		if (!g_str_equal(req->event, events[i].event) ||
		    !g_str_equal(req->action, events[i].action))
			continue;
		if (events[i].run(&c, error))
			return TRUE;
		g_prefix_error(error, "%s %s: ", events[i].refusal, req->uuid);
		return FALSE;
	}
	return set_unknown(req, error);
}
