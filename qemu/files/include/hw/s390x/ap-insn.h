/*
 * AP instructions of guests whose CPU is emulated
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef HW_S390X_AP_INSN_H
#define HW_S390X_AP_INSN_H

#include "hw/qdev-core.h"
#include "qom/object.h"

#define TYPE_AP_INSN "ap-insn"
OBJECT_DECLARE_SIMPLE_TYPE(APInsnState, AP_INSN)

/* The most that is moved by one instruction; what is left is asked for anew. */
#define AP_INSN_BUFFER (16 * 1024)

/**
 * APInsn - one instruction, as the CPU hands it over
 * @opcode: AP_OP_*
 * @cc: set to the condition code
 * @gr0: as in the register; DQAP leaves what continues an incomplete reply
 * @gr1: PQAP(AQIC): control word; set to the status word, except by PQAP(QCI)
 * @gr2: PQAP(AQIC): address of the notification byte; set by PQAP(TAPQ) to
 *       what it tells, by DQAP to the bytes of the reply that are left
 * @psmid: identifier of the message: NQAP takes it, DQAP sets it
 * @buf: NQAP: the request; DQAP, PQAP(QCI): room
 * @len: bytes of @buf; set to the bytes stored
 */
typedef struct APInsn {
    uint16_t opcode;
    int cc;
    uint64_t gr0;
    uint64_t gr1;
    uint64_t gr2;
    uint64_t psmid;
    uint8_t *buf;
    uint32_t len;
} APInsn;

/**
 * APInsnOps - who executes them: the device on the AP bus
 * @execute: execute one instruction without waiting for anything; 0 or -errno
 * @next_irq: take the interrupt of one queue; false when there is none
 *
 * Both are called with the BQL held.
 */
typedef struct APInsnOps {
    int (*execute)(void *opaque, APInsn *insn);
    bool (*next_irq)(void *opaque, uint16_t *qid);
} APInsnOps;

void ap_insn_create(DeviceState *bridge);
void ap_insn_reset(DeviceState *bridge);

bool ap_insn_plug(const APInsnOps *ops, void *opaque, Error **errp);
void ap_insn_unplug(void *opaque);

void ap_insn_config_changed(void);
void ap_insn_deliver(void);

APInsnState *ap_insn_state(void);
uint8_t *ap_insn_buffer(APInsnState *s);
void ap_insn_execute(APInsnState *s, APInsn *insn);

bool ap_insn_sei_pending(void);
bool ap_insn_sei_take(void *res);

#endif
