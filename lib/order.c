// SPDX-License-Identifier: LGPL-2.1-or-later
#include "order.h"

struct order {
	const ApMove *moves;
	guint n;
	struct ap_matrix *now;
	gboolean *pending;
	/* Who has each queue: the move's index plus one. */
	guint16 (*owners)[AP_IDS];
	GArray *steps;
};

static void own(struct order *o, const struct ap_matrix *m, guint16 owner)
{
	unsigned int apid, apqi;

	apm_mask_for_each(apid, &m->apm)
		apm_mask_for_each(apqi, &m->aqm)
			o->owners[apid][apqi] = owner;
}

static gboolean fits(const struct order *o, guint index)
{
	const struct ap_matrix *m = &o->moves[index].to;
	unsigned int apid, apqi;

	apm_mask_for_each(apid, &m->apm)
		apm_mask_for_each(apqi, &m->aqm)
			if (o->owners[apid][apqi] && o->owners[apid][apqi] != index + 1)
				return FALSE;
	return TRUE;
}

static void step(struct order *o, guint index, struct ap_matrix matrix)
{
	ApOrderStep s = { .index = index, .matrix = matrix };

	own(o, &o->now[index], 0);
	own(o, &matrix, index + 1);
	o->now[index] = matrix;
	o->pending[index] = !apm_matrix_equal(&matrix, &o->moves[index].to);
	g_array_append_val(o->steps, s);
}

static gboolean step_what_fits(struct order *o)
{
	gboolean any = FALSE;
	guint i;

	for (i = 0; i < o->n; i++) {
		if (o->pending[i] && fits(o, i)) {
			step(o, i, o->moves[i].to);
			any = TRUE;
		}
	}
	return any;
}

/* All that is left waits in circles: one of them gives up what it will not keep. */
static gboolean shrink_one(struct order *o)
{
	struct ap_matrix kept;
	guint i;

	for (i = 0; i < o->n; i++) {
		kept = apm_matrix_and(&o->now[i], &o->moves[i].to);
		if (!o->pending[i] || apm_matrix_equal(&kept, &o->now[i]))
			continue;
		step(o, i, kept);
		return TRUE;
	}
	return FALSE;
}

GArray *ap_order(const ApMove *moves, guint n)
{
	g_autofree struct ap_matrix *now = g_new(struct ap_matrix, n + 1);
	g_autofree gboolean *pending = g_new(gboolean, n + 1);
	g_autofree guint16(*owners)[AP_IDS] = g_malloc0(sizeof(*owners) * AP_IDS);
	struct order o = { moves, n, now, pending, owners, NULL };
	guint i;

	o.steps = g_array_new(FALSE, FALSE, sizeof(ApOrderStep));
	for (i = 0; i < n; i++) {
		now[i] = moves[i].from;
		pending[i] = !apm_matrix_equal(&moves[i].from, &moves[i].to);
		own(&o, &now[i], i + 1);
	}
	while (step_what_fits(&o) || shrink_one(&o))
		;
	return o.steps;
}
