/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * Constants of the AP instructions (PQAP, NQAP, DQAP).
 *
 * Source of the facts: Linux, arch/s390/include/asm/ap.h and
 * drivers/s390/crypto/ap_bus.h; QEMU, target/s390x/tcg and hw/s390x/ap-bridge.
 */
#ifndef APMATRIX_UAPI_AP_INSN_H
#define APMATRIX_UAPI_AP_INSN_H

#include <linux/types.h>

/* The instructions, by operation code */
#define AP_OP_NQAP 0xb2ad
#define AP_OP_DQAP 0xb2ae
#define AP_OP_PQAP 0xb2af

/* PQAP function codes, bits 32-39 of GR0 */
#define AP_FC_TAPQ 0 /* test queue */
#define AP_FC_RAPQ 1 /* reset queue */
#define AP_FC_ZAPQ 2 /* reset and zeroize queue */
#define AP_FC_AQIC 3 /* queue interruption control */
#define AP_FC_QCI 4  /* query configuration information */

/* GR1: the queue status word, its low 32 bits */
#define AP_STATUS_EMPTY 0x80000000U
#define AP_STATUS_REPLIES 0x40000000U
#define AP_STATUS_FULL 0x20000000U
#define AP_STATUS_ASYNC 0x02000000U
#define AP_STATUS_IRQ 0x01000000U
#define AP_STATUS_RC(status) (((status) >> 16) & 0xff)
#define AP_STATUS(rc) ((__u32)(rc) << 16)

/* Response codes */
#define AP_RC_NORMAL 0x00
#define AP_RC_NOT_AVAILABLE 0x01
#define AP_RC_RESET_IN_PROGRESS 0x02
#define AP_RC_DECONFIGURED 0x03
#define AP_RC_CHECKSTOPPED 0x04
#define AP_RC_BUSY 0x05
#define AP_RC_OTHERWISE_CHANGED 0x07
#define AP_RC_FULL 0x10	    /* NQAP */
#define AP_RC_NO_REPLY 0x10 /* DQAP */
#define AP_RC_NO_FIRST_PART 0x13
#define AP_RC_MESSAGE_TOO_BIG 0x15

/* GR0 of PQAP: function code << 24 | adapter << 8 | domain */
#define AP_GR0_FC(gr0) (((gr0) >> 24) & 0xff)
#define AP_GR0_QID(gr0) ((gr0)&0xffff)
#define AP_GR0_T 0x00800000U	 /* TAPQ: with facilities */
#define AP_GR0_FIRST 0x80000000U /* DQAP: from the beginning of a reply */
#define AP_GR0_LAST 0x40000000U	 /* NQAP: the last part of a request */

/* GR1 of PQAP(AQIC): enable interrupts */
#define AP_AQIC_IR 0x0000800000000000ULL

/* GR2 of TAPQ: facilities in the high word, then type, domains, message size, depth */
#define AP_FAC_APSC 0x80000000U	 /* special commands */
#define AP_FAC_MEX4K 0x40000000U /* 4096-bit modular exponentiation */
#define AP_FAC_CRT4K 0x20000000U /* 4096-bit CRT */
#define AP_FAC_CCA 0x10000000U	 /* coprocessor mode */
#define AP_FAC_ACCEL 0x08000000U /* accelerator mode */
#define AP_FAC_EP11 0x04000000U	 /* EP11 mode */
#define AP_FAC_APXA 0x02000000U	 /* extended addressing */

#define AP_INFO_TYPE(gr2) (((gr2) >> 24) & 0xff)
#define AP_INFO_FACILITIES(gr2) ((__u32)((gr2) >> 32))
#define AP_INFO_ML(gr2) (((gr2) >> 8) & 0xf) /* message size limit, units of 4096 */
#define AP_INFO_DEPTH(gr2) (((gr2)&0xf) + 1) /* messages */

/* Adapter types; those of CEX3: Linux 5.10, drivers/s390/crypto/ap_bus.h */
#define AP_TYPE_CEX3A 8
#define AP_TYPE_CEX3C 9
#define AP_TYPE_CEX4 10
#define AP_TYPE_CEX5 11
#define AP_TYPE_CEX6 12
#define AP_TYPE_CEX7 13
#define AP_TYPE_CEX8 14

/* QCI feature flags, the first word of its 128-byte block, leftmost bits */
#define AP_QCI_APSC 0x80000000U
#define AP_QCI_APXA 0x40000000U
#define AP_QCI_QACT 0x20000000U
#define AP_QCI_RC8A 0x10000000U

/* Bytes of the block that PQAP(QCI) stores */
#define AP_QCI_SIZE 128

/* No queue has this number */
#define AP_NO_QUEUE 0x10000U

#endif
