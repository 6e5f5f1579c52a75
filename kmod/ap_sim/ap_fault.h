/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Faults of a queue, set by text: what real hardware rarely shows.
 */
#ifndef APMATRIX_AP_FAULT_H
#define APMATRIX_AP_FAULT_H

#include "../../core/ap_core.h"

/**
 * enum ap_insn_code - the instructions, for counters and faults
 */
enum ap_insn_code {
	AP_INSN_TAPQ,
	AP_INSN_RAPQ,
	AP_INSN_ZAPQ,
	AP_INSN_AQIC,
	AP_INSN_QCI,
	AP_INSN_NQAP,
	AP_INSN_DQAP,
	AP_INSNS,
};

extern const char *const ap_insn_names[AP_INSNS];

/* A count that does not end, a time that does not pass */
#define AP_FOREVER (~0U)

/**
 * struct ap_fault_code - a response code instead of an instruction's work
 * @count: how often, or AP_FOREVER
 * @rc: the response code
 * @insns: bit set of enum ap_insn_code it applies to
 */
struct ap_fault_code {
	__u32 count;
	__u8 rc;
	__u8 insns;
};

/**
 * struct ap_fault - what is wrong with a queue; all zero: nothing
 * @slow_reset: resets take @reset_ms
 * @reset_ms: milliseconds, or AP_FOREVER
 * @answer_ms: a reply takes this long
 * @busy: response code 05
 * @code: any response code
 * @lose_reply: requests that get no reply
 * @bad_length: replies with a wrong length
 * @lose_irq: interrupts that are not delivered
 * @deconfigured: answers as if its adapter were configured off
 * @checkstop: answers as if its adapter were checkstopped
 */
struct ap_fault {
	bool slow_reset;
	bool deconfigured;
	bool checkstop;
	__u32 reset_ms;
	__u32 answer_ms;
	struct ap_fault_code busy;
	struct ap_fault_code code;
	__u32 lose_reply;
	__u32 bad_length;
	__u32 lose_irq;
};

/* The longest line that ap_fault_print() writes, with NUL */
#define AP_FAULT_TEXT 256

int ap_fault_parse(struct ap_fault *faults, char *text);
int ap_fault_print(const struct ap_fault *f, char *buf, size_t len);
bool ap_fault_none(const struct ap_fault *f);
bool ap_fault_equal(const struct ap_fault *a, const struct ap_fault *b);
bool ap_fault_take(__u32 *count);
int ap_fault_rc(struct ap_fault *f, enum ap_insn_code insn);

#endif
