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
#define FONT_LEAST 5

#define ENTRY_HEIGHT 16

/* Evenly spread, so that neighbours in the list differ. */
static guint hue_of(guint owner)
{
	return owner * 137 % 360;
}

static void put_colour(guint owner)
{
	printf("hsl(%u,62%%,48%%)", hue_of(owner));
}

/* Of the same lightness, yellow, green and cyan are bright to the eye. */
static const char *ink_on(guint owner)
{
	guint hue = hue_of(owner);

	return hue > 35 && hue < 200 ? "#202124" : "#fff";
}

struct layout {
	double cell_w;
	double cell_h;
	double gap;
	double font;
};

static struct layout lay_out(const struct grid *g)
{
	guint columns = MAX(apm_mask_weight(&g->columns), 1);
	guint rows = MAX(apm_mask_weight(&g->rows), 1);
	struct layout l;

	l.cell_w = MIN((double)(WIDTH - LEFT - RIGHT) / columns, 60);
	l.cell_h = MIN((double)(HEIGHT - TOP - LEGEND) / rows, 44);
	l.gap = MIN(MIN(l.cell_w, l.cell_h) * 0.15, 1);
	l.font = MIN(MIN(l.cell_w * 0.72, l.cell_h * 0.6), 15);
	return l;
}

static void put_cell(const struct grid *g, const struct layout *l, unsigned int apid,
		     unsigned int apqi, double x, double y)
{
	CellState cell = g->cell[apid][apqi];
	double font = l->font;
	char label[4];

	if (cell == CELL_NONE)
		return;
	printf("<rect x='%.2f' y='%.2f' width='%.2f' height='%.2f' ", x, y, l->cell_w - l->gap,
	       l->cell_h - l->gap);
	if (cell < CELL_ASSIGNED) {
		printf("fill='%s'/>\n", cell == CELL_HOST ? "#9aa0a6" : "#e8eaed");
		return;
	}
	printf("fill='");
	put_colour(g->owner[apid][apqi]);
	printf("'%s/>", cell == CELL_PASSED ? "" : " fill-opacity='0.3'");
	grid_label(g->owner[apid][apqi], cell == CELL_PASSED, label);
	if (label[1])
		font *= 0.8;
	/* Too small to be read: the colour has to do. */
	if (font < FONT_LEAST || l->cell_h < font) {
		puts("");
		return;
	}
	printf("<text x='%.2f' y='%.2f' class='c' font-size='%.1f' fill='%s'>%s</text>\n",
	       x + l->cell_w / 2, y + l->cell_h / 2 + font * 0.35, font,
	       cell == CELL_PASSED ? ink_on(g->owner[apid][apqi]) : "#202124", label);
}

static void put_columns(const struct grid *g, const struct layout *l)
{
	double x = LEFT, font = CLAMP(l->cell_w * 0.8, 7, 13);
	guint every = l->cell_w < 8 ? 2 : 1, n = 0;
	unsigned int apqi;

	printf("<text x='%d' y='%d' font-size='14'>domain</text>\n", LEFT - 60, TOP - 10);
	apm_mask_for_each(apqi, &g->columns) {
		if (n++ % every)
			;
		else if (l->cell_w >= 36)
			printf("<text x='%.2f' y='%d' class='c' font-size='%.1f'>%04x</text>\n",
			       x + l->cell_w / 2, TOP - 10, font, apqi);
		else
			printf("<text transform='translate(%.2f,%d) rotate(-90)' "
			       "font-size='%.1f'>%04x</text>\n",
			       x + l->cell_w / 2 + font * 0.35, TOP - 8, font, apqi);
		x += l->cell_w;
	}
}

static void put_adapter(const struct grid *g, const struct layout *l, unsigned int apid, double y)
{
	const ApCard *card = &g->hw->cards[apid];
	double font = CLAMP(l->cell_h * 0.6, 7, 14);
	g_autofree char *type =
		g_markup_escape_text(card->present ? card->type ? card->type : "?" : "absent", -1);

	printf("<text x='10' y='%.2f' font-size='%.1f'>%02x %s%s</text>\n",
	       y + l->cell_h / 2 + font * 0.35, font, apid, type, card->config == 0 ? " off" : "");
}

static void put_row(const struct grid *g, const struct layout *l, unsigned int apid, double y)
{
	unsigned int apqi;
	double x = LEFT;

	apm_mask_for_each(apqi, &g->columns) {
		put_cell(g, l, apid, apqi, x, y);
		x += l->cell_w;
	}
}

/* Cut where there is no more room for it. */
static char *fit_name(const char *name, gsize room)
{
	g_autofree char *cut = g_strndup(name, room - 1);
	g_autofree char *shown = strlen(name) > room ? g_strconcat(cut, "…", NULL) : NULL;

	return g_markup_escape_text(shown ? shown : name, -1);
}

static void put_entry(const struct grid *g, guint index, double x, double y, double width)
{
	g_autofree char *text =
		fit_name(ap_entry_get_label(g->active->pdata[index]), width / 7 - 4);
	char label[4];

	grid_label(index, TRUE, label);
	printf("<rect x='%.1f' y='%.1f' width='18' height='12' fill='", x, y - 10);
	put_colour(index);
	printf("'/><text x='%.1f' y='%.1f' class='c' font-size='9' fill='%s'>%s</text>", x + 9,
	       y - 1, ink_on(index), label);
	printf("<text x='%.1f' y='%.1f' font-size='11'>%s</text>\n", x + 23, y, text);
}

/* As many names as there is room for, and how many there are beyond. */
static void put_names(const struct grid *g)
{
	guint n = g->active->len, columns = n > 30 ? 10 : n > 12 ? 6 : 3;
	guint room = columns * ((LEGEND - 45) / ENTRY_HEIGHT + 1), i;
	double width = (double)(WIDTH - 20) / columns;

	for (i = 0; i < n; i++) {
		double x = 10 + i % columns * width;
		double y = HEIGHT - LEGEND + 45 + i / columns * ENTRY_HEIGHT;

		if (n > room && i == room - 1) {
			printf("<text x='%.1f' y='%.1f' font-size='11'>and %u more</text>\n", x, y,
			       n - i);
			break;
		}
		put_entry(g, i, x, y, width);
	}
}

static void put_legend(void)
{
	int y = HEIGHT - LEGEND + 22;

	printf("<rect x='10' y='%d' width='18' height='12' fill='#9aa0a6'/>"
	       "<text x='33' y='%d' font-size='12'>host drivers</text>"
	       "<rect x='130' y='%d' width='18' height='12' fill='#e8eaed'/>"
	       "<text x='153' y='%d' font-size='12'>free for guests</text>"
	       "<text x='270' y='%d' font-size='12'>pale, small letter: assigned to a guest, not "
	       "passed on</text>\n",
	       y - 10, y, y - 10, y, y);
}

void grid_print_svg(const struct grid *grid)
{
	struct layout l = lay_out(grid);
	guint every = l.cell_h < 8 ? 8 / l.cell_h + 1 : 1, n = 0;
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
		if (n++ % every == 0)
			put_adapter(grid, &l, apid, y);
		put_row(grid, &l, apid, y);
		y += l.cell_h;
	}
	put_legend();
	put_names(grid);
	puts("</svg>");
}
