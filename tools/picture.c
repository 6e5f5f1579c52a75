// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The grid in a terminal.
 */
#include <stdio.h>

#include "grid.h"

/* "   05 CEX8C    " before the cells, and what one cell takes. */
#define HEAD 16
#define CELL 3

static const int hues[] = { 32, 36, 35, 33, 34, 31 };

static void print_cell(const struct grid *g, unsigned int apid, unsigned int apqi, gboolean colour)
{
	CellState cell = g->cell[apid][apqi];
	char label[4] = " ";

	if (cell == CELL_HOST)
		g_strlcpy(label, "-", sizeof(label));
	else if (cell == CELL_FREE)
		g_strlcpy(label, ".", sizeof(label));
	else if (cell != CELL_NONE)
		grid_label(g->owner[apid][apqi], cell == CELL_PASSED, label);
	if (!colour || cell < CELL_ASSIGNED)
		printf(" %-2s", label);
	else
		printf(" \033[%s%dm%-2s\033[0m", cell == CELL_PASSED ? "" : "2;",
		       hues[g->owner[apid][apqi] % G_N_ELEMENTS(hues)], label);
}

static const char *card_text(const ApCard *card)
{
	if (!card->present)
		return "absent";
	if (card->config == 0)
		return "deconf.";
	if (card->chkstop == 1)
		return "chkstop";
	return card->type ? card->type : "?";
}

/* The domains from @first that fit; returns where the next block begins. */
static unsigned int print_block(const struct grid *g, unsigned int first, guint fit,
				gboolean colour)
{
	unsigned int apid, apqi, last = first;
	guint n;

	printf("%-*s", HEAD, "   domain");
	for (apqi = first, n = 0; apqi < AP_IDS && n < fit; n++) {
		printf(" %02x", apqi);
		last = apqi;
		apqi = apm_mask_next(&g->columns, apqi + 1);
	}
	puts("");
	apm_mask_for_each(apid, &g->rows) {
		printf("   %02x %-*.8s", apid, HEAD - 6, card_text(&g->hw->cards[apid]));
		for (apqi = first; apqi <= last; apqi = apm_mask_next(&g->columns, apqi + 1))
			print_cell(g, apid, apqi, colour);
		puts("");
	}
	return apm_mask_next(&g->columns, last + 1);
}

static void print_legend(const struct grid *g)
{
	char label[4];
	guint i;

	for (i = 0; i < g->active->len; i++) {
		const ApEntry *e = g->active->pdata[i];

		grid_label(i, TRUE, label);
		printf("   %-2s %s%s\n", label, ap_entry_get_label(e),
		       e->defined ? "" : " (not defined)");
	}
	puts("   small letter: assigned, not passed on · - host drivers · . free for guests");
}

void grid_print_text(const struct grid *grid, gboolean colour, guint width)
{
	guint fit = width > HEAD + CELL ? (width - HEAD) / CELL : 1;
	unsigned int first = apm_mask_next(&grid->columns, 0);

	if (first == AP_IDS)
		puts("   no queues");
	while (first < AP_IDS)
		first = print_block(grid, first, fit, colour);
	print_legend(grid);
}
