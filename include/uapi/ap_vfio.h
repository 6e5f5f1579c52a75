/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * ioctls of a vfio-ap device that execute AP instructions for a guest: docs/ioctl.md.
 *
 * They exist where the host's AP bus is simulated only; elsewhere guests execute the
 * instructions themselves, and the ioctls fail with EOPNOTSUPP (ENOTTY by older VFIO).
 */
#ifndef APMATRIX_UAPI_AP_VFIO_H
#define APMATRIX_UAPI_AP_VFIO_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* VFIO's type and base (linux/vfio.h), at numbers that it does not use */
#define VFIO_AP_INSN _IO(';', 100 + 120)
#define VFIO_AP_INSN_EVENTFD _IO(';', 100 + 121)
#define VFIO_AP_INSN_IRQ _IO(';', 100 + 122)

#define VFIO_AP_INSN_VERSION 1

/* Longer requests are refused with response code 15. */
#define VFIO_AP_REQUEST_MAX (12 * 1024)

/**
 * struct vfio_ap_insn - VFIO_AP_INSN: execute one instruction
 * @argsz: size of this structure
 * @version: VFIO_AP_INSN_VERSION
 * @opcode: AP_OP_PQAP, AP_OP_NQAP or AP_OP_DQAP
 * @cc: out: condition code, 0 to 3
 * @gr0: as the instruction has it; out: what it leaves there
 * @gr1: PQAP(AQIC): the control word; out: the queue status word, zero-extended
 * @gr2: out: PQAP(TAPQ): information; DQAP: bytes left of the reply
 * @psmid: NQAP: identifier of the message; out: DQAP: that of the reply
 * @buf: address: NQAP: the request; DQAP: room for the reply; PQAP(QCI): room for 128 bytes
 * @len: bytes at @buf; out: bytes stored
 * @reserved: 0
 */
struct vfio_ap_insn {
	__u32 argsz;
	__u32 version;
	__u32 opcode;
	__s32 cc;
	__u64 gr0;
	__u64 gr1;
	__u64 gr2;
	__u64 psmid;
	__u64 buf;
	__u32 len;
	__u32 reserved;
};

/**
 * struct vfio_ap_insn_eventfd - VFIO_AP_INSN_EVENTFD: be told of interrupts
 * @argsz: size of this structure
 * @version: VFIO_AP_INSN_VERSION
 * @fd: an eventfd, or -1 for none; replaces the last one
 * @reserved: 0
 */
struct vfio_ap_insn_eventfd {
	__u32 argsz;
	__u32 version;
	__s32 fd;
	__u32 reserved;
};

/**
 * struct vfio_ap_insn_irq - VFIO_AP_INSN_IRQ: take one interrupt
 * @argsz: size of this structure
 * @version: VFIO_AP_INSN_VERSION
 * @qid: out: the queue that interrupts, AP_NO_QUEUE when none does (any more)
 * @reserved: 0
 */
struct vfio_ap_insn_irq {
	__u32 argsz;
	__u32 version;
	__u32 qid;
	__u32 reserved;
};

#endif
