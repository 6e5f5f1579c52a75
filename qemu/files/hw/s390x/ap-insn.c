/*
 * AP instructions of guests whose CPU is emulated
 *
 * With KVM the machine executes PQAP, NQAP and DQAP. Otherwise the CPU hands
 * them over to here, and from here they go to the device on the AP bus. Without
 * a device the guest finds the instructions, and no queue.
 *
 * Source of the formats: Linux, arch/s390/include/asm/ap.h,
 * drivers/s390/crypto/ap_bus.c and drivers/s390/cio/chsc.c.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "qemu/osdep.h"
#include "qapi/error.h"
#include "qemu/atomic.h"
#include "qemu/bswap.h"
#include "qemu/error-report.h"
#include "qemu/main-loop.h"
#include "cpu.h"
#include "exec/address-spaces.h"
#include "exec/memory.h"
#include "hw/boards.h"
#include "hw/s390x/ap-bridge.h"
#include "hw/s390x/ap-insn.h"
#include "hw/s390x/css.h"
#include "hw/s390x/ioinst.h"
#include "hw/s390x/s390_flic.h"
#include "system/tcg.h"
#include "standard-headers/linux/ap_insn.h"
#include "trace.h"

/* PQAP(AQIC): the notification byte cannot be reached */
#define AP_RC_INVALID_ADDRESS 0x06

/* AQIC's control word: the interruption subclass */
#define AP_AQIC_ISC 0x7

/* What PQAP(QCI) tells of facilities that the CPU has to do with */
#define AP_QCI_EMULATED (AP_QCI_APSC | AP_QCI_APXA | AP_QCI_RC8A)

/* Where a queue's interrupt goes */
typedef struct APNotification {
    hwaddr byte;
    uint8_t isc;
} APNotification;

/*
 * One for each machine, below its AP bridge. All of it is under the BQL.
 */
struct APInsnState {
    Object parent_obj;

    const APInsnOps *ops; /* NULL as long as no device is plugged */
    void *opaque;
    GHashTable *notifications; /* queue number -> APNotification */
    bool config_changed; /* the guest was not told yet */
    uint8_t buffer[AP_INSN_BUFFER];
};

/* CHSC(SEI): response for notification type 0; Linux: chsc_sei_nt0_area */
typedef struct ChscSeiNt0Res {
    uint16_t length;
    uint16_t code;
    uint8_t reserved1[3];
    uint8_t nt;
    uint8_t flags;
    uint8_t vf;
    uint8_t rs;
    uint8_t cc;
    uint16_t fla;
    uint16_t rsid;
    uint32_t reserved2;
    uint32_t reserved3;
} QEMU_PACKED ChscSeiNt0Res;

#define SEI_RS_AP 5
#define SEI_CC_AP_CONFIG 3

/* NULL when the machine executes them itself */
APInsnState *ap_insn_state(void)
{
    Object *obj;

    obj = object_resolve_path_component(OBJECT(qdev_get_machine()),
                                        TYPE_AP_BRIDGE);
    obj = obj ? object_resolve_path_component(obj, TYPE_AP_INSN) : NULL;
    return obj ? AP_INSN(obj) : NULL;
}

/* Room for what one instruction moves */
uint8_t *ap_insn_buffer(APInsnState *s)
{
    return s->buffer;
}

void ap_insn_create(DeviceState *bridge)
{
    Object *obj;

    if (!tcg_enabled()) {
        return;
    }
    obj = object_new(TYPE_AP_INSN);
    object_property_add_child(OBJECT(bridge), TYPE_AP_INSN, obj);
    object_unref(obj);
}

void ap_insn_reset(DeviceState *bridge)
{
    APInsnState *s = ap_insn_state();

    if (s) {
        g_hash_table_remove_all(s->notifications);
        s->config_changed = false;
    }
}

/*
 * Tell the guest that its queues are others. Told again before it has looked,
 * it is told once.
 */
void ap_insn_config_changed(void)
{
    APInsnState *s = ap_insn_state();

    trace_ap_insn_config_changed(s->config_changed);
    s->config_changed = true;
    css_generate_css_crws(0);
}

bool ap_insn_plug(const APInsnOps *ops, void *opaque, Error **errp)
{
    APInsnState *s = ap_insn_state();

    if (!s390_has_feat(S390_FEAT_AP)) {
        error_setg(errp, "the CPU model has no AP instructions: use 'max' "
                   "(libvirt: <cpu mode='maximum'/>), or add ap=on to it");
        return false;
    }
    if (!s || s->ops) {
        error_setg(errp, "AP instructions are executed by another device");
        return false;
    }
    s->ops = ops;
    s->opaque = opaque;
    if (phase_check(PHASE_MACHINE_READY)) {
        ap_insn_config_changed();
    }
    return true;
}

void ap_insn_unplug(void *opaque)
{
    APInsnState *s = ap_insn_state();

    if (!s || s->opaque != opaque) {
        return;
    }
    s->ops = NULL;
    s->opaque = NULL;
    g_hash_table_remove_all(s->notifications);
    ap_insn_config_changed();
}

/* Set a notification byte; the guest may clear it at any moment. */
static bool ap_insn_notify(hwaddr addr)
{
    hwaddr len = 1;
    uint8_t *byte = address_space_map(&address_space_memory, addr, &len, true,
                                      MEMTXATTRS_UNSPECIFIED);

    if (!byte) {
        return false;
    }
    qatomic_set(byte, 1);
    address_space_unmap(&address_space_memory, byte, len, true, len);
    return true;
}

/*
 * Adapter interrupts of one subclass tell nothing but that: as long as one is
 * pending the machine has no second one, and a guest that takes none cannot
 * pile them up.
 */
static void ap_insn_interrupt(int isc)
{
    QEMUS390FLICState *flic = s390_get_qemu_flic(s390_get_flic());
    QEMUS390FlicIO *io;

    QLIST_FOREACH(io, &flic->io[isc], next) {
        if (io->word & IO_INT_WORD_AI) {
            return;
        }
    }
    s390_io_interrupt(0, 0, 0, isc << 27 | IO_INT_WORD_AI);
}

/* Deliver the interrupts that the device has. */
void ap_insn_deliver(void)
{
    APInsnState *s = ap_insn_state();
    APNotification *n;
    uint16_t qid;

    while (s && s->ops && s->ops->next_irq(s->opaque, &qid)) {
        n = g_hash_table_lookup(s->notifications, GUINT_TO_POINTER(qid));
        trace_ap_insn_interrupt(qid, n ? n->byte : 0, n ? n->isc : -1);
        if (n && ap_insn_notify(n->byte)) {
            ap_insn_interrupt(n->isc);
        }
    }
}

/* Is it memory that an interrupt can be told in? */
static bool ap_insn_is_ram(hwaddr addr)
{
    hwaddr offset, len = 1;
    MemoryRegion *mr;

    RCU_READ_LOCK_GUARD();
    mr = address_space_translate(&address_space_memory, addr, &offset, &len,
                                 true, MEMTXATTRS_UNSPECIFIED);
    return memory_access_is_direct(mr, true, MEMTXATTRS_UNSPECIFIED);
}

static void ap_insn_respond(APInsn *insn, uint8_t rc)
{
    insn->gr1 = AP_STATUS(rc);
    insn->gr2 = 0;
    insn->cc = rc ? 3 : 0;
    insn->len = 0;
}

static bool ap_insn_is_pqap(const APInsn *insn, unsigned int fc)
{
    return insn->opcode == AP_OP_PQAP && AP_GR0_FC(insn->gr0) == fc;
}

/*
 * No queue: but the answer to PQAP(QCI) must not be all zeros, which Linux
 * would take as the instruction's absence for good.
 */
static void ap_insn_execute_absent(APInsn *insn)
{
    if (!ap_insn_is_pqap(insn, AP_FC_QCI)) {
        ap_insn_respond(insn, AP_RC_NOT_AVAILABLE);
        return;
    }
    memset(insn->buf, 0, AP_QCI_SIZE);
    stl_be_p(insn->buf, AP_QCI_EMULATED);
    insn->buf[4] = 0xff;
    insn->buf[5] = 0xff;
    insn->len = AP_QCI_SIZE;
    insn->cc = 0;
}

static void ap_insn_execute_device(APInsnState *s, APInsn *insn)
{
    int rc = s->ops->execute(s->opaque, insn);

    if (!rc) {
        return;
    }
    /* Of an instruction that the CPU has checked, these are of the host. */
    trace_ap_insn_failed(insn->opcode, insn->gr0, rc);
    if (ap_insn_is_pqap(insn, AP_FC_QCI)) {
        ap_insn_execute_absent(insn);
    } else {
        ap_insn_respond(insn, rc == -ENOMEM ? AP_RC_BUSY : AP_RC_NOT_AVAILABLE);
    }
}

/* Where interrupts of a queue go from now on, when there are any */
static void ap_insn_route(APInsnState *s, uint16_t qid, hwaddr byte,
                          uint64_t control)
{
    APNotification *n;

    if (!(control & AP_AQIC_IR)) {
        g_hash_table_remove(s->notifications, GUINT_TO_POINTER(qid));
        return;
    }
    n = g_new(APNotification, 1);
    n->byte = byte;
    n->isc = control & AP_AQIC_ISC;
    g_hash_table_replace(s->notifications, GUINT_TO_POINTER(qid), n);
}

static void ap_insn_execute_aqic(APInsnState *s, APInsn *insn)
{
    uint16_t qid = AP_GR0_QID(insn->gr0);
    uint64_t control = insn->gr1;
    hwaddr byte = insn->gr2;

    if ((control & AP_AQIC_IR) && !ap_insn_is_ram(byte)) {
        /* A queue that is not there has no interrupts to complain about. */
        insn->gr0 &= ~0xff000000ULL;
        ap_insn_execute_device(s, insn);
        insn->gr0 |= AP_FC_AQIC << 24;
        if (!insn->cc) {
            ap_insn_respond(insn, AP_RC_INVALID_ADDRESS);
        }
        return;
    }
    ap_insn_execute_device(s, insn);
    if (!insn->cc) {
        ap_insn_route(s, qid, byte, control);
        /* Replies that were there before */
        ap_insn_deliver();
    }
}

/**
 * ap_insn_execute: execute one instruction
 * @s: from ap_insn_state()
 * @insn: what the CPU has found to be valid
 */
void ap_insn_execute(APInsnState *s, APInsn *insn)
{
    uint64_t gr0 = insn->gr0;

    if (!s->ops) {
        ap_insn_execute_absent(insn);
    } else if (ap_insn_is_pqap(insn, AP_FC_AQIC)) {
        ap_insn_execute_aqic(s, insn);
    } else {
        ap_insn_execute_device(s, insn);
    }
    if (ap_insn_is_pqap(insn, AP_FC_QCI)) {
        /* The CPU offers no more than it can execute. */
        stl_be_p(insn->buf, ldl_be_p(insn->buf) & AP_QCI_EMULATED);
    }
    trace_ap_insn_execute(insn->opcode, gr0, insn->cc, insn->gr1);
}

bool ap_insn_sei_pending(void)
{
    APInsnState *s = ap_insn_state();

    return s && s->config_changed;
}

/* CHSC(SEI): the event, if there is one */
bool ap_insn_sei_take(void *res)
{
    APInsnState *s = ap_insn_state();
    ChscSeiNt0Res *nt0 = res;

    if (!s || !s->config_changed) {
        return false;
    }
    trace_ap_insn_sei();
    s->config_changed = false;
    memset(nt0, 0, sizeof(*nt0));
    nt0->length = cpu_to_be16(sizeof(*nt0));
    nt0->rs = SEI_RS_AP;
    nt0->cc = SEI_CC_AP_CONFIG;
    return true;
}

static void ap_insn_instance_init(Object *obj)
{
    APInsnState *s = AP_INSN(obj);

    s->notifications = g_hash_table_new_full(NULL, NULL, NULL, g_free);
}

static void ap_insn_instance_finalize(Object *obj)
{
    g_hash_table_destroy(AP_INSN(obj)->notifications);
}

static const TypeInfo ap_insn_info = {
    .name = TYPE_AP_INSN,
    .parent = TYPE_OBJECT,
    .instance_size = sizeof(APInsnState),
    .instance_init = ap_insn_instance_init,
    .instance_finalize = ap_insn_instance_finalize,
};

static void ap_insn_register(void)
{
    type_register_static(&ap_insn_info);
}

type_init(ap_insn_register)
