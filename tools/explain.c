// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Who owns a queue, why it is not passed on, what would change that.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "error.h"
#include "grid.h"
#include "ids.h"
#include "out.h"

/* What there is to say, sentence by sentence; then what can be done. */
struct explanation {
	GPtrArray *facts;
	GPtrArray *remedies;
	const char *owner;
};

static void add(GPtrArray *list, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void add(GPtrArray *list, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_ptr_array_add(list, g_strdup_vprintf(format, args));
	va_end(args);
}

static void explain_hardware(struct explanation *x, const struct options *o, const struct grid *g,
			     unsigned int apid, unsigned int apqi)
{
	const ApCard *card = &g->hw->cards[apid];

	if (!card->present) {
		add(x->facts, "The host has no adapter %02x.", apid);
		add(x->remedies, "Have the adapter assigned to this host on the machine's console "
				 "(HMC or SE); it then appears by itself.");
		return;
	}
	if (!apm_mask_test(&card->queues, apqi)) {
		add(x->facts, "The host has adapter %02x, but not its domain %04x.", apid, apqi);
		add(x->remedies, "Have the domain assigned to this host on the machine's console "
				 "(HMC or SE).");
		return;
	}
	add(x->facts, "Adapter %02x is a %s.", apid, card->type ? card->type : "card");
	if (card->config == 0) {
		add(x->facts, "The adapter is deconfigured: requests fail.");
		add(x->remedies, "Configure it: chzcrypt --config-on %02x.", apid);
	}
	if (card->chkstop == 1 || ap_hardware_get_queue_flag(o->host, apid, apqi, "chkstop") == 1)
		add(x->facts, "It is checkstopped, which is a hardware error.");
	if (apm_mask_test(&card->vfio, apqi))
		add(x->facts, "The queue is bound to vfio_ap.");
}

static void explain_masks(struct explanation *x, const struct grid *g, unsigned int apid,
			  unsigned int apqi)
{
	const struct ap_matrix *masks = ap_state_get_masks(g->state);
	const ApOverrides *overrides = ap_state_get_overrides(g->state);
	const char *driver = ap_overrides_get_driver(overrides, apid, apqi);
	const ApCard *card = &g->hw->cards[apid];
	struct ap_mask host = ap_overrides_host_queues(overrides, masks, apid);
	gboolean reserved = apm_mask_test(&host, apqi);
	gboolean bound = apm_mask_test(&card->vfio, apqi);

	if (driver)
		add(x->facts, "Its driver_override is %s, so the masks do not count for it.",
		    driver);
	else if (reserved)
		add(x->facts,
		    "apmask has the adapter and aqmask the domain: it belongs to the host "
		    "drivers.");
	else
		add(x->facts, "It is reserved for guests by %s.",
		    apm_mask_test(&masks->apm, apid)   ? "aqmask"
		    : apm_mask_test(&masks->aqm, apqi) ? "apmask"
						       : "apmask and aqmask");
	if (reserved)
		x->owner = "host drivers";
	if (reserved && overrides)
		add(x->remedies,
		    "For guests: driverctl -b ap set-override %02x.%04x vfio_ap; the masks cannot be "
		    "changed while queues have a driver_override.",
		    apid, apqi);
	else if (reserved)
		add(x->remedies,
		    "For guests: apmatrix reserve --adapters 0x%02x, or --domains "
		    "0x%04x.",
		    apid, apqi);
	if (!reserved && !bound && apm_mask_test(&card->queues, apqi)) {
		add(x->facts, "It is not bound to vfio_ap.");
		add(x->remedies, "Load vfio_ap, or write its name to the queue's driver binding; "
				 "apmatrix doctor looks into it.");
	}
	if (reserved && bound)
		add(x->facts,
		    "It is bound to vfio_ap all the same, until the bus looks at it again.");
}

static void explain_reasons(struct explanation *x, const ApEntry *e)
{
	g_auto(GStrv) lines = g_strsplit(e->filtered ? e->filtered : "", "\n", -1);
	guint i;

	for (i = 0; lines[i]; i++)
		if (*lines[i])
			add(x->facts, "Not passed on: %s.", lines[i]);
}

static void explain_owner(struct explanation *x, const struct grid *g, unsigned int apid,
			  unsigned int apqi)
{
	const GPtrArray *entries = ap_state_get_entries(g->state);
	guint i;

	for (i = 0; i < entries->len; i++) {
		const ApEntry *e = entries->pdata[i];
		const char *label = ap_entry_get_label(e);

		if (e->active && apm_matrix_has(&e->matrix, apid, apqi)) {
			x->owner = label;
			if (e->has_guest && apm_matrix_has(&e->guest, apid, apqi)) {
				add(x->facts, "It is assigned to %s and passed on.", label);
			} else {
				add(x->facts, "It is assigned to %s and not passed on.", label);
				explain_reasons(x, e);
			}
		}
		if (e->defined && apm_matrix_has(&e->definition, apid, apqi) && !e->active)
			add(x->facts, "It is in the definition of %s, which is not active.", label);
	}
}

static void explain_queue(struct explanation *x, const struct options *o, const struct grid *g,
			  unsigned int apid, unsigned int apqi)
{
	explain_hardware(x, o, g, apid, apqi);
	explain_masks(x, g, apid, apqi);
	explain_owner(x, g, apid, apqi);
	if (!x->owner) {
		add(x->facts, "No guest has it.");
		add(x->remedies,
		    "Give it to a guest: add adapter 0x%02x and domain 0x%04x to its "
		    "matrix in the host definition, and apmatrix apply it.",
		    apid, apqi);
	}
}

/* By the hardware and the masks, for kernels that do not give reasons themselves. */
static void explain_missing(struct explanation *x, const struct grid *g, const ApEntry *e)
{
	struct ap_mask absent = apm_mask_andnot(&e->matrix.apm, &g->hw->adapters);
	struct ap_mask unbound;
	unsigned int apid;

	apm_mask_for_each(apid, &absent)
		add(x->facts, "The host has no adapter %02x.", apid);
	apm_mask_for_each(apid, &e->matrix.apm) {
		const ApCard *card = &g->hw->cards[apid];

		unbound = apm_mask_and(&e->matrix.aqm, &card->queues);
		unbound = apm_mask_andnot(&unbound, &card->vfio);
		if (!apm_mask_empty(&unbound))
			add(x->facts, "Queue %02x.%04x is not bound to vfio_ap.", apid,
			    apm_mask_next(&unbound, 0));
	}
}

static void explain_guest(struct explanation *x, const struct options *o, const struct grid *g,
			  const ApEntry *e)
{
	g_autofree char *user = e->active ? ap_user_find(o->host, e->uuid) : NULL;

	x->owner = ap_entry_get_label(e);
	if (e->broken) {
		add(x->facts, "Its definition is broken.");
		add(x->remedies, "apmatrix apply writes it anew; apmatrix doctor tells what is "
				 "wrong.");
	}
	if (!e->active) {
		add(x->facts, "It is not active.");
		add(x->remedies, "Start it: mdevctl start --uuid %s.", e->uuid);
		return;
	}
	if (user)
		add(x->facts, "It is used by %s.", user);
	if (!e->has_guest)
		add(x->facts, "The kernel does not tell what is passed on.");
	else if (apm_mask_equal(&e->matrix.apm, &e->guest.apm) &&
		 apm_mask_equal(&e->matrix.aqm, &e->guest.aqm))
		add(x->facts, "All that is assigned is passed on.");
	else if (e->filtered && *e->filtered)
		explain_reasons(x, e);
	else
		explain_missing(x, g, e);
	if (e->defined && !e->broken && !apm_matrix_equal(&e->matrix, &e->definition)) {
		add(x->facts, "Its definition has another matrix.");
		add(x->remedies, "Apply the host definition, or write the active matrix into the "
				 "definition.");
	}
}

static void out_list(JsonBuilder *b, const char *name, const GPtrArray *list)
{
	guint i;

	out_array(b, name);
	for (i = 0; i < list->len; i++)
		json_builder_add_string_value(b, list->pdata[i]);
	json_builder_end_array(b);
}

static void print(const struct options *o, const struct explanation *x)
{
	JsonBuilder *b;
	guint i;

	if (o->json) {
		b = out_begin("explain");
		out_string(b, "subject", o->args[0]);
		out_string(b, "owner", x->owner);
		out_list(b, "facts", x->facts);
		out_list(b, "remedies", x->remedies);
		out_end(b, TRUE);
		return;
	}
	printf("%s: %s\n", o->args[0], x->owner ? x->owner : "nobody's");
	for (i = 0; i < x->facts->len; i++)
		printf("  %s\n", (char *)x->facts->pdata[i]);
	for (i = 0; i < x->remedies->len; i++)
		printf("  → %s\n", (char *)x->remedies->pdata[i]);
}

int cmd_explain(const struct options *o, GError **error)
{
	g_autoptr(GPtrArray) facts = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) remedies = g_ptr_array_new_with_free_func(g_free);
	struct explanation x = { facts, remedies, NULL };
	g_autoptr(grid_t) grid = grid_read(o->host, NULL, error);
	unsigned int apid, apqi;
	const ApEntry *entry;

	if (!grid)
		return 1;
	entry = ap_state_find(grid->state, o->args[0]);
	if (entry) {
		explain_guest(&x, o, grid, entry);
	} else if (ap_apqn_parse(o->args[0], &apid, &apqi, NULL)) {
		explain_queue(&x, o, grid, apid, apqi);
	} else {
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
			    "'%s' is neither a queue such as 05.0047 nor a guest's name or UUID",
			    o->args[0]);
		return 1;
	}
	print(o, &x);
	return 0;
}
