/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A host behind libvirt's public API; libvirt may be anywhere.
 *
 * In a module of its own, which is loaded when it is asked for: what libvirt brings with it takes
 * longer to load than all other commands take.
 */
#ifndef APMATRIX_REMOTE_H
#define APMATRIX_REMOTE_H

#include "apmatrix.h"

typedef struct remote remote_t;

/**
 * struct remote_api - what the module offers
 * @open: connects to a URI of libvirt
 * @close: ends that
 * @read: AP mediated devices, active and defined; masks, names and what is passed on are unknown
 * @step: does a step of a plan
 */
struct remote_api {
	remote_t *(*open)(const char *uri, GError **error);
	void (*close)(remote_t *remote);
	ApState *(*read)(gpointer remote, GError **error);
	gboolean (*step)(gpointer remote, const ApStep *step, GError **error);
};

/* The name to look it up by. */
#define REMOTE_API "remote_api"

extern const struct remote_api remote_api;

#endif
