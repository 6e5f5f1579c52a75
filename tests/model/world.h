/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A small world that the reference model and what it is compared with both live in:
 * its operations, what can be seen of it, and what runs it.
 */
#ifndef APMATRIX_TESTS_MODEL_WORLD_H
#define APMATRIX_TESTS_MODEL_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Adapters, usage domains and control domains are numbered 0 to IDS-1 here. */
#define IDS 5
#define DEVICES 4
/* The host's limit of all three, real numbers. */
#define LIMIT 254

/* The real number of each: the ends of a mask and both sides of its words' borders. */
static const unsigned int real_id[IDS] = { 0, 63, 64, 0x47 + 64, LIMIT };

enum { ADAPTER, DOMAIN, CONTROL, KINDS };

/* A matrix: by kind, the ids. */
struct sets {
	bool in[KINDS][IDS];
};

/*
 * What can happen. Those of the bus are several of those above for vfio_ap: bus.c knows which.
 */
enum op_kind {
	OP_ASSIGN,	  /* add one id: device, set, id */
	OP_UNASSIGN,	  /* take one id away: device, set, id */
	OP_CONFIG,	  /* replace all: device, sets */
	OP_STAGE,	  /* keep a matrix aside: device, sets */
	OP_DISCARD,	  /* forget it: device */
	OP_COMMIT,	  /* make staged matrices real: devices; of all: who has none is left out */
	OP_NONSENSE,	  /* a bad text, number @id of `nonsense`: device, set, on */
	OP_BAD_COMMIT,	  /* a bad list of devices: id */
	OP_OPEN,	  /* a guest opens: device */
	OP_CLOSE,	  /* it closes: device */
	OP_DEVICE_RESET,  /* it resets its queues: device */
	OP_RECREATE,	  /* the device is removed and made again: device */
	OP_MASK,	  /* an adapter or domain is reserved for the host, or not: set, id, on */
	OP_BIND,	  /* the queue is bound to vfio_ap: id, domain */
	OP_UNBIND,	  /* and unbound */
	OP_RESET_ENDS,	  /* its reset was seen to end well */
	OP_RESET_FAILS,	  /* its reset is given up */
	OP_RETRY,	  /* an operator has it tried again */
	OP_GIVE_UP,	  /* all resets that are under way are given up */
	OP_PATIENCE_ENDS, /* clean newcomers no longer wait for the others: device */
	OP_HOST_CHANGES,  /* the host's configuration changes, a scan begins: sets */
	OP_SCAN_ENDS,	  /* the scan is complete */
	OP_TEXTS,	  /* read all listings: device */
	/* of the bus */
	OP_APPEAR,  /* a queue's device comes: id, domain */
	OP_VANISH,  /* it goes, though the host has the queue */
	OP_BUSY,    /* a bound queue answers some instructions with "busy" */
	OP_MACHINE, /* the machine's configuration changes, the devices follow: sets */
	OP_KINDS,
};

struct op {
	enum op_kind kind;
	unsigned int device, set, id, domain, devices;
	bool on;
	struct sets sets;
};

enum reset { UNBOUND, CLEAN, RESETTING, FAILED };
enum status { NO_STATUS, UNASSIGNED, ASSIGNED, IN_USE };

/*
 * All that is compared after each step. No padding that matters: cleared first.
 *
 * @absent, @unbound, @why, @held: the reasons in `filtered`; @unbound the first domain that is
 * missing, from 1, @why RESETTING or FAILED
 * @unclean_adapter, @unclean_domain, @waiting: inside the mechanics
 */
struct view {
	struct device_view {
		struct sets assigned, guest, staged, absent, held;
		bool has_staged;
		unsigned char unbound[IDS], why[IDS][IDS];
		bool unclean_adapter[IDS], unclean_domain[IDS], waiting;
		unsigned int transitions;
	} device[DEVICES];
	unsigned char queue[IDS][IDS], status[IDS][IDS];
};

/**
 * struct backend - something that runs operations
 * @name: for messages
 * @operations: how many, when nobody says
 * @weight: how often each kind of operation comes, 0 for what it cannot do
 * @appears: the operation that brings a queue
 * @whole: does operations of the bus as one; else it is given what they are for vfio_ap
 * @shrink_seconds: how long to look for a shorter sequence
 * @start: make a new world: no device has anything, the host has all and reserves nothing, no
 *         queue is bound
 * @apply: do one operation; 0 or a negative errno, then nothing changed
 * @look: see the state
 * @blind: clear what @look cannot see
 */
struct backend {
	const char *name;
	unsigned long operations;
	unsigned char weight[OP_KINDS];
	enum op_kind appears;
	bool whole;
	unsigned int shrink_seconds;
	void (*start)(void);
	int (*apply)(const struct op *op);
	void (*look)(struct view *v);
	void (*blind)(struct view *v);
};

/*
 * For what no comparison sees: ends the step that is under way as if its outcome were another, so
 * that the sequence is printed.
 */
_Noreturn void trouble(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

extern const struct backend reference;
/* What the program compares with it. */
extern const struct backend subject;

/* ops.c */
struct nonsense {
	bool config; /* of ap_config and staged_config, else of one id */
	const char *text;
	int error;
};

extern const struct nonsense nonsense[];
extern const unsigned int nonsenses;
void ops_seed(uint64_t seed);
void ops_make(struct op *op, const struct backend *b, unsigned int n);
void ops_print(const struct op *op);
void ops_print_sets(const char *what, const struct sets *s);

/* bus.c */
#define EXPANDED_MAX (2 + IDS * IDS)
void bus_start(void);
int bus_expand(const struct op *op, struct op *out, size_t *n);
void bus_done(void);

static inline bool sets_have(const struct sets *s, int a, int d)
{
	return s->in[ADAPTER][a] && s->in[DOMAIN][d];
}

#endif
