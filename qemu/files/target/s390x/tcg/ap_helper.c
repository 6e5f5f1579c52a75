/*
 * PQAP, NQAP and DQAP: what the CPU does of them
 *
 * Checks the operands, moves data between the guest's memory and the buffer,
 * and sets the registers. The rest is done by hw/s390x/ap-insn.c.
 *
 * Source of the formats: Linux, arch/s390/include/asm/ap.h and
 * arch/s390/kvm/priv.c, handle_pqap().
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "qemu/osdep.h"
#include "qemu/bitops.h"
#include "qemu/main-loop.h"
#include "cpu.h"
#include "s390x-internal.h"
#include "tcg_s390x.h"
#include "exec/cpu_ldst.h"
#include "exec/exec-all.h"
#include "exec/helper-proto.h"
#include "hw/s390x/ap-insn.h"
#include "standard-headers/linux/ap_insn.h"

/* Bits 41-47 of GR0, which PQAP wants to be zeros */
#define AP_GR0_ZEROS 0x007f0000

/* One byte more than the longest request is enough for "too long". */
#define AP_REQUEST_ROOM (12 * 1024 + 1)
QEMU_BUILD_BUG_ON(AP_REQUEST_ROOM > AP_INSN_BUFFER);

/* How much of a piece of memory lies in its first page */
static uint32_t ap_in_page(uint64_t addr, uint32_t len)
{
    return MIN(len, -(addr | TARGET_PAGE_MASK));
}

/*
 * Guest memory, page by page: what is not allowed leaves by its exception.
 * Not s390_cpu_virt_mem_rw(): do_program_interrupt() wants exceptions of
 * translation to come from the TLB.
 */
static void ap_check_write(CPUS390XState *env, uint64_t addr, uint32_t len,
                           uintptr_t ra)
{
    const int mmu_idx = s390x_env_mmu_index(env, false);
    uint32_t n;

    for (; len; len -= n) {
        n = ap_in_page(addr, len);
        probe_write(env, addr, n, mmu_idx, ra);
        addr = wrap_address(env, addr + n);
    }
}

static void ap_write(CPUS390XState *env, uint64_t addr, const uint8_t *buf,
                     uint32_t len, uintptr_t ra)
{
    const int mmu_idx = s390x_env_mmu_index(env, false);
    uint32_t n, i;
    void *host;

    for (; len; len -= n, buf += n) {
        n = ap_in_page(addr, len);
        host = probe_write(env, addr, n, mmu_idx, ra);
        if (likely(host)) {
            memcpy(host, buf, n);
        } else {
            for (i = 0; i < n; i++) {
                cpu_stb_mmuidx_ra(env, addr + i, buf[i], mmu_idx, ra);
            }
        }
        addr = wrap_address(env, addr + n);
    }
}

static void ap_read(CPUS390XState *env, uint64_t addr, uint8_t *buf,
                    uint32_t len, uintptr_t ra)
{
    const int mmu_idx = s390x_env_mmu_index(env, false);
    uint32_t n, i;
    void *host;

    for (; len; len -= n, buf += n) {
        n = ap_in_page(addr, len);
        host = probe_read(env, addr, n, mmu_idx, ra);
        if (likely(host)) {
            memcpy(buf, host, n);
        } else {
            for (i = 0; i < n; i++) {
                buf[i] = cpu_ldub_mmuidx_ra(env, addr + i, mmu_idx, ra);
            }
        }
        addr = wrap_address(env, addr + n);
    }
}

static bool ap_pqap_is_valid(uint64_t gr0, uint64_t gr2)
{
    if (gr0 & AP_GR0_ZEROS) {
        return false;
    }
    if ((gr0 & AP_GR0_T) && !s390_has_feat(S390_FEAT_AP_FACILITIES_TEST)) {
        return false;
    }
    switch (AP_GR0_FC(gr0)) {
    case AP_FC_TAPQ:
    case AP_FC_RAPQ:
    case AP_FC_ZAPQ:
        return true;
    case AP_FC_AQIC:
        return s390_has_feat(S390_FEAT_AP_QUEUE_INTERRUPT_CONTROL);
    case AP_FC_QCI:
        return s390_has_feat(S390_FEAT_AP_QUERY_CONFIG_INFO) && !(gr2 & 7);
    default:
        return false;
    }
}

static void ap_execute(CPUS390XState *env, APInsnState *s, APInsn *insn)
{
    ap_insn_execute(s, insn);
    env->cc_op = insn->cc;
    env->regs[1] = insn->gr1;
}

static void ap_pqap_qci(CPUS390XState *env, APInsnState *s, APInsn *insn,
                        uintptr_t ra)
{
    uint64_t addr = wrap_address(env, env->regs[2]);

    ap_check_write(env, addr, AP_QCI_SIZE, ra);
    insn->len = AP_QCI_SIZE;
    ap_execute(env, s, insn);
    ap_write(env, addr, insn->buf, AP_QCI_SIZE, ra);
}

static void ap_pqap(CPUS390XState *env, APInsnState *s, APInsn *insn,
                    uintptr_t ra)
{
    if (!ap_pqap_is_valid(insn->gr0, env->regs[2])) {
        tcg_s390_program_interrupt(env, PGM_SPECIFICATION, ra);
    }
    switch (AP_GR0_FC(insn->gr0)) {
    case AP_FC_QCI:
        ap_pqap_qci(env, s, insn, ra);
        break;
    case AP_FC_TAPQ:
        ap_execute(env, s, insn);
        env->regs[2] = insn->gr2;
        break;
    case AP_FC_AQIC:
        insn->gr2 = wrap_address(env, env->regs[2]);
        ap_execute(env, s, insn);
        break;
    default:
        ap_execute(env, s, insn);
    }
}

static uint64_t ap_length(CPUS390XState *env, int reg)
{
    if (env->psw.mask & PSW_MASK_64) {
        return env->regs[reg];
    }
    return (uint32_t)env->regs[reg];
}

/* Moves an address and a length, in two registers, on. */
static void ap_advance(CPUS390XState *env, int reg, uint64_t n)
{
    uint64_t addr = wrap_address(env, env->regs[reg] + n);
    uint64_t len = ap_length(env, reg + 1) - n;

    if (env->psw.mask & PSW_MASK_64) {
        env->regs[reg] = addr;
        env->regs[reg + 1] = len;
    } else {
        env->regs[reg] = deposit64(env->regs[reg], 0, 32, addr);
        env->regs[reg + 1] = deposit64(env->regs[reg + 1], 0, 32, len);
    }
}

static void ap_nqap(CPUS390XState *env, APInsnState *s, APInsn *insn, int r1,
                    int r2, uintptr_t ra)
{
    uint64_t len = ap_length(env, r2 + 1);

    insn->psmid = env->regs[r1] << 32 | (uint32_t)env->regs[r1 + 1];
    insn->len = MIN(len, AP_REQUEST_ROOM);
    ap_read(env, wrap_address(env, env->regs[r2]), insn->buf, insn->len, ra);
    ap_execute(env, s, insn);
    if (!insn->cc) {
        ap_advance(env, r2, len);
    }
}

/*
 * A reply that is taken is gone: only take it when it can be stored. (When
 * another CPU takes the pages away meanwhile, it is lost: the guest's affair.)
 */
static void ap_dqap(CPUS390XState *env, APInsnState *s, APInsn *insn, int r1,
                    int r2, uintptr_t ra)
{
    uint64_t addr = wrap_address(env, env->regs[r2]);

    insn->len = MIN(ap_length(env, r2 + 1), AP_INSN_BUFFER);
    ap_check_write(env, addr, insn->len, ra);
    ap_execute(env, s, insn);
    ap_write(env, addr, insn->buf, insn->len, ra);
    env->regs[0] = insn->gr0;
    env->regs[2] = insn->gr2;
    ap_advance(env, r2, insn->len);
    if (!insn->cc) {
        env->regs[r1] = insn->psmid >> 32;
        env->regs[r1 + 1] = (uint32_t)insn->psmid;
    }
}

void HELPER(ap)(CPUS390XState *env, uint32_t opcode, uint32_t r1, uint32_t r2)
{
    const uintptr_t ra = GETPC();
    APInsnState *s;
    APInsn insn = {
        .opcode = opcode,
        .gr0 = env->regs[0],
        .gr1 = env->regs[1],
    };

    if (!s390_has_feat(S390_FEAT_AP)) {
        tcg_s390_program_interrupt(env, PGM_OPERATION, ra);
    }
    if (opcode != AP_OP_PQAP && ((r1 | r2) & 1)) {
        tcg_s390_program_interrupt(env, PGM_SPECIFICATION, ra);
    }
    /* Left by an exception too: see cpu_exec_longjmp_cleanup() */
    bql_lock();
    s = ap_insn_state();
    insn.buf = ap_insn_buffer(s);
    switch (opcode) {
    case AP_OP_PQAP:
        ap_pqap(env, s, &insn, ra);
        break;
    case AP_OP_NQAP:
        ap_nqap(env, s, &insn, r1, r2, ra);
        break;
    case AP_OP_DQAP:
        ap_dqap(env, s, &insn, r1, r2, ra);
        break;
    }
    bql_unlock();
}
