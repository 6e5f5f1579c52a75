// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Executes AP instructions on a matrix device, step by step. Prints one line a step.
 *
 * usage: apinsn UUID STEP…          queues as 05.0047
 *   tapq:QUEUE rapq:QUEUE zapq:QUEUE   status word, and GR2 of TAPQ
 *   tapqt:QUEUE                   TAPQ with the T bit
 *   irq:QUEUE:0|1                 PQAP(AQIC)
 *   qci                           flags, limits, masks
 *   nqap:QUEUE:HEX                a request
 *   nqaplen:QUEUE:N               a request of N zero bytes
 *   rng:QUEUE:N                   CCA's request for N random bytes
 *   dqap:QUEUE[:LEN]              one DQAP
 *   fetch:QUEUE                   DQAP until there is a reply
 *   parts:QUEUE:LEN               a reply in parts of LEN bytes
 *   eventfd                       be told of interrupts
 *   wait:MS                       wait for one
 *   take                          VFIO_AP_INSN_IRQ
 *   outside                       TAPQ, NQAP and DQAP on all 65,536 queues: counts response codes
 *   time:QUEUE:N                  nanoseconds of one TAPQ, of N
 *   bad                           calls with wrong arguments
 *   hold                          wait for a line of standard input
 */
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "guest.h"

static int device, event = -1;
static unsigned char reply[16384];

static int failed(const char *step)
{
	printf("%s: %s\n", step, strerrorname_np(errno));
	return 1;
}

static void say_status(const char *step, const struct vfio_ap_insn *a)
{
	__u32 status = (__u32)a->gr1;

	printf("%s: cc %d rc %02x%s%s%s%s", step, a->cc, AP_STATUS_RC(status),
	       status & AP_STATUS_EMPTY ? " empty" : "",
	       status & AP_STATUS_REPLIES ? " replies" : "", status & AP_STATUS_FULL ? " full" : "",
	       status & AP_STATUS_IRQ ? " irq" : "");
}

static void say_bytes(const unsigned char *p, unsigned int len)
{
	unsigned int i;

	printf(" %u bytes", len);
	for (i = 0; i < len && i < 16; i++)
		printf("%s%02x", i ? "" : " ", p[i]);
}

static int pqap(const char *step, unsigned int fc, unsigned int qid, __u64 gr1)
{
	struct vfio_ap_insn a;

	if (guest_pqap(device, fc, qid, gr1, &a) < 0)
		return failed(step);
	say_status(step, &a);
	if (fc == AP_FC_TAPQ)
		printf(" gr2 %016llx", (unsigned long long)a.gr2);
	puts("");
	return 0;
}

static void say_mask(const unsigned char *p)
{
	int i;

	printf(" ");
	for (i = 0; i < 32; i++)
		printf("%02x", p[i]);
}

static int qci(const char *step)
{
	unsigned char block[AP_QCI_SIZE];
	struct vfio_ap_insn a = {
		.opcode = AP_OP_PQAP,
		.gr0 = AP_FC_QCI << 24,
		.buf = (unsigned long)block,
		.len = sizeof(block),
	};

	if (guest_insn(device, &a) < 0)
		return failed(step);
	printf("%s: %02x%02x%02x%02x %u %u", step, block[0], block[1], block[2], block[3], block[4],
	       block[5]);
	say_mask(block + 16);
	say_mask(block + 48);
	say_mask(block + 80);
	puts("");
	return 0;
}

static int nqap(const char *step, unsigned int qid, const void *msg, unsigned int len)
{
	struct vfio_ap_insn a;

	if (guest_nqap(device, qid, 0x123456789abcdef0ULL, msg, len, &a) < 0)
		return failed(step);
	say_status(step, &a);
	puts("");
	return 0;
}

static int nqap_hex(const char *step, unsigned int qid, const char *hex)
{
	unsigned char msg[2048];
	unsigned int len = 0;

	for (; len < sizeof(msg) && sscanf(hex, "%2hhx", &msg[len]) == 1; hex += 2)
		len++;
	return nqap(step, qid, msg, len);
}

static int nqap_zero(const char *step, unsigned int qid, unsigned int len)
{
	void *msg = calloc(1, len + 1);
	int rc = nqap(step, qid, msg, len);

	free(msg);
	return rc;
}

/* Layout: Linux, drivers/s390/crypto/zcrypt_msgtype6.h (rng_type6cprb_msgx) */
static int rng(const char *step, unsigned int qid, unsigned int n)
{
	unsigned char m[324] = {
		[1] = 0x06, [19] = 0x58, [32] = 'C', [33] = 'A', [52] = 'R', [53] = 'L'
	};
	unsigned char *c = m + 88;

	m[59] = sizeof(m) - 88;
	m[75] = sizeof(m) - 88;
	c[1] = 0xdc;
	c[2] = 0x02;
	c[6] = 'T';
	c[7] = '2';
	c[15] = 16;
	c[23] = sizeof(m) - 88;
	c[30] = (unsigned char)(n >> 8);
	c[31] = (unsigned char)n;
	c[171] = (unsigned char)qid;
	memcpy(m + 308, "RL\0\12RANDOM  \0\2\0\2", 16);
	return nqap(step, qid, m, sizeof(m));
}

static int say_reply(const char *step, int rc, const struct vfio_ap_insn *a)
{
	if (rc < 0)
		return failed(step);
	say_status(step, a);
	if (a->cc < 3) {
		say_bytes(reply, a->len);
		if (a->gr2)
			printf(" %llu left", (unsigned long long)a->gr2);
		else if (a->psmid != 0x123456789abcdef0ULL)
			printf(" of another request");
	}
	puts("");
	return 0;
}

/* Only the reply's place is written, whatever room there is. */
static int dqap(const char *step, unsigned int qid, unsigned int len)
{
	static const unsigned char untouched = 0xa5;
	struct vfio_ap_insn a;
	size_t i;
	int rc;

	memset(reply, untouched, sizeof(reply));
	rc = guest_dqap(device, qid, reply, len, &a);
	for (i = rc || a.cc == 3 ? 0 : a.len; i < sizeof(reply); i++)
		if (reply[i] != untouched) {
			printf("%s: byte %zu of its buffer was touched\n", step, i);
			return 1;
		}
	return say_reply(step, rc, &a);
}

static int fetch(const char *step, unsigned int qid)
{
	struct vfio_ap_insn a;
	int rc = guest_fetch(device, qid, reply, sizeof(reply), &a);

	return say_reply(step, rc, &a);
}

static int parts(const char *step, unsigned int qid, unsigned int len)
{
	unsigned int total = 0, n = 0;
	struct vfio_ap_insn a;

	if (guest_fetch(device, qid, reply, len, &a) < 0)
		return failed(step);
	for (n = 1, total = a.len; a.cc == 1; n++, total += a.len) {
		a.buf = (unsigned long)reply + total;
		a.len = len;
		if (guest_insn(device, &a) < 0)
			return failed(step);
	}
	say_status(step, &a);
	printf(" %u bytes in %u parts\n", total, n);
	return 0;
}

static int set_eventfd(const char *step)
{
	struct vfio_ap_insn_eventfd a = { sizeof(a), VFIO_AP_INSN_VERSION, -1, 0 };

	event = eventfd(0, EFD_CLOEXEC);
	a.fd = event;
	if (ioctl(device, VFIO_AP_INSN_EVENTFD, &a) < 0)
		return failed(step);
	printf("%s: ok\n", step);
	return 0;
}

static int wait_event(const char *step, int ms)
{
	struct pollfd p = { .fd = event, .events = POLLIN };
	uint64_t n;

	if (poll(&p, 1, ms) <= 0 || read(event, &n, sizeof(n)) != sizeof(n)) {
		errno = ETIMEDOUT;
		return failed(step);
	}
	printf("%s: ok\n", step);
	return 0;
}

static int take(const char *step)
{
	struct vfio_ap_insn_irq a = { sizeof(a), VFIO_AP_INSN_VERSION, 0, 0 };

	if (ioctl(device, VFIO_AP_INSN_IRQ, &a) < 0)
		return failed(step);
	if (a.qid == AP_NO_QUEUE)
		printf("%s: none\n", step);
	else
		printf("%s: %02x.%04x\n", step, a.qid >> 8, a.qid & 0xff);
	return 0;
}

/* What is outside answers 01 to everything. */
static int outside(const char *step)
{
	unsigned int qid, count[256] = { 0 }, differ = 0;
	struct vfio_ap_insn t, n, d;

	for (qid = 0; qid < 65536; qid++) {
		if (guest_pqap(device, AP_FC_TAPQ, qid, 0, &t) < 0 ||
		    guest_nqap(device, qid, 0, "", 1, &n) < 0 ||
		    guest_dqap(device, qid, reply, sizeof(reply), &d) < 0)
			return failed(step);
		count[AP_STATUS_RC(t.gr1)]++;
		differ += (AP_STATUS_RC(t.gr1) == 1) != (AP_STATUS_RC(n.gr1) == 1) ||
			  (AP_STATUS_RC(t.gr1) == 1) != (AP_STATUS_RC(d.gr1) == 1);
	}
	printf("%s:", step);
	for (qid = 0; qid < 256; qid++)
		if (count[qid])
			printf(" %u×%02x", count[qid], qid);
	printf(" differ %u\n", differ);
	return 0;
}

static int measure(const char *step, unsigned int qid, unsigned int n)
{
	struct timespec from, to;
	struct vfio_ap_insn a;
	unsigned int i;

	clock_gettime(CLOCK_MONOTONIC, &from);
	for (i = 0; i < n; i++)
		if (guest_pqap(device, AP_FC_TAPQ, qid, 0, &a) < 0)
			return failed(step);
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("%.0f\n",
	       ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) / n);
	return 0;
}

static void bad_call(const char *what, unsigned long cmd, void *arg)
{
	if (ioctl(device, cmd, arg) < 0)
		printf("bad: %s: %s\n", what, strerrorname_np(errno));
	else
		printf("bad: %s: ok\n", what);
}

static void bad_insns(void)
{
	const struct vfio_ap_insn good = { .argsz = sizeof(good),
					   .version = 1,
					   .opcode = AP_OP_PQAP };
	struct vfio_ap_insn a = good;

	a.argsz--;
	bad_call("argsz", VFIO_AP_INSN, &a);
	a = good;
	a.version = 2;
	bad_call("version", VFIO_AP_INSN, &a);
	a = good;
	a.reserved = 1;
	bad_call("reserved", VFIO_AP_INSN, &a);
	a = good;
	a.opcode = 0xb2aa;
	bad_call("opcode", VFIO_AP_INSN, &a);
	a = good;
	a.gr0 = 9 << 24;
	bad_call("function code", VFIO_AP_INSN, &a);
	a = good;
	a.gr0 = AP_FC_QCI << 24;
	a.len = 127;
	bad_call("short block", VFIO_AP_INSN, &a);
	a.len = 128;
	a.buf = 8;
	bad_call("block address", VFIO_AP_INSN, &a);
	a.opcode = AP_OP_NQAP;
	bad_call("request address", VFIO_AP_INSN, &a);
	a.opcode = AP_OP_DQAP;
	bad_call("reply address", VFIO_AP_INSN, &a);
	bad_call("argument address", VFIO_AP_INSN, NULL);
}

static int bad(void)
{
	struct vfio_ap_insn_eventfd e = { sizeof(e), 1, -2, 0 };
	struct vfio_ap_insn_irq i = { sizeof(i), 0, 0, 0 };

	bad_insns();
	bad_call("eventfd -2", VFIO_AP_INSN_EVENTFD, &e);
	e.fd = 4711;
	bad_call("eventfd that is none", VFIO_AP_INSN_EVENTFD, &e);
	e.fd = 0;
	bad_call("file that is no eventfd", VFIO_AP_INSN_EVENTFD, &e);
	bad_call("irq version", VFIO_AP_INSN_IRQ, &i);
	bad_call("irq address", VFIO_AP_INSN_IRQ, NULL);
	return 0;
}

static int hold(void)
{
	char line[16];

	puts("held");
	return fgets(line, sizeof(line), stdin) ? 0 : 0;
}

static int dispatch_queue(const char *step, unsigned int qid, const char *rest)
{
	unsigned int n = *rest == ':' ? (unsigned int)strtoul(rest + 1, NULL, 0) : 0;

	if (!strncmp(step, "tapqt", 5))
		return pqap(step, AP_FC_TAPQ, qid | AP_GR0_T, 0);
	if (!strncmp(step, "tapq", 4))
		return pqap(step, AP_FC_TAPQ, qid, 0);
	if (!strncmp(step, "rapq", 4))
		return pqap(step, AP_FC_RAPQ, qid, 0);
	if (!strncmp(step, "zapq", 4))
		return pqap(step, AP_FC_ZAPQ, qid, 0);
	if (!strncmp(step, "irq", 3))
		return pqap(step, AP_FC_AQIC, qid, n ? AP_AQIC_IR : 0);
	if (!strncmp(step, "nqaplen", 7))
		return nqap_zero(step, qid, n);
	if (!strncmp(step, "nqap", 4))
		return nqap_hex(step, qid, rest + (*rest == ':'));
	if (!strncmp(step, "rng", 3))
		return rng(step, qid, n);
	if (!strncmp(step, "dqap", 4))
		return dqap(step, qid, *rest == ':' ? n : (unsigned int)sizeof(reply));
	if (!strncmp(step, "fetch", 5))
		return fetch(step, qid);
	if (!strncmp(step, "parts", 5))
		return parts(step, qid, n);
	return measure(step, qid, n);
}

static int dispatch(const char *step)
{
	unsigned int apid, apqi;
	int ms, n = 0;

	if (sscanf(step, "%*[a-z]:%2x.%4x%n", &apid, &apqi, &n) == 2 && n)
		return dispatch_queue(step, apid << 8 | (apqi & 0xff), step + n);
	if (!strcmp(step, "qci"))
		return qci(step);
	if (!strcmp(step, "eventfd"))
		return set_eventfd(step);
	if (sscanf(step, "wait:%d", &ms) == 1)
		return wait_event(step, ms);
	if (!strcmp(step, "take"))
		return take(step);
	if (!strcmp(step, "outside"))
		return outside(step);
	if (!strcmp(step, "bad"))
		return bad();
	if (!strcmp(step, "hold"))
		return hold();
	fprintf(stderr, "apinsn: unknown step %s\n", step);
	exit(2);
}

int main(int argc, char **argv)
{
	int i, rc = 0;

	setlinebuf(stdout);
	if (argc < 2)
		return 2;
	device = guest_open(argv[1]);
	if (device < 0)
		return failed(argv[1]);
	for (i = 2; i < argc; i++)
		rc |= dispatch(argv[i]);
	return rc;
}
