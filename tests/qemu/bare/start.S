/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bare program's beginning, and run(): one AP instruction with any registers, its exceptions caught.
 *
 * Addresses below 0x1000 are the processor's; those from 0x300 on that it leaves free are used here, because
 * they can be reached without a register.
 */
#define SAVED_SP 0x380
#define TRAP_PSW 0x390
#define STUB_PSW 0x3a0
#define REGS 0x400

#define PGM_CODE 0x08e
#define PGM_NEW 0x1d0

	.section .head, "ax"
	.globl _start
_start:
	larl	%r15, stack_top
	aghi	%r15, -160
	larl	%r1, trapped
	stg	%r1, PGM_NEW + 8(0)
	larl	%r1, psw_mask
	mvc	PGM_NEW(8, 0), 0(%r1)
	brasl	%r14, main
	larl	%r1, psw_end
	lpswe	0(%r1)

	/* The command line: QEMU writes it there when the program starts at 0x10000. */
	.org	0x480
	.globl command_line
command_line:
	.skip	0x380
	.balign	8
psw_mask:
	.quad	0x0000000180000000
	/* A disabled wait at this address ends the machine. */
psw_end:
	.quad	0x0002000180000000, 0xfff

	.text
	/*
	 * int run(uint64_t stub, uint64_t mask): the registers from, and then to, REGS. The condition code, or
	 * 0x10000 + the code of the exception.
	 */
	.globl run
run:
	stmg	%r6, %r15, 48(%r15)
	stg	%r15, SAVED_SP(0)
	stg	%r3, STUB_PSW(0)
	stg	%r2, STUB_PSW + 8(0)
	lmg	%r0, %r15, REGS(0)
	lpswe	STUB_PSW(0)
done:
	stmg	%r0, %r15, REGS(0)
	ipm	%r2
	srl	%r2, 28
	j	leave
trapped:
	stmg	%r0, %r15, REGS(0)
	llgh	%r2, PGM_CODE(0)
	oilh	%r2, 1
leave:
	llgfr	%r2, %r2
	lg	%r15, SAVED_SP(0)
	lmg	%r6, %r15, 48(%r15)
	br	%r14

	/* Each instruction with each pair of registers: 8 bytes */
	.macro	stub op, r1, r2
	.insn	rre, \op << 16, %r\r1, %r\r2
	j	done
	.endm
	.macro	stubs op
	.irp	r1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	.irp	r2, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	stub	\op, \r1, \r2
	.endr
	.endr
	.endm

	.globl stubs
stubs:
	stubs	0xb2ad
	stubs	0xb2ae
	stubs	0xb2af

	.bss
	.balign	4096
	.skip	16384
stack_top:
