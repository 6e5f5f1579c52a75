/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine: adapters, domains and queues at the level of the AP instructions.
 *
 * A pure model: no locks, no allocation, no clock of its own. The caller holds
 * whatever lock it likes and says what time it is (nanoseconds, monotonic, never 0).
 * The same files compile in the kernel and in user space.
 */
#ifndef APMATRIX_AP_MACHINE_H
#define APMATRIX_AP_MACHINE_H

#include "../../core/ap_matrix.h"
#include "../../include/uapi/ap_insn.h"
#include "ap_fault.h"
#include "ap_message.h"

#ifdef __KERNEL__
#include <linux/nospec.h>
#define apm_index(i, n) array_index_nospec(i, n)
#else
#define apm_index(i, n) (i)
#endif

#define AP_DEPTH_MAX 16
/* The longest request when TAPQ gives no limit (Linux, AP_DEFAULT_MAX_MSG_SIZE). */
#define AP_REQUEST_MAX (12 * 1024)

/**
 * struct ap_caller - on whose behalf an instruction is executed
 * @apcb: what a guest may use; NULL for the host, which may use everything
 * @id: tells one from the other, never NULL, never dereferenced
 */
struct ap_caller {
	const struct ap_matrix *apcb;
	const void *id;
};

/**
 * struct ap_machine_queue - state of one queue
 * @reset_since: when the present reset began, 0 when none is under way
 * @user: who used it last, NULL after a reset with zeroize that was seen to end
 * @head: requests and replies, oldest first
 * @resets: resets begun
 * @count: messages in it
 * @ready: how many of them are replies
 * @zeroize: the present reset erases everything (ZAPQ)
 * @irq: interrupts are enabled
 */
struct ap_machine_queue {
	__u64 reset_since;
	const void *user;
	struct ap_message *head;
	__u32 resets;
	__u8 count;
	__u8 ready;
	bool zeroize;
	bool irq;
};

/**
 * struct ap_machine_adapter - one card
 * @type: AP_TYPE_*, CEX3C also for a CEX3 accelerator
 * @mode: firmware
 * @depth: messages a queue holds, 1 to AP_DEPTH_MAX
 * @deconfigured: taken offline at the support element (SCLP, HMC)
 * @checkstopped: broken
 * @fault: one for every domain number, NULL as long as none was ever set; owned by
 *         the caller
 * @queue: one for every domain number
 */
struct ap_machine_adapter {
	__u8 type;
	enum ap_mode mode;
	__u8 depth;
	bool deconfigured;
	bool checkstopped;
	struct ap_fault *fault;
	struct ap_machine_queue queue[AP_IDS];
};

/**
 * struct ap_counters - what happened
 * @insn: instructions by code: of the host, of guests
 * @resets: resets begun
 * @commits: changes of a guest's APCB
 * @checks: checks of the invariant
 * @breaches: APQNs that failed one
 * @requests: messages accepted
 * @replies: messages answered
 * @lost: replies and interrupts that a fault lost
 */
struct ap_counters {
	__u64 insn[2][AP_INSNS];
	__u64 resets;
	__u64 commits;
	__u64 checks;
	__u64 breaches;
	__u64 requests;
	__u64 replies;
	__u64 lost;
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
 * @irqs: for each adapter the domains whose interrupt nobody took yet
 * @count: counters
 * @flushed: messages that resets threw out, for the caller to free
 * @orphans: messages that resets threw out while firmware had them
 */
struct ap_machine {
	struct ap_matrix config;
	struct ap_limits max;
	__u32 flags;
	__u64 reset_ns;
	struct ap_machine_adapter *adapter[AP_IDS];
	struct ap_mask passed[AP_IDS];
	struct ap_mask dirty[AP_IDS];
	struct ap_mask irqs[AP_IDS];
	struct ap_counters count;
	struct ap_message *flushed;
	struct ap_message *orphans;
};

/**
 * struct ap_breach - somebody was given what he must not have
 * @count: APQNs, 0 when all is well
 * @qid: the first of them
 * @shared: it belongs to another guest; otherwise it was not reset
 */
struct ap_breach {
	unsigned int count;
	unsigned int qid;
	bool shared;
};

/**
 * struct ap_exec - one instruction
 * @insn: which
 * @qid: queue number
 * @gr0: DQAP: AP_GR0_FIRST or a continuation; set anew
 * @gr1: AQIC: the control word
 * @gr2: TAPQ: information; DQAP: what is left of the reply
 * @status: the status word
 * @cc: condition code
 * @msg: NQAP: the request, taken when @cc is 0; DQAP: the reply, given back when it
 *       was fetched whole
 * @buf: DQAP: receives @len bytes at most
 * @len: DQAP: size of @buf; set to what was stored
 * @psmid: DQAP: identifier of the message
 * @breach: what is wrong with the state of the queue, if anything
 */
struct ap_exec {
	enum ap_insn_code insn;
	unsigned int qid;
	__u64 gr0;
	__u64 gr1;
	__u64 gr2;
	__u32 status;
	int cc;
	struct ap_message *msg;
	__u8 *buf;
	unsigned int len;
	__u64 psmid;
	struct ap_breach breach;
};

static inline struct ap_machine_queue *ap_machine_queue(struct ap_machine *m, unsigned int qid)
{
	return &m->adapter[qid >> 8 & 0xff]->queue[qid & 0xff];
}

/* ap_machine.c: what the machine is made of */
void ap_machine_init(struct ap_machine *m);
void ap_machine_plug(struct ap_machine *m, unsigned int apid, struct ap_machine_adapter *a);
struct ap_machine_adapter *ap_machine_unplug(struct ap_machine *m, unsigned int apid);
void ap_machine_domains(struct ap_machine *m, const struct ap_mask *usage,
			const struct ap_mask *control);
void ap_machine_configure(struct ap_machine *m, unsigned int apid, bool on);
void ap_machine_checkstop(struct ap_machine *m, unsigned int apid, bool broken);
void ap_machine_touch(struct ap_machine *m, unsigned int qid, const void *user);
void ap_machine_qci(const struct ap_machine *m, const struct ap_caller *by, __u8 *block);
struct ap_breach ap_machine_commit(struct ap_machine *m, const struct ap_matrix *old,
				   const struct ap_matrix *new);
struct ap_message *ap_machine_collect(struct ap_machine *m);
struct ap_message *ap_machine_orphans(struct ap_machine *m);

/* ap_insn.c: instructions */
void ap_machine_execute(struct ap_machine *m, const struct ap_caller *by, struct ap_exec *x,
			__u64 now);
bool ap_machine_finish(struct ap_machine *m, struct ap_message *msg);
void ap_machine_drop(struct ap_machine *m, struct ap_message *msg);
unsigned int ap_machine_irq(struct ap_machine *m, const struct ap_matrix *apcb);
void ap_machine_flush(struct ap_machine *m, unsigned int qid);

#endif
