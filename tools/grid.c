// SPDX-License-Identifier: LGPL-2.1-or-later
#include "grid.h"

#include <stdio.h>

static void place_host(struct grid *g)
{
	const struct ap_matrix *masks = ap_state_get_masks(g->state);
	const ApOverrides *overrides = ap_state_get_overrides(g->state);
	unsigned int apid, apqi;

	apm_mask_for_each(apid, &g->hw->adapters) {
		struct ap_mask host = ap_overrides_host_queues(overrides, masks, apid);

		apm_mask_for_each(apqi, &g->hw->cards[apid].queues)
			g->cell[apid][apqi] = apm_mask_test(&host, apqi) ? CELL_HOST : CELL_FREE;
	}
}

static void place_guest(struct grid *g, guint index)
{
	const ApEntry *e = g->active->pdata[index];
	unsigned int apid, apqi;

	apm_mask_for_each(apid, &e->matrix.apm) {
		apm_mask_for_each(apqi, &e->matrix.aqm) {
			gboolean passed = e->has_guest && apm_matrix_has(&e->guest, apid, apqi);

			g->cell[apid][apqi] = passed ? CELL_PASSED : CELL_ASSIGNED;
			g->owner[apid][apqi] = index;
		}
	}
	g->rows = apm_mask_or(&g->rows, &e->matrix.apm);
	g->columns = apm_mask_or(&g->columns, &e->matrix.aqm);
}

struct grid *grid_read(const ApHost *host, GPtrArray *warnings, GError **error)
{
	g_autoptr(grid_t) g = g_new0(struct grid, 1);
	const GPtrArray *entries;
	guint i;

	g->active = g_ptr_array_new();
	g->state = ap_state_read(host, warnings, error);
	if (!g->state)
		return NULL;
	g->hw = ap_hardware_read(host);
	g->rows = g->hw->adapters;
	g->columns = g->hw->domains;
	place_host(g);
	entries = ap_state_get_entries(g->state);
	for (i = 0; i < entries->len; i++) {
		if (!((ApEntry *)entries->pdata[i])->active)
			continue;
		g_ptr_array_add(g->active, entries->pdata[i]);
		place_guest(g, g->active->len - 1);
	}
	return g_steal_pointer(&g);
}

void grid_free(struct grid *grid)
{
	if (!grid)
		return;
	g_ptr_array_unref(grid->active);
	ap_state_free(grid->state);
	ap_hardware_free(grid->hw);
	g_free(grid);
}

void grid_label(guint owner, gboolean passed, char label[4])
{
	char letter = (passed ? 'A' : 'a') + owner % 26;

	if (owner < 26)
		g_snprintf(label, 4, "%c", letter);
	else
		g_snprintf(label, 4, "%c%u", letter, owner / 26 % 10);
}
