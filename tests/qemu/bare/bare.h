/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program for an s390x machine without an operating system: executes AP instructions.
 */
#ifndef APMATRIX_TESTS_BARE_H
#define APMATRIX_TESTS_BARE_H

#include <stdbool.h>
#include <stdint.h>

enum op { NQAP, DQAP, PQAP };

/* Of run(): not a condition code but an exception */
#define EXCEPTION 0x10000
#define OPERATION (EXCEPTION + 1)
#define PRIVILEGED (EXCEPTION + 2)
#define PROTECTION (EXCEPTION + 4)
#define ADDRESSING (EXCEPTION + 5)
#define SPECIFICATION (EXCEPTION + 6)
#define SEGMENT_TRANSLATION (EXCEPTION + 0x10)
#define PAGE_TRANSLATION (EXCEPTION + 0x11)
#define ASCE_TYPE (EXCEPTION + 0x38)

#define PROBLEM_STATE 0x0001000000000000ULL
#define DAT 0x0400000000000000ULL

/* Memory that the program itself does not lie in; the machine has no more than RAM_END. */
#define ROOM 0x400000ULL
#define RAM_END 0x4000000ULL

/* dat.c: what is not there, or not to be written to, after map(); a page each, and a megabyte */
#define HOLE 0x2800000ULL
#define PROTECTED 0x2802000ULL
#define NO_SEGMENT 0x2900000ULL
void map(void);

/* start.S */
extern char command_line[];

/* sclp.c */
void print(const char *format, ...);

/* bare.ld: where run() (start.S) has the registers */
extern volatile uint64_t regs[16];
/* Also there: where the processor has the address that was not translated */
extern volatile uint64_t translation_exception;

/* insn.c */
int execute(enum op op, unsigned int r1, unsigned int r2, uint64_t psw_mask);
void clear_regs(void);
int pqap(uint64_t gr0, uint64_t gr1, uint64_t gr2);
uint64_t word(const char *name, uint64_t otherwise);
bool has(const char *name);
void result(bool good, const char *what);

/* one each */
void test_every_queue(void);
void test_exceptions(void);
void test_messages(void);
void test_fuzz(void);

#endif
