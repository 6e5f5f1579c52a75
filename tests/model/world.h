/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A small world that the reference model and what it is compared with both live in:
 * its operations, what can be seen of it, and what runs it.
 */
#ifndef APMATRIX_TESTS_MODEL_WORLD_H
#define APMATRIX_TESTS_MODEL_WORLD_H

#include <stdbool.h>
#include <stddef.h>

/* Adapters, usage domains and control domains are numbered 0 to IDS-1 here. */
#define IDS 5
#define DEVICES 4

/* The real number of each: the ends of a mask and both sides of its words' borders. */
static const unsigned int real_id[IDS] = { 0, 63, 64, 0x47 + 64, 254 };

enum { ADAPTER, DOMAIN, CONTROL, KINDS };

/* A matrix: by kind, the ids. */
struct sets {
	bool in[KINDS][IDS];
};

enum op_kind {
	OP_ASSIGN,	  /* add one id: device, kind, id */
	OP_UNASSIGN,	  /* take one id away: device, kind, id */
	OP_CONFIG,	  /* replace all: device, sets */
	OP_STAGE,	  /* keep a matrix aside: device, sets */
	OP_COMMIT,	  /* make the staged matrices of some devices real: devices */
	OP_OPEN,	  /* a guest opens: device */
	OP_CLOSE,	  /* it closes: device */
	OP_BIND,	  /* the queue is bound to vfio_ap: id, domain */
	OP_UNBIND,	  /* and unbound */
	OP_RESET_ENDS,	  /* its reset was seen to end well */
	OP_RESET_FAILS,	  /* its reset is given up */
	OP_PATIENCE_ENDS, /* clean newcomers no longer wait for the others: device */
	OP_HOST_CHANGES,  /* the host's configuration changes, a scan begins: sets */
	OP_SCAN_ENDS,	  /* the scan is complete */
	OP_TEXTS,	  /* read all listings: device */
	OP_KINDS,
};

struct op {
	enum op_kind kind;
	unsigned int device, set, id, domain, devices;
	struct sets sets;
};

enum reset { UNBOUND, CLEAN, RESETTING, FAILED };

/* All that is compared after each step. No padding that matters: cleared first. */
struct view {
	struct device_view {
		struct sets assigned, guest, absent;
		bool unbound[IDS], unclean_adapter[IDS], unclean_domain[IDS];
		bool waiting;
		unsigned int transitions;
	} device[DEVICES];
	unsigned char queue[IDS][IDS];
};

/**
 * struct backend - something that runs operations
 * @name: for messages
 * @start: make a new world: no device has anything, the host has all, nothing is bound
 * @apply: do one operation; 0 or a negative errno, then nothing changed
 * @look: see the state; NULL members of what it cannot see stay as @start left them
 * @can: can it do this kind of operation?
 */
struct backend {
	const char *name;
	void (*start)(void);
	int (*apply)(const struct op *op);
	void (*look)(struct view *v);
	bool (*can)(enum op_kind kind);
};

extern const struct backend reference, core_backend;

#endif
