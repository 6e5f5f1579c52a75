// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Random calls of the ioctls that execute AP instructions: random and nearly right arguments,
 * addresses that are none, requests of every kind. Ends with the number of calls by result.
 *
 * usage: apfuzz UUID CALLS SEED
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "guest.h"

#define MEMORY (64 * 1024)

static __u64 state;
static unsigned char *memory;
static unsigned long long results[256];

/* xorshift64: the same seed gives the same calls */
static __u64 rnd(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static int one_in(unsigned int n)
{
	return rnd() % n == 0;
}

static __u64 address(void)
{
	switch (rnd() % 8) {
	case 0:
		return rnd();
	case 1:
		return 0;
	case 2: /* runs into the hole behind */
		return (unsigned long)memory + MEMORY - rnd() % 64;
	default:
		return (unsigned long)memory + rnd() % 4096;
	}
}

/* Mostly queues that some guest of the test can have */
static __u64 queue(void)
{
	static const unsigned char apids[] = { 3, 5, 6, 10 }, apqis[] = { 4, 6, 0x47, 0xab };

	if (one_in(4))
		return rnd() & 0xffff;
	return (unsigned int)apids[rnd() % 4] << 8 | apqis[rnd() % 4];
}

static __u32 length(void)
{
	static const __u32 likely[] = { 0, 1, 8, 16, 128, 324, 400, 464, 784, 1552, 12288, 12289 };

	return one_in(8) ? (__u32)rnd() : likely[rnd() % (sizeof(likely) / sizeof(likely[0]))];
}

/* A request that firmware looks into, some of the time */
static void request(__u32 len)
{
	unsigned char *m = memory;
	unsigned int i;

	for (i = 0; i < 32; i++)
		m[rnd() % 2048] = (unsigned char)rnd();
	m[1] = one_in(2) ? 0x50 : 0x06;
	m[2] = (unsigned char)(len >> 8);
	m[3] = (unsigned char)len;
	m[8] = 0;
	m[9] = (unsigned char)(1 + rnd() % 3 + (one_in(2) ? 0x10 : 0));
	if (m[1] != 0x06)
		return;
	memcpy(m + 16, "\0\0\0\x58", 4);
	memcpy(m + 32, "CA", 2);
	memcpy(m + 52, "RL", 2);
	m[90] = 2;
	memcpy(m + 308, "RL", 2);
}

static int insn(int fd)
{
	static const __u32 opcodes[] = { AP_OP_PQAP, AP_OP_PQAP, AP_OP_NQAP, AP_OP_DQAP };
	struct vfio_ap_insn a = {
		.argsz = one_in(64) ? (__u32)rnd() : sizeof(a),
		.version = one_in(64) ? (__u32)rnd() : VFIO_AP_INSN_VERSION,
		.opcode = one_in(64) ? (__u32)rnd() : opcodes[rnd() % 4],
		.gr0 = queue() | (rnd() % 6) << 24 | (rnd() & 0xc0800000),
		.gr1 = rnd(),
		.gr2 = rnd(),
		.psmid = rnd(),
		.buf = address(),
		.len = length(),
		.reserved = one_in(64) ? (__u32)rnd() : 0,
	};

	if (a.opcode == AP_OP_NQAP && one_in(2)) {
		request(a.len);
		a.buf = (unsigned long)memory;
	}
	return ioctl(fd, VFIO_AP_INSN, one_in(64) ? (void *)address() : &a);
}

static int set_eventfd(int fd)
{
	static int event = -1;
	struct vfio_ap_insn_eventfd a = { sizeof(a), VFIO_AP_INSN_VERSION, -1, 0 };

	if (event < 0)
		event = eventfd(0, EFD_NONBLOCK);
	a.fd = one_in(4) ? (int)rnd() : one_in(2) ? -1 : event;
	return ioctl(fd, VFIO_AP_INSN_EVENTFD, one_in(16) ? (void *)address() : &a);
}

static int irq(int fd)
{
	struct vfio_ap_insn_irq a = { sizeof(a), VFIO_AP_INSN_VERSION, 0, 0 };

	return ioctl(fd, VFIO_AP_INSN_IRQ, one_in(16) ? (void *)address() : &a);
}

static int call(int fd)
{
	switch (rnd() % 64) {
	case 0:
		return set_eventfd(fd);
	case 1:
	case 2:
		return irq(fd);
	case 3:
		return ioctl(fd, 0x3b00 | (rnd() & 0xff), address());
	default:
		return insn(fd);
	}
}

static void report(void)
{
	int i;

	printf("ok %llu", results[0]);
	for (i = 1; i < 256; i++)
		if (results[i])
			printf(" %s %llu", strerrorname_np(i), results[i]);
	puts("");
}

int main(int argc, char **argv)
{
	unsigned long long i, calls;
	int fd, rc;

	if (argc != 4)
		return 2;
	calls = strtoull(argv[2], NULL, 0);
	state = strtoull(argv[3], NULL, 0) | 1;
	fd = guest_open(argv[1]);
	memory = mmap(NULL, MEMORY + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		      0);
	if (fd < 0 || memory == MAP_FAILED || munmap(memory + MEMORY, 4096)) {
		perror("apfuzz");
		return 1;
	}
	for (i = 0; i < calls; i++) {
		rc = call(fd);
		results[rc < 0 ? errno & 255 : 0]++;
	}
	report();
	return 0;
}
