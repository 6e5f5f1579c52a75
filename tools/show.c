// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "command.h"
#include "error.h"
#include "grid.h"
#include "ids.h"
#include "out.h"

static guint terminal_width(void)
{
	const char *columns = g_getenv("COLUMNS");
	struct winsize size;
	guint64 n;

	if (columns && g_ascii_string_to_unsigned(columns, 10, 20, 10000, &n, NULL))
		return n;
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col >= 20)
		return size.ws_col;
	return 100;
}

static void out_entry(JsonBuilder *b, const ApEntry *e)
{
	json_builder_begin_object(b);
	out_string(b, "uuid", e->uuid);
	out_string(b, "name", e->name);
	out_bool(b, "defined", e->defined);
	out_bool(b, "broken", e->broken);
	out_bool(b, "autostart", e->autostart);
	out_bool(b, "active", e->active);
	if (e->defined && !e->broken)
		out_matrix(b, "definition", &e->definition);
	if (e->active)
		out_matrix(b, "matrix", &e->matrix);
	if (e->active && e->has_guest)
		out_matrix(b, "guest_matrix", &e->guest);
	if (e->active)
		out_lines(b, "filtered", e->filtered);
	json_builder_end_object(b);
}

static void out_card(JsonBuilder *b, unsigned int apid, const ApCard *card)
{
	json_builder_begin_object(b);
	out_int(b, "id", apid);
	out_string(b, "type", card->type);
	out_int(b, "config", card->config);
	out_int(b, "chkstop", card->chkstop);
	out_int(b, "online", card->online);
	out_ids(b, "queues", &card->queues);
	out_ids(b, "vfio_ap", &card->vfio);
	json_builder_end_object(b);
}

static void out_features(JsonBuilder *b, ApFeatures features)
{
	static const char *const words[] = { "ap_config", "guest_config", "filtered", "commit",
					     "driver_override" };
	guint i;

	out_array(b, "features");
	for (i = 0; i < G_N_ELEMENTS(words); i++)
		if (features & (1u << i))
			json_builder_add_string_value(b, words[i]);
	json_builder_end_array(b);
}

static void out_overrides(JsonBuilder *b, const ApOverrides *overrides)
{
	guint i;

	out_array(b, "driver_overrides");
	for (i = 0; overrides && i < overrides->list->len; i++) {
		const ApOverride *o = overrides->list->pdata[i];
		g_autofree char *queue = g_strdup_printf("%02x.%04x", o->apid, o->apqi);

		json_builder_begin_object(b);
		out_string(b, "queue", queue);
		out_string(b, "driver", o->driver);
		json_builder_end_object(b);
	}
	json_builder_end_array(b);
}

static void out_host(JsonBuilder *b, const struct grid *g)
{
	const struct ap_matrix *rule = ap_state_get_rule(g->state);
	unsigned int apid;

	json_builder_set_member_name(b, "host");
	json_builder_begin_object(b);
	out_bool(b, "ap_bus", ap_state_has_bus(g->state));
	out_bool(b, "vfio_ap", ap_state_has_parent(g->state));
	out_features(b, ap_state_get_features(g->state));
	out_matrix(b, "host_drivers", ap_state_get_masks(g->state));
	if (rule)
		out_matrix(b, "host_drivers_after_boot", rule);
	out_overrides(b, ap_state_get_overrides(g->state));
	out_array(b, "cards");
	apm_mask_for_each(apid, &g->hw->adapters)
		out_card(b, apid, &g->hw->cards[apid]);
	json_builder_end_array(b);
	json_builder_end_object(b);
}

static void show_json(const struct options *o, const struct grid *g, const ApEntry *only,
		      const GPtrArray *warnings)
{
	const GPtrArray *entries = ap_state_get_entries(g->state);
	JsonBuilder *b = out_begin("show");
	guint i;

	if (!o->n_args)
		out_host(b, g);
	out_array(b, "guests");
	for (i = 0; i < entries->len; i++)
		if (!only || only == entries->pdata[i])
			out_entry(b, entries->pdata[i]);
	json_builder_end_array(b);
	out_warnings(b, warnings);
	out_end(b, TRUE);
}

static void print_matrix(const char *what, const struct ap_matrix *m)
{
	g_autofree char *apm = ap_ids_to_text(&m->apm, 2);
	g_autofree char *aqm = ap_ids_to_text(&m->aqm, 4);
	g_autofree char *adm = ap_ids_to_text(&m->adm, 4);

	printf("%-12s adapters %s, domains %s%s%s\n", what, *apm ? apm : "none",
	       *aqm ? aqm : "none", *adm ? ", control domains " : "", adm);
}

static void show_guest(const struct options *o, const ApEntry *e)
{
	g_autofree char *user = e->active ? ap_user_find(o->host, e->uuid) : NULL;
	g_auto(GStrv) reasons = g_strsplit(e->filtered ? e->filtered : "", "\n", -1);
	guint i;

	printf("%-12s %s\n%-12s %s\n", "name", e->name ? e->name : "-", "uuid", e->uuid);
	printf("%-12s %s, %s%s%s\n", "state", e->active ? "active" : "not active",
	       e->broken      ? "definition broken"
	       : !e->defined  ? "not defined"
	       : e->autostart ? "defined, starts with the host"
			      : "defined, started by hand",
	       user ? ", used by " : "", user ? user : "");
	if (e->defined && !e->broken)
		print_matrix("definition", &e->definition);
	if (e->active)
		print_matrix("assigned", &e->matrix);
	if (e->active && e->has_guest)
		print_matrix("passed on", &e->guest);
	for (i = 0; reasons[i]; i++)
		if (*reasons[i])
			printf("%-12s %s\n", i ? "" : "not passed", reasons[i]);
}

static void print_inactive(const ApState *state)
{
	const GPtrArray *entries = ap_state_get_entries(state);
	guint i;

	for (i = 0; i < entries->len; i++) {
		const ApEntry *e = entries->pdata[i];

		if (!e->active && e->defined)
			printf("   not active: %s%s\n", ap_entry_get_label(e),
			       e->broken ? " (definition broken)" : "");
	}
}

/* Where there is one, the masks cannot be changed any more: that is worth a line. */
static void print_overrides(const ApState *state)
{
	const ApOverrides *overrides = ap_state_get_overrides(state);
	g_autofree char *text = overrides ? ap_overrides_describe(overrides) : NULL;

	if (text)
		printf("   by driver_override, whatever the masks say: %s\n", text);
}

int cmd_show(const struct options *o, GError **error)
{
	g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(grid_t) grid = grid_read(o->host, warnings, error);
	const ApEntry *only = NULL;

	if (!grid)
		return 1;
	if (o->n_args) {
		only = ap_state_find(grid->state, o->args[0]);
		if (!only) {
			g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
				    "there is no guest '%s'; apmatrix show lists them", o->args[0]);
			return 1;
		}
	}
	if (o->json) {
		show_json(o, grid, only, warnings);
		return 0;
	}
	print_warnings(warnings);
	if (o->svg) {
		grid_print_svg(grid);
	} else if (only) {
		show_guest(o, only);
	} else {
		grid_print_text(grid, o->colour, terminal_width());
		print_inactive(grid->state);
		print_overrides(grid->state);
	}
	return 0;
}
