// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Every instruction on each of the 65,536 queue numbers: those that QCI shows answer, the others answer as if
 * they did not exist.
 */
#include "bare.h"

#define RC(status) ((status) >> 16 & 0xff)
#define FC(n) ((uint64_t)(n) << 24)
#define QCI_BLOCK ROOM
#define BUFFER (ROOM + 0x1000)

struct count {
	uint64_t inside;
	uint64_t outside;
	uint64_t wrong;
};

static bool bit(const uint8_t *mask, unsigned int n)
{
	return mask[n / 8] & (0x80 >> n % 8);
}

static bool is_mine(unsigned int qid)
{
	const uint8_t *qci = (const uint8_t *)QCI_BLOCK;

	return bit(qci + 16, qid >> 8) && bit(qci + 48, qid & 0xff);
}

static int message(enum op op, unsigned int qid)
{
	clear_regs();
	regs[0] = qid | (op == NQAP ? 0x40000000 : 0x80000000);
	regs[4] = 0;
	regs[5] = 4711;
	regs[6] = BUFFER;
	regs[7] = 64;
	return execute(op, 4, 6, 0);
}

/* One of them on one queue: 01 outside; inside anything else. */
static void judge(struct count *n, unsigned int qid, int cc)
{
	bool absent = cc == 3 && RC(regs[1]) == 0x01;

	if (cc >= EXCEPTION || absent == is_mine(qid)) {
		n->wrong++;
		if (n->wrong < 4)
			print("# queue %x: cc %x, status %x", (uint64_t)qid, (uint64_t)cc, regs[1]);
		return;
	}
	if (absent)
		n->outside++;
	else
		n->inside++;
}

static void show(const char *name, const struct count *n)
{
	print("# %s: %u queues answer, %u do not exist, %u wrong", name, n->inside, n->outside,
	      n->wrong);
	result(!n->wrong && n->inside == word("queues", 0) && n->inside + n->outside == 65536,
	       name);
}

static void pqap_on_all(const char *name, uint64_t gr0, uint64_t gr1)
{
	struct count n = { 0 };
	unsigned int qid;

	for (qid = 0; qid < 65536; qid++)
		judge(&n, qid, pqap(gr0 | qid, gr1, BUFFER));
	show(name, &n);
}

static void message_to_all(const char *name, enum op op)
{
	struct count n = { 0 };
	unsigned int qid;

	for (qid = 0; qid < 65536; qid++)
		judge(&n, qid, message(op, qid));
	show(name, &n);
}

void test_every_queue(void)
{
	int cc = pqap(FC(4), 0, QCI_BLOCK);
	uint32_t flags = *(volatile uint32_t *)QCI_BLOCK;

	result(!cc && flags, "QCI answers with flags");
	pqap_on_all("TAPQ", FC(0), 0);
	pqap_on_all("TAPQ with facilities", FC(0) | 0x00800000, 0);
	pqap_on_all("AQIC", FC(3), 0x0000800000000003);
	message_to_all("NQAP", NQAP);
	message_to_all("DQAP", DQAP);
	pqap_on_all("RAPQ", FC(1), 0);
	pqap_on_all("ZAPQ", FC(2), 0);
	/* Response codes 02: a reset that is under way comes from the queue, too. */
	pqap_on_all("TAPQ after resets", FC(0), 0);
}
