/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Anything that takes longer than a second says what it is at, on stderr.
 */
#ifndef APMATRIX_PROGRESS_H
#define APMATRIX_PROGRESS_H

#include <glib.h>

typedef struct progress progress_t;

/* Nothing is ever shown if @quiet. */
progress_t *progress_begin(gboolean quiet);

/* What is being done now; shown at once after the first second, and when that is over. */
void progress_say(progress_t *progress, const char *format, ...) G_GNUC_PRINTF(2, 3);

void progress_end(progress_t *progress);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(progress_t, progress_end)

#endif
