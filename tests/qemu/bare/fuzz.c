// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Random instructions with random registers and bad addresses. It only has to end, and everybody else to live.
 */
#include "bare.h"

static uint64_t state;

/* xorshift64* (Vigna) */
static uint64_t next(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dULL;
}

/* Anywhere but where the program lies: replies and interrupts are stored there. */
static uint64_t address(void)
{
	uint64_t r = next();

	switch (r & 7) {
	case 0:
		return next() | 0x8000000000000000ULL;
	case 1:
		return (r & 8 ? RAM_END : HOLE + 0x4000) - (next() & 0x3fff);
	case 2:
		return RAM_END + (next() & 0xffffff);
	case 3:
		return ~0ULL - (next() & 0x1fff);
	case 4:
		return ROOM + (next() & 0xffffff);
	default:
		return ROOM + (next() & 0xffff & ~7ULL);
	}
}

static uint64_t length(void)
{
	uint64_t r = next();

	switch (r & 7) {
	case 0:
		return next();
	case 1:
		return r >> 8 & 0x1ffff;
	case 2:
		return 0;
	default:
		return r >> 8 & 0x3ff;
	}
}

/* Half of the time a queue that exists */
static uint64_t queue(void)
{
	uint64_t r = next(), apid = word("adapter", 5), apqi = word("domain", 4);

	return r & 1 ? apid << 8 | apqi : r >> 8 & 0xffff;
}

/* RSA that the firmware takes seriously: type 50, modulus of 1024 bits, every other time cut or spoilt */
static void make_request(uint64_t at)
{
	volatile uint8_t *m = (volatile uint8_t *)at;
	unsigned int i;

	for (i = 0; i < 400; i++)
		m[i] = i < 16 ? 0 : (uint8_t)next();
	m[1] = next() & 1 ? 0x50 : 0x06;
	m[2] = 400 >> 8;
	m[3] = 400 & 0xff;
	m[9] = next() & 7 ? 1 : (uint8_t)next();
	m[16 + 128] |= 0x80;
	m[16 + 255] |= 1;
	m[16 + 256] &= 0x7f;
}

static int once(void)
{
	static const uint8_t codes[] = { 0, 1, 2, 3, 4, 3, 0, 0 };
	uint64_t r = next(), request = ROOM + 0x200000;
	enum op op = r % 3;
	unsigned int i, r1 = r >> 8 & 15, r2 = r >> 12 & 15;

	for (i = 0; i < 16; i++)
		regs[i] = i & 1 ? length() : address();
	regs[0] = queue() | (uint64_t)codes[r >> 16 & 7] << 24 | (r & 0x100000 ? 0x00800000 : 0);
	if (!(r >> 24 & 63))
		regs[0] = next();
	if (op != PQAP && r >> 32 & 7) {
		r1 &= 14;
		r2 &= 14;
		regs[0] = queue() | 0xc0000000;
	}
	/* A queue's number as an address would be the program's own. */
	if (op != PQAP && !r2)
		regs[0] |= 0xc0000000;
	if (op == NQAP && !(r >> 36 & 15)) {
		make_request(request);
		r2 = 6;
		regs[6] = request;
		regs[7] = 400;
	}
	/* A reset each time would leave nothing to fetch. */
	if (op == PQAP && (codes[r >> 16 & 7] == 1 || codes[r >> 16 & 7] == 2) && r >> 40 & 15)
		regs[0] &= ~0xff000000ULL;
	return execute(op, r1, r2, (r >> 48 & 63 ? 0 : PROBLEM_STATE) | (r >> 56 & 1 ? DAT : 0));
}

void test_fuzz(void)
{
	uint64_t n = word("fuzz", 1000), i, by_cc[4] = { 0 }, exceptions = 0;
	int rc;

	map();
	state = word("seed", 1) | 1ULL << 40;
	for (i = 0; i < n; i++) {
		rc = once();
		if (rc >= EXCEPTION)
			exceptions++;
		else
			by_cc[rc]++;
		if (i % 100000 == 99999)
			print("# %u", i + 1);
	}
	print("# condition codes 0: %u, 1: %u, 2: %u, 3: %u; exceptions: %u", by_cc[0], by_cc[1],
	      by_cc[2], by_cc[3], exceptions);
	result(by_cc[0] && by_cc[3] && exceptions, "the machine came through");
}
