/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine: adapters, domains and queues at the level of the AP instructions.
 *
 * A pure model: no locks, no allocation, no clock of its own. The caller holds
 * whatever lock it likes and says what time it is (nanoseconds, monotonic, never 0).
 */
#ifndef APMATRIX_AP_MACHINE_H
#define APMATRIX_AP_MACHINE_H

#include "../../core/ap_matrix.h"
#include "../../include/uapi/ap_insn.h"

/**
 * enum ap_mode - what the firmware of an adapter is
 */
enum ap_mode {
	AP_MODE_ACCEL,
	AP_MODE_CCA,
	AP_MODE_EP11,
};

/**
 * struct ap_machine_queue - state of one queue
 * @reset_done: time at which the present reset ends, 0 when none is under way
 * @irq: interrupts are enabled
 */
struct ap_machine_queue {
	__u64 reset_done;
	bool irq;
};

/**
 * struct ap_machine_adapter - one card
 * @type: AP_TYPE_*
 * @mode: firmware
 * @depth: messages a queue holds, 1 to 16
 * @deconfigured: taken offline at the support element (SCLP, HMC)
 * @checkstopped: broken
 * @queue: one for every domain number
 */
struct ap_machine_adapter {
	__u8 type;
	enum ap_mode mode;
	__u8 depth;
	bool deconfigured;
	bool checkstopped;
	struct ap_machine_queue queue[AP_IDS];
};

/**
 * struct ap_machine - the whole machine
 * @config: adapters, usage domains, control domains that exist
 * @max: highest numbers
 * @flags: AP_QCI_*
 * @reset_ns: how long a reset takes
 * @adapter: one for each member of @config.apm, owned by the caller
 * @passed: for each adapter the domains whose queue some guest has
 * @dirty: for each adapter the domains whose queue was used since its last reset
 *         that was seen to end
 */
struct ap_machine {
	struct ap_matrix config;
	struct ap_limits max;
	__u32 flags;
	__u64 reset_ns;
	struct ap_machine_adapter *adapter[AP_IDS];
	struct ap_mask passed[AP_IDS];
	struct ap_mask dirty[AP_IDS];
};

/**
 * struct ap_breach - a guest was given what it must not have
 * @count: APQNs, 0 when all is well
 * @apid: the first of them
 * @apqi: the first of them
 * @shared: it belongs to another guest; otherwise it was not reset
 */
struct ap_breach {
	unsigned int count;
	unsigned int apid;
	unsigned int apqi;
	bool shared;
};

void ap_machine_init(struct ap_machine *m);
void ap_machine_plug(struct ap_machine *m, unsigned int apid, struct ap_machine_adapter *a);
__u32 ap_machine_tapq(struct ap_machine *m, unsigned int apid, unsigned int apqi, __u64 now,
		      __u64 *gr2);
__u32 ap_machine_zapq(struct ap_machine *m, unsigned int apid, unsigned int apqi, __u64 now);
void ap_machine_configure(struct ap_machine *m, unsigned int apid, bool on);
void ap_machine_touch(struct ap_machine *m, unsigned int apid, unsigned int apqi);
struct ap_breach ap_machine_commit(struct ap_machine *m, const struct ap_matrix *old,
				   const struct ap_matrix *new);

#endif
