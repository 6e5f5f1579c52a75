// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What an accelerator's queue does with messages: nothing is stored beyond a reply or its buffer, identifiers
 * come back as they went, and of what a reset has thrown out nothing comes ever.
 */
#include "bare.h"

#define RC(status) ((status) >> 16 & 0xff)
#define NO_REPLY 0x10
#define TOO_LONG 0x15
#define FIRST 0x80000000ULL

#define REQUEST ROOM
#define REQUEST_LEN 400
#define REPLY (ROOM + 0x10000)
#define REPLY_LEN 144
#define AREA 512
#define UNTOUCHED 0xa5

#define PATIENCE 20000000U

static uint64_t queue;

/* Type 50: 3 ^ 65537 modulo 2^1024 - 105 (Linux, drivers/s390/crypto/zcrypt_msgtype50.c) */
static void make_request(void)
{
	volatile uint8_t *m = (volatile uint8_t *)REQUEST;
	unsigned int i;

	for (i = 0; i < REQUEST_LEN; i++)
		m[i] = 0;
	m[1] = 0x50;
	m[2] = REQUEST_LEN >> 8;
	m[3] = REQUEST_LEN & 0xff;
	m[9] = 1;
	m[16 + 125] = 1;
	m[16 + 127] = 1;
	for (i = 0; i < 127; i++)
		m[16 + 128 + i] = 0xff;
	m[16 + 255] = 256 - 105;
	m[16 + 256 + 127] = 3;
}

static int send(uint64_t psmid, uint64_t len)
{
	clear_regs();
	regs[0] = queue | 0x40000000;
	regs[4] = psmid >> 32;
	regs[5] = psmid & 0xffffffff;
	regs[6] = REQUEST;
	regs[7] = len;
	return execute(NQAP, 4, 6, 0);
}

static int receive_at(uint64_t addr, uint64_t gr0, uint64_t len, uint64_t psw_mask)
{
	clear_regs();
	regs[0] = gr0;
	regs[6] = addr;
	regs[7] = len;
	return execute(DQAP, 4, 6, psw_mask);
}

static int receive(uint64_t gr0, uint64_t len)
{
	return receive_at(REPLY, gr0, len, 0);
}

/* Receives once there is a reply. */
static int await(uint64_t len)
{
	unsigned int i;
	int cc = 3;

	for (i = 0; i < PATIENCE; i++) {
		cc = receive(queue | FIRST, len);
		if (cc != 3 || RC(regs[1]) != NO_REPLY)
			break;
	}
	return cc;
}

static void paint(void)
{
	volatile uint8_t *p = (volatile uint8_t *)REPLY;
	unsigned int i;

	for (i = 0; i < AREA; i++)
		p[i] = UNTOUCHED;
}

static bool untouched_from(unsigned int i)
{
	volatile uint8_t *p = (volatile uint8_t *)REPLY;

	for (; i < AREA; i++)
		if (p[i] != UNTOUCHED)
			return false;
	return true;
}

static uint64_t sum(uint64_t s, unsigned int len)
{
	volatile uint8_t *p = (volatile uint8_t *)REPLY;
	unsigned int i;

	for (i = 0; i < len; i++)
		s = s * 31 + p[i];
	return s;
}

static uint64_t psmid(void)
{
	return regs[4] << 32 | regs[5];
}

static void whole(void)
{
	volatile uint8_t *p = (volatile uint8_t *)REPLY;
	int cc = send(0x1122334455667788ULL, REQUEST_LEN);

	result(!cc && regs[6] == REQUEST + REQUEST_LEN && !regs[7],
	       "NQAP moves address and length behind the request");
	paint();
	cc = await(AREA);
	result(!cc && psmid() == 0x1122334455667788ULL, "the reply has the request's identifier");
	result(regs[6] == REPLY + REPLY_LEN && regs[7] == AREA - REPLY_LEN && !regs[2],
	       "its length is exact");
	result(p[1] == 0x80 && p[2] == 0 && p[3] == REPLY_LEN && untouched_from(REPLY_LEN),
	       "nothing is stored behind it");
}

/* In buffers of 64 bytes, the registers between them as the processor left them */
static void in_parts(uint64_t want)
{
	unsigned int left = REPLY_LEN, n = 0, part;
	uint64_t gr0, s = 0;
	bool good = true;
	int cc;

	send(2, REQUEST_LEN);
	paint();
	cc = await(64);
	for (;;) {
		part = left < 64 ? left : 64;
		left -= part;
		good = good && regs[2] == left && regs[7] == 64 - part && untouched_from(64) &&
		       cc == (left ? 1 : 0);
		s = sum(s, part);
		gr0 = regs[0];
		if (cc != 1 || ++n > 8)
			break;
		paint();
		cc = receive(gr0, 64);
	}
	result(good && psmid() == 2, "a reply in parts: nothing is stored behind the buffer");
	result(s == want, "together they are the same reply");
}

static void not_stored(void)
{
	volatile uint8_t *before = (volatile uint8_t *)PROTECTED - 1;
	unsigned int i;
	bool good;
	int cc;

	map();
	send(3, REQUEST_LEN);
	for (i = 0; i < PATIENCE; i++) {
		pqap(queue, 0, 0);
		if (regs[1] & 0x40000000)
			break;
	}
	*before = UNTOUCHED;
	good = receive_at(HOLE, queue | FIRST, AREA, DAT) == PAGE_TRANSLATION;
	good = good && receive_at(PROTECTED - 64, queue | FIRST, AREA, DAT) == PROTECTION;
	good = good && receive_at(RAM_END - 64, queue | FIRST, AREA, 0) == ADDRESSING;
	result(good && *before == UNTOUCHED, "what cannot be stored whole is not stored");
	cc = receive(queue | FIRST, AREA);
	result(!cc && psmid() == 3, "and stays in the queue");
}

static void thrown_out(void)
{
	unsigned int i, replies = 0;
	int cc;

	for (i = 0; i < 4; i++)
		send(100 + i, REQUEST_LEN);
	pqap(queue | 1ULL << 24, 0, 0);
	do
		cc = pqap(queue, 0, 0);
	while (cc == 3 && RC(regs[1]) == 0x02);
	result(!cc && regs[1] == 0x80000000, "after a reset the queue is empty");
	for (i = 0; i < 20000; i++)
		if (receive(queue | FIRST, AREA) != 3 || RC(regs[1]) != NO_REPLY)
			replies++;
	result(!replies, "a reply to what it has thrown out does not come");
	send(5, REQUEST_LEN);
	cc = await(AREA);
	result(!cc && psmid() == 5, "the next reply is that of the next request");
}

static void many(void)
{
	unsigned int round, i, seen, wrong = 0;

	for (round = 0; round < 100; round++) {
		for (i = 0; i < 4; i++)
			if (send((uint64_t)round << 32 | i, REQUEST_LEN))
				wrong++;
		for (i = 0, seen = 0; i < 4; i++)
			if (await(AREA) || psmid() >> 32 != round)
				wrong++;
			else
				seen |= 1U << (psmid() & 31);
		if (seen != 0xf)
			wrong++;
	}
	result(!wrong, "400 requests, four at a time: 400 replies with their identifiers");
}

void test_messages(void)
{
	uint64_t one;
	int cc;

	queue = word("adapter", 6) << 8 | word("domain", 4);
	make_request();
	whole();
	one = sum(0, REPLY_LEN);
	in_parts(one);
	not_stored();
	thrown_out();
	many();
	cc = send(6, 12 * 1024 + 1);
	result(cc == 3 && RC(regs[1]) == TOO_LONG && regs[6] == REQUEST && regs[7] == 12 * 1024 + 1,
	       "a request that is too long is refused, and the registers stay");
}
