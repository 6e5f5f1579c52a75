// SPDX-License-Identifier: LGPL-2.1-or-later
#include "machine.h"

static struct ap_exec send(const struct ap_caller *by, unsigned int qid, struct ap_message *msg)
{
	struct ap_exec x = { .insn = AP_INSN_NQAP, .qid = qid, .msg = msg };

	ap_machine_execute(&machine, by, &x, now);
	return x;
}

static struct ap_exec fetch(const struct ap_caller *by, unsigned int qid, void *buf,
			    unsigned int len, __u64 gr0)
{
	struct ap_exec x = { .insn = AP_INSN_DQAP, .qid = qid, .gr0 = gr0, .buf = buf, .len = len };

	ap_machine_execute(&machine, by, &x, now);
	return x;
}

/* Firmware answers ten bytes. */
static bool answer(struct ap_message *msg)
{
	static __u8 reply[] = "0123456789";

	msg->reply = reply;
	msg->reply_len = 10;
	return ap_machine_finish(&machine, msg);
}

static void test_tapq(void)
{
	struct ap_exec x;

	make_machine();
	x = run(&host, AP_INSN_TAPQ, Q(5, 4));
	g_assert_cmphex(x.status, ==, AP_STATUS_EMPTY);
	g_assert_cmphex(x.gr2, ==, 0x920000000eff0001);
	g_assert_cmpint(x.cc, ==, 0);
	x = run(&host, AP_INSN_TAPQ, Q(5, 5));
	g_assert_cmphex(x.status, ==, AP_STATUS(1));
	g_assert_cmphex(x.gr2, ==, 0);
	g_assert_cmpint(x.cc, ==, 3);
	g_assert_cmpuint(rc_of(run(&host, AP_INSN_TAPQ, Q(4, 4))), ==, 1);
	ap_machine_configure(&machine, 5, false);
	x = run(&host, AP_INSN_TAPQ, Q(5, 4));
	g_assert_cmpuint(rc_of(x), ==, 3);
	g_assert_cmphex(x.gr2, !=, 0);
	ap_machine_configure(&machine, 5, true);
	ap_machine_checkstop(&machine, 5, true);
	g_assert_cmpuint(rc_of(run(&host, AP_INSN_TAPQ, Q(5, 4))), ==, 4);
	g_assert_cmpuint(machine.count.insn[0][AP_INSN_TAPQ], ==, 5);
}

static void test_reset(void)
{
	static const enum ap_insn_code codes[] = { AP_INSN_RAPQ, AP_INSN_ZAPQ };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		make_machine();
		g_assert_cmpuint(rc_of(run(&host, codes[i], Q(5, 4))), ==, 0);
		g_assert_cmpuint(rc_of(run(&host, codes[i], Q(5, 4))), ==, 2);
		g_assert_cmpuint(rc_of(run(&host, AP_INSN_TAPQ, Q(5, 4))), ==, 2);
		g_assert_cmpuint(rc_of(run(&host, AP_INSN_TAPQ, Q(5, 71))), ==, 0);
		now += 3 * MS;
		g_assert_true(apm_mask_test(&machine.dirty[5], 4));
		g_assert_cmpuint(rc_of(run(&host, AP_INSN_TAPQ, Q(5, 4))), ==, 0);
		/* Only a reset with zeroize makes clean. */
		g_assert_cmpint(apm_mask_test(&machine.dirty[5], 4), ==, codes[i] == AP_INSN_RAPQ);
		g_assert_cmpuint(machine.count.resets, ==, 1);
		g_assert_cmpuint(adapters[1].queue[4].resets, ==, 1);
	}
}

static void test_slow_reset(void)
{
	make_machine();
	faults[1][4] = (struct ap_fault){ .slow_reset = true, .reset_ms = 100 };
	faults[1][71] = (struct ap_fault){ .slow_reset = true, .reset_ms = AP_FOREVER };
	run(&host, AP_INSN_ZAPQ, Q(5, 4));
	run(&host, AP_INSN_ZAPQ, Q(5, 71));
	now += 99 * MS;
	g_assert_cmpuint(rc_of(run(&host, AP_INSN_TAPQ, Q(5, 4))), ==, 2);
	now += MS;
	g_assert_cmpuint(rc_of(run(&host, AP_INSN_TAPQ, Q(5, 4))), ==, 0);
	now += 1000000 * MS;
	g_assert_cmpuint(rc_of(run(&host, AP_INSN_TAPQ, Q(5, 71))), ==, 2);
	/* It ends when the fault goes. */
	faults[1][71] = (struct ap_fault){ .slow_reset = false };
	g_assert_cmpuint(rc_of(run(&host, AP_INSN_TAPQ, Q(5, 71))), ==, 0);
}

static void test_aqic(void)
{
	struct ap_exec x = { .insn = AP_INSN_AQIC, .qid = Q(5, 4), .gr1 = AP_AQIC_IR };

	make_machine();
	ap_machine_execute(&machine, &host, &x, now);
	g_assert_cmphex(x.status, ==, AP_STATUS_EMPTY | AP_STATUS_IRQ);
	ap_machine_execute(&machine, &host, &x, now);
	g_assert_cmpuint(rc_of(x), ==, 7);
	x.gr1 = 0;
	ap_machine_execute(&machine, &host, &x, now);
	g_assert_cmphex(x.status, ==, AP_STATUS_EMPTY);
	x.gr1 = AP_AQIC_IR;
	ap_machine_execute(&machine, &host, &x, now);
	run(&host, AP_INSN_ZAPQ, Q(5, 4));
	g_assert_cmphex(run(&host, AP_INSN_TAPQ, Q(5, 4)).status & AP_STATUS_IRQ, ==, 0);
}

static void test_qci(void)
{
	struct ap_matrix apcb = matrix_of(10, 255);
	struct ap_caller guest = { &apcb, "guest" };
	__u8 block[AP_QCI_SIZE];

	make_machine();
	ap_machine_qci(&machine, &host, block);
	g_assert_cmphex(block[0], ==, 0xf0);
	g_assert_cmpuint(block[4], ==, 255);
	g_assert_cmpuint(block[5], ==, 255);
	g_assert_cmphex(block[16], ==, 0x14); /* 3, 5 */
	g_assert_cmphex(block[17], ==, 0x20); /* 10 */
	g_assert_cmphex(block[48], ==, 0x08);
	g_assert_cmphex(block[48 + 8], ==, 0x01);
	g_assert_cmphex(block[80], ==, 0x08);
	ap_machine_qci(&machine, &guest, block);
	g_assert_cmphex(block[0], ==, 0xf0);
	g_assert_cmphex(block[16], ==, 0);
	g_assert_cmphex(block[17], ==, 0x20);
	g_assert_cmphex(block[48 + 31], ==, 0x01);
}

static void test_messages(void)
{
	struct ap_message a = { .psmid = 1 }, b = { .psmid = 2 }, c = { .psmid = 3 };
	__u8 buf[16];
	struct ap_exec x;

	make_machine();
	g_assert_cmphex(fetch(&host, Q(5, 4), buf, 16, AP_GR0_FIRST).status, ==,
			(AP_STATUS(0x10) | AP_STATUS_EMPTY));
	g_assert_cmphex(send(&host, Q(5, 4), &a).status, ==, 0);
	g_assert_cmphex(send(&host, Q(5, 4), &b).status, ==, AP_STATUS_FULL);
	x = send(&host, Q(5, 4), &c);
	g_assert_cmpuint(rc_of(x), ==, 0x10);
	g_assert_cmpint(x.cc, ==, 3);
	g_assert_cmpuint(rc_of(fetch(&host, Q(5, 4), buf, 16, AP_GR0_FIRST)), ==, 0x10);
	g_assert_false(answer(&b));
	x = fetch(&host, Q(5, 4), buf, 16, AP_GR0_FIRST);
	g_assert_cmphex(x.status, ==, 0);
	g_assert_cmpuint(x.psmid, ==, 2);
	g_assert_true(x.msg == &b);
	g_assert_cmpuint(x.len, ==, 10);
	g_assert_cmpmem(buf, 10, "0123456789", 10);
	answer(&a);
	g_assert_cmphex(run(&host, AP_INSN_TAPQ, Q(5, 4)).status, ==, AP_STATUS_REPLIES);
	x = fetch(&host, Q(5, 4), buf, 16, AP_GR0_FIRST);
	g_assert_true(x.msg == &a);
	g_assert_cmphex(x.status, ==, AP_STATUS_EMPTY);
	c.request_len = AP_REQUEST_MAX + 1;
	g_assert_cmpuint(rc_of(send(&host, Q(5, 4), &c)), ==, 0x15);
}

static void test_parts(void)
{
	struct ap_message a = { .psmid = 1 };
	__u8 buf[16];
	struct ap_exec x;

	make_machine();
	send(&host, Q(5, 4), &a);
	answer(&a);
	g_assert_cmpuint(rc_of(fetch(&host, Q(5, 4), buf, 4, 0)), ==, 0x13);
	x = fetch(&host, Q(5, 4), buf, 4, AP_GR0_FIRST);
	g_assert_cmpint(x.cc, ==, 1);
	g_assert_cmpuint(x.gr2, ==, 6);
	g_assert_null(x.msg);
	g_assert_cmphex(x.gr0 & AP_GR0_FIRST, ==, 0);
	x = fetch(&host, Q(5, 4), buf + 4, 4, x.gr0);
	g_assert_cmpuint(x.gr2, ==, 2);
	/* From the beginning again */
	x = fetch(&host, Q(5, 4), buf, 4, AP_GR0_FIRST);
	g_assert_cmpuint(x.gr2, ==, 6);
	x = fetch(&host, Q(5, 4), buf + 4, 12, x.gr0);
	g_assert_cmpint(x.cc, ==, 0);
	g_assert_cmpuint(x.len, ==, 6);
	g_assert_true(x.msg == &a);
	g_assert_cmpmem(buf, 10, "0123456789", 10);
}

static void test_flush(void)
{
	struct ap_message a = { .psmid = 1 }, b = { .psmid = 2 };

	make_machine();
	send(&host, Q(5, 4), &a);
	send(&host, Q(5, 4), &b);
	answer(&a);
	run(&host, AP_INSN_ZAPQ, Q(5, 4));
	g_assert_true(ap_machine_collect(&machine) == &a);
	g_assert_null(a.next);
	g_assert_null(ap_machine_collect(&machine));
	g_assert_true(b.orphan);
	g_assert_true(ap_machine_orphans(&machine) == &b);
	g_assert_null(ap_machine_orphans(&machine));
	g_assert_false(answer(&b));
	now += 3 * MS;
	g_assert_cmphex(run(&host, AP_INSN_TAPQ, Q(5, 4)).status, ==, AP_STATUS_EMPTY);
}

static void test_unplug(void)
{
	struct ap_message a = { .psmid = 1 }, b = { .psmid = 2 };

	make_machine();
	send(&host, Q(5, 4), &a);
	send(&host, Q(3, 4), &b);
	g_assert_true(ap_machine_unplug(&machine, 5) == &adapters[1]);
	g_assert_null(ap_machine_unplug(&machine, 5));
	g_assert_true(a.orphan);
	g_assert_false(b.orphan);
	g_assert_false(answer(&a));
	g_assert_cmpuint(rc_of(run(&host, AP_INSN_TAPQ, Q(5, 4))), ==, 1);
	ap_machine_domains(&machine, &APM_MASK_NONE, &APM_MASK_NONE);
	g_assert_true(b.orphan);
}

static void test_irq(void)
{
	struct ap_exec x = { .insn = AP_INSN_AQIC, .qid = Q(5, 4), .gr1 = AP_AQIC_IR };
	struct ap_message a = { .psmid = 1 }, b = { .psmid = 2 };
	struct ap_matrix apcb = matrix_of(5, 4), other = matrix_of(3, 4);

	make_machine();
	ap_machine_execute(&machine, &host, &x, now);
	send(&host, Q(5, 4), &a);
	send(&host, Q(5, 4), &b);
	g_assert_true(answer(&a));
	g_assert_cmphex(ap_machine_irq(&machine, &other), ==, AP_NO_QUEUE);
	g_assert_cmphex(ap_machine_irq(&machine, &apcb), ==, Q(5, 4));
	g_assert_cmphex(ap_machine_irq(&machine, &apcb), ==, AP_NO_QUEUE);
	faults[1][4].lose_irq = 1;
	g_assert_false(answer(&b));
	g_assert_cmpuint(machine.count.lost, ==, 1);
}

static void test_lost(void)
{
	struct ap_message a = { .psmid = 1 };

	make_machine();
	faults[1][4].lose_reply = 1;
	faults[1][4].bad_length = 1;
	send(&host, Q(5, 4), &a);
	g_assert_true(a.bad_length);
	g_assert_false(answer(&a));
	g_assert_true(a.orphan);
	g_assert_cmphex(run(&host, AP_INSN_TAPQ, Q(5, 4)).status, ==, AP_STATUS_EMPTY);
}

static void test_codes(void)
{
	static const enum ap_insn_code codes[] = {
		AP_INSN_TAPQ, AP_INSN_RAPQ, AP_INSN_ZAPQ, AP_INSN_AQIC, AP_INSN_NQAP, AP_INSN_DQAP,
	};
	unsigned int i;

	make_machine();
	for (i = 0; i < G_N_ELEMENTS(codes); i++) {
		faults[1][4].code = (struct ap_fault_code){ 1, 0x0a, (__u8)(1 << codes[i]) };
		g_assert_cmpuint(rc_of(run(&host, codes[i], Q(5, 4))), ==, 0x0a);
		g_assert_cmpuint(faults[1][4].code.count, ==, 0);
	}
}

/* What every instruction answers before its own work begins */
static void assert_every(unsigned int rc)
{
	struct ap_message msg = { .psmid = 1 };
	struct ap_exec x;
	unsigned int i;
	__u8 buf[16];

	for (i = AP_INSN_TAPQ; i < AP_INSNS; i++) {
		if (i == AP_INSN_QCI)
			continue;
		x = (struct ap_exec){
			.insn = i,
			.qid = Q(5, 4),
			.msg = i == AP_INSN_NQAP ? &msg : NULL,
			.gr1 = AP_AQIC_IR,
			.buf = buf,
			.len = sizeof(buf),
		};
		ap_machine_execute(&machine, &host, &x, now);
		g_assert_cmphex(rc_of(x), ==, rc);
		g_assert_cmpint(x.cc, ==, 3);
		g_assert_cmpuint(x.len, ==, 0);
		/* What was not taken is the sender's. */
		g_assert_true(x.msg == (i == AP_INSN_NQAP ? &msg : NULL));
		g_assert_cmphex(x.gr2 != 0, ==, i == AP_INSN_TAPQ && rc != 1);
	}
	g_assert_cmpuint(adapters[1].queue[4].count, ==, 0);
}

static void test_every(void)
{
	make_machine();
	ap_machine_configure(&machine, 5, false);
	assert_every(AP_RC_DECONFIGURED);
	ap_machine_configure(&machine, 5, true);
	ap_machine_checkstop(&machine, 5, true);
	assert_every(AP_RC_CHECKSTOPPED);
	ap_machine_checkstop(&machine, 5, false);
	faults[1][4].busy = (struct ap_fault_code){ AP_FOREVER, 5, 0xff };
	assert_every(AP_RC_BUSY);
	faults[1][4].busy.count = 0;
	run(&host, AP_INSN_RAPQ, Q(5, 4));
	assert_every(AP_RC_RESET_IN_PROGRESS);
	ap_machine_unplug(&machine, 5);
	assert_every(AP_RC_NOT_AVAILABLE);
}

/* TAPQ gives the same with and without the T bit. */
static void test_tapq_facilities(void)
{
	struct ap_exec x = { .insn = AP_INSN_TAPQ, .qid = Q(3, 4), .gr0 = AP_GR0_T | Q(3, 4) };

	make_machine();
	ap_machine_execute(&machine, &host, &x, now);
	g_assert_cmphex(x.gr2, ==, 0x6a0000000eff0001);
	g_assert_cmphex(x.gr2, ==, run(&host, AP_INSN_TAPQ, Q(3, 4)).gr2);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/insn/tapq", test_tapq);
	g_test_add_func("/insn/reset", test_reset);
	g_test_add_func("/insn/slow-reset", test_slow_reset);
	g_test_add_func("/insn/aqic", test_aqic);
	g_test_add_func("/insn/qci", test_qci);
	g_test_add_func("/insn/messages", test_messages);
	g_test_add_func("/insn/parts", test_parts);
	g_test_add_func("/insn/flush", test_flush);
	g_test_add_func("/insn/unplug", test_unplug);
	g_test_add_func("/insn/irq", test_irq);
	g_test_add_func("/insn/lost", test_lost);
	g_test_add_func("/insn/codes", test_codes);
	g_test_add_func("/insn/every", test_every);
	g_test_add_func("/insn/tapq-facilities", test_tapq_facilities);
	return g_test_run();
}
