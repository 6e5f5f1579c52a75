/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who has each queue of a host, for pictures and explanations.
 */
#ifndef APMATRIX_GRID_H
#define APMATRIX_GRID_H

#include "apmatrix.h"

typedef enum {
	CELL_NONE,     /* there is no such queue */
	CELL_HOST,     /* the host drivers' */
	CELL_FREE,     /* for guests, and nobody has it */
	CELL_ASSIGNED, /* assigned to a guest, not passed to it */
	CELL_PASSED,   /* the guest has it */
} CellState;

/**
 * struct grid - all queues
 * @state: the host
 * @hw: its cards and queues
 * @rows: adapters to be shown: those that are there, and those that guests are assigned
 * @columns: domains, likewise
 * @active: (element-type ApEntry): active devices; their index is their letter
 * @cell: what each queue is
 * @owner: whose it is, an index into @active
 */
struct grid {
	ApState *state;
	ApHardware *hw;
	struct ap_mask rows;
	struct ap_mask columns;
	GPtrArray *active;
	guint8 cell[AP_IDS][AP_IDS];
	guint16 owner[AP_IDS][AP_IDS];
};

struct grid *grid_read(const ApHost *host, GPtrArray *warnings, GError **error);

void grid_free(struct grid *grid);

/* "A" to "Z", then "A1" and so on; in small letters if the queue is not passed on. */
void grid_label(guint owner, gboolean passed, char label[4]);

void grid_print_text(const struct grid *grid, gboolean colour, guint width);

void grid_print_svg(const struct grid *grid);

typedef struct grid grid_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(grid_t, grid_free)

#endif
