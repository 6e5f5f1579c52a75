// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The grid as a picture of a fixed size: 1280 × 720, whatever the host has.
 */
#include <string.h>
#include <stdio.h>

#include "grid.h"

#define WIDTH 1280
#define HEIGHT 720
#define LEFT 110
#define TOP 70
#define RIGHT 20
#define LEGEND 120

/* Evenly spread hues, so that neighbours in the list differ. */
static void put_colour(guint owner)
{
	printf("hsl(%u,62%%,48%%)", owner * 137 % 360);
}

struct layout {
	double cell_w;
	double cell_h;
	double font;
};

static struct layout lay_out(const struct grid *g)
{
	guint columns = MAX(apm_mask_weight(&g->columns), 1);
	guint rows = MAX(apm_mask_weight(&g->rows), 1);
	struct layout l;

	l.cell_w = MIN((double)(WIDTH - LEFT - RIGHT) / columns, 60);
	l.cell_h = MIN((double)(HEIGHT - TOP - LEGEND) / rows, 44);
	l.font = CLAMP(MIN(l.cell_w * 0.62, l.cell_h * 0.5), 5, 15);
	return l;
}

static void put_cell(const struct grid *g, const struct layout *l, unsigned int apid,
		     unsigned int apqi, double x, double y)
{
	CellState cell = g->cell[apid][apqi];
	char label[4];

	if (cell == CELL_NONE)
		return;
	printf("<rect x='%.2f' y='%.2f' width='%.2f' height='%.2f' ", x + 0.5, y + 0.5,
	       l->cell_w - 1, l->cell_h - 1);
	if (cell < CELL_ASSIGNED) {
		printf("fill='%s'/>\n", cell == CELL_HOST ? "#9aa0a6" : "#e8eaed");
		return;
	}
	printf("fill='");
	put_colour(g->owner[apid][apqi]);
	printf("'%s/>", cell == CELL_PASSED ? "" : " fill-opacity='0.3'");
	grid_label(g->owner[apid][apqi], cell == CELL_PASSED, label);
	printf("<text x='%.2f' y='%.2f' class='c' font-size='%.1f'%s>%s</text>\n",
	       x + l->cell_w / 2, y + l->cell_h / 2 + l->font * 0.35, l->font,
	       cell == CELL_PASSED ? " fill='#fff'" : "", label);
}

static void put_columns(const struct grid *g, const struct layout *l)
{
	double x = LEFT, font = CLAMP(l->cell_w * 0.8, 7, 14);
	unsigned int apqi;

	printf("<text x='%d' y='%d' font-size='14'>domain</text>\n", LEFT - 60, TOP - 10);
	apm_mask_for_each(apqi, &g->columns) {
		if (l->cell_w >= 36)
			printf("<text x='%.2f' y='%d' class='c' font-size='%.1f'>%04x</text>\n",
			       x + l->cell_w / 2, TOP - 10, font, apqi);
		else
			printf("<text transform='translate(%.2f,%d) rotate(-90)' "
			       "font-size='%.1f'>%04x</text>\n",
			       x + l->cell_w / 2 + font * 0.35, TOP - 8, font, apqi);
		x += l->cell_w;
	}
}

static void put_row(const struct grid *g, const struct layout *l, unsigned int apid, double y)
{
	const ApCard *card = &g->hw->cards[apid];
	double x = LEFT, font = CLAMP(l->cell_h * 0.6, 7, 14);
	g_autofree char *type =
		g_markup_escape_text(card->present ? card->type ? card->type : "?" : "absent", -1);
	unsigned int apqi;

	printf("<text x='10' y='%.2f' font-size='%.1f'>%02x %s%s</text>\n",
	       y + l->cell_h / 2 + font * 0.35, font, apid, type, card->config == 0 ? " off" : "");
	apm_mask_for_each(apqi, &g->columns) {
		put_cell(g, l, apid, apqi, x, y);
		x += l->cell_w;
	}
}

static void put_entry(guint index, guint slot, guint slots, const char *name)
{
	guint columns = slots > 30 ? 10 : slots > 12 ? 6 : 3;
	double w = (double)(WIDTH - 20) / columns;
	double x = 10 + slot % columns * w, y = HEIGHT - LEGEND + 45 + slot / columns * 16;
	g_autofree char *text = g_markup_escape_text(name, MIN(strlen(name), w / 7 - 3));
	char label[4];

	if (y > HEIGHT - 4)
		return;
	grid_label(index, TRUE, label);
	printf("<rect x='%.1f' y='%.1f' width='18' height='12' fill='", x, y - 10);
	put_colour(index);
	printf("'/><text x='%.1f' y='%.1f' class='c' font-size='9' fill='#fff'>%s</text>", x + 9,
	       y - 1, label);
	printf("<text x='%.1f' y='%.1f' font-size='11'>%s</text>\n", x + 23, y, text);
}

static void put_legend(const struct grid *g)
{
	int y = HEIGHT - LEGEND + 22;
	guint i;

	printf("<rect x='10' y='%d' width='18' height='12' fill='#9aa0a6'/>"
	       "<text x='33' y='%d' font-size='12'>host drivers</text>"
	       "<rect x='130' y='%d' width='18' height='12' fill='#e8eaed'/>"
	       "<text x='153' y='%d' font-size='12'>free for guests</text>"
	       "<text x='270' y='%d' font-size='12'>pale, small letter: assigned to a guest, not "
	       "passed on</text>\n",
	       y - 10, y, y - 10, y, y);
	for (i = 0; i < g->active->len; i++)
		put_entry(i, i, g->active->len, ap_entry_get_label(g->active->pdata[i]));
}

void grid_print_svg(const struct grid *grid)
{
	struct layout l = lay_out(grid);
	unsigned int apid;
	double y = TOP;

	printf("<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' "
	       "viewBox='0 0 %d %d' font-family='sans-serif' fill='#202124'>\n"
	       "<style>.c{text-anchor:middle}</style>\n"
	       "<rect width='%d' height='%d' fill='#fff'/>\n"
	       "<text x='10' y='24' font-size='17'>AP matrices: %u adapters, %u domains, %u "
	       "active devices</text>\n",
	       WIDTH, HEIGHT, WIDTH, HEIGHT, WIDTH, HEIGHT, apm_mask_weight(&grid->rows),
	       apm_mask_weight(&grid->columns), grid->active->len);
	put_columns(grid, &l);
	apm_mask_for_each(apid, &grid->rows) {
		put_row(grid, &l, apid, y);
		y += l.cell_h;
	}
	put_legend(grid);
	puts("</svg>");
}
