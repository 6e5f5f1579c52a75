// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What the processor checks before an instruction's own work. The command line tells what it does not have.
 */
#include "bare.h"

#define FC(n) ((uint64_t)(n) << 24)

static void expect_pqap(const char *what, int want, uint64_t gr0, uint64_t gr2)
{
	int got = pqap(gr0, 0x0000800000000003, gr2);

	if (got != want)
		print("# got %x", (uint64_t)got);
	result(got == want, what);
}

static int message(enum op op, unsigned int r1, unsigned int r2, uint64_t addr, uint64_t len)
{
	clear_regs();
	regs[0] = 0x0101;
	regs[6] = addr;
	regs[7] = len;
	return execute(op, r1, r2, 0);
}

static void expect_message(const char *what, int want, int got)
{
	if (got != want)
		print("# got %x", (uint64_t)got);
	result(got == want, what);
}

static void odd_registers(enum op op, const char *what)
{
	unsigned int r1, r2, wrong = 0;

	for (r1 = 0; r1 < 16; r1++)
		for (r2 = 0; r2 < 16; r2++)
			if ((message(op, r1, r2, ROOM, 64) == SPECIFICATION) != ((r1 | r2) & 1))
				wrong++;
	result(!wrong, what);
}

static void problem_state(enum op op, const char *what)
{
	clear_regs();
	expect_message(what, PRIVILEGED, execute(op, 4, 6, PROBLEM_STATE));
}

static void without_ap(void)
{
	result(pqap(0, 0, 0) == OPERATION, "PQAP without AP");
	result(message(NQAP, 4, 6, ROOM, 64) == OPERATION, "NQAP without AP");
	result(message(DQAP, 4, 6, ROOM, 64) == OPERATION, "DQAP without AP");
}

static void function_codes(void)
{
	unsigned int fc, wrong = 0;

	for (fc = 5; fc < 256; fc++)
		if (pqap(FC(fc), 0, ROOM) != SPECIFICATION)
			wrong++;
	result(!wrong, "unknown function codes");
	for (fc = 0, wrong = 0; fc < 7; fc++)
		if (pqap(0x00010000ULL << fc, 0, ROOM) != SPECIFICATION)
			wrong++;
	result(!wrong, "bits 41 to 47 of GR0");
}

static void addresses(void)
{
	uint64_t room = ROOM;

	expect_pqap("QCI beyond the memory", ADDRESSING, FC(4), RAM_END);
	expect_pqap("QCI at its end", ADDRESSING, FC(4), RAM_END - 120);
	expect_message("NQAP from beyond the memory", ADDRESSING, message(NQAP, 4, 6, RAM_END, 64));
	expect_message("NQAP across its end", ADDRESSING, message(NQAP, 4, 6, RAM_END - 32, 64));
	expect_message("DQAP to beyond the memory", ADDRESSING, message(DQAP, 4, 6, RAM_END, 64));
	expect_message("DQAP across its end", ADDRESSING, message(DQAP, 4, 6, RAM_END - 32, 64));
	expect_message("NQAP of nothing", 3, message(NQAP, 4, 6, RAM_END, 0));
	expect_message("DQAP into nothing", 3, message(DQAP, 4, 6, RAM_END, 0));
	expect_message("NQAP of more than the memory", ADDRESSING,
		       message(NQAP, 4, 6, RAM_END - 4096, ~0ULL));
	expect_message("DQAP of a queue that is not there", 3, message(DQAP, 4, 6, room, ~0ULL));
	result(regs[7] == ~0ULL && regs[6] == room, "DQAP leaves address and length then");
}

static int qci_to(uint64_t addr)
{
	clear_regs();
	regs[0] = FC(4);
	regs[2] = addr;
	return execute(PQAP, 0, 0, DAT);
}

static int translated(enum op op, uint64_t addr, uint64_t len)
{
	clear_regs();
	regs[0] = 0x0101;
	regs[6] = addr;
	regs[7] = len;
	return execute(op, 4, 6, DAT);
}

static void translations(void)
{
	map();
	expect_message("QCI to a translated address", 0, qci_to(ROOM));
	expect_message("QCI to a page that is not there", PAGE_TRANSLATION, qci_to(HOLE));
	result((translation_exception & ~0xfffULL) == HOLE && regs[2] == HOLE, "it is named");
	expect_message("QCI to a page that is protected", PROTECTION, qci_to(PROTECTED));
	expect_message("QCI to no segment", SEGMENT_TRANSLATION, qci_to(NO_SEGMENT));
	expect_message("QCI beyond the space", ASCE_TYPE, qci_to(1ULL << 40));
	expect_message("NQAP from a page that is not there", PAGE_TRANSLATION,
		       translated(NQAP, HOLE, 64));
	expect_message("NQAP into it", PAGE_TRANSLATION, translated(NQAP, HOLE - 32, 64));
	result((translation_exception & ~0xfffULL) == HOLE && regs[6] == HOLE - 32 && regs[7] == 64,
	       "it is named, and the registers stay");
	expect_message("NQAP from a page that is protected", 3, translated(NQAP, PROTECTED, 64));
	expect_message("DQAP to a page that is not there", PAGE_TRANSLATION,
		       translated(DQAP, HOLE, 64));
	expect_message("DQAP across a page that is protected", PROTECTION,
		       translated(DQAP, PROTECTED - 32, 64));
	expect_message("DQAP beyond the space", ASCE_TYPE,
		       translated(DQAP, 0x6b6b6b6b6b6b6b6bULL, 64));
}

static void facilities(void)
{
	bool qci = has("no-apqci"), t = has("no-apft"), aqic = has("no-apqi");

	expect_pqap("QCI", qci ? SPECIFICATION : 0, FC(4), ROOM);
	expect_pqap("TAPQ with T", t ? SPECIFICATION : 3, 0x00800101, 0);
	expect_pqap("AQIC", aqic ? SPECIFICATION : 3, FC(3) | 0x0101, ROOM);
	expect_pqap("TAPQ", 3, 0x0101, 0);
}

void test_exceptions(void)
{
	unsigned int i, wrong = 0;

	if (has("no-ap")) {
		without_ap();
		return;
	}
	facilities();
	problem_state(PQAP, "PQAP in problem state");
	problem_state(NQAP, "NQAP in problem state");
	problem_state(DQAP, "DQAP in problem state");
	function_codes();
	odd_registers(NQAP, "NQAP wants even registers");
	odd_registers(DQAP, "DQAP wants even registers");
	if (has("no-apqci"))
		return;
	for (i = 1; i < 8; i++)
		if (pqap(FC(4), 0, ROOM + i) != SPECIFICATION)
			wrong++;
	result(!wrong, "QCI's block is aligned to 8 bytes");
	addresses();
	translations();
}
