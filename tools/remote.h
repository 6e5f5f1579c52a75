/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A host behind libvirt's public API. What that does not tell: masks, cards, names, which
 * part of a matrix is passed on.
 */
#ifndef APMATRIX_REMOTE_H
#define APMATRIX_REMOTE_H

#include "apmatrix.h"

typedef struct remote remote_t;

remote_t *remote_open(const char *uri, GError **error);

void remote_close(remote_t *remote);

/* As ApPlanOps wants them; @data is a remote_t. */
ApState *remote_read(gpointer data, GError **error);
gboolean remote_step(gpointer data, const ApStep *step, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(remote_t, remote_close)

#endif
