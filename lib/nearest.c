// SPDX-License-Identifier: LGPL-2.1-or-later
#include "nearest.h"

#include <string.h>

/* Edit distance of two names, over at most NAME_MAX_LEN characters of each. */
#define NAME_MAX_LEN 40

static guint distance(const char *a, const char *b)
{
	guint row[NAME_MAX_LEN + 1], la, lb, i, j, diagonal, up;

	la = strnlen(a, NAME_MAX_LEN);
	lb = strnlen(b, NAME_MAX_LEN);
	for (j = 0; j <= lb; j++)
		row[j] = j;
	for (i = 1; i <= la; i++) {
		diagonal = row[0];
		row[0] = i;
		for (j = 1; j <= lb; j++) {
			up = row[j];
			row[j] = MIN(MIN(up, row[j - 1]) + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = up;
		}
	}
	return row[lb];
}

const char *ap_nearest(const char *name, const char *const *candidates)
{
	guint least = G_MAXUINT, d;
	const char *best = NULL;

	for (; *candidates; candidates++) {
		d = distance(name, *candidates);
		if (d < least) {
			least = d;
			best = *candidates;
		}
	}
	return best && least <= strlen(best) / 2 ? best : NULL;
}
