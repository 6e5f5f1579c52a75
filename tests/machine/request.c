// SPDX-License-Identifier: LGPL-2.1-or-later
#include "machine.h"
#include "ap_request.h"

static void assert_counts(const struct ap_requests *r, const struct ap_machine_queue *q,
			  __u64 total, unsigned int requestq, unsigned int pendingq,
			  unsigned int load)
{
	struct ap_request_counts c = { 0 };

	ap_requests_count(r, q, host.id, &c);
	g_assert_cmpuint(c.total, ==, total);
	g_assert_cmpuint(c.requestq, ==, requestq);
	g_assert_cmpuint(c.pendingq, ==, pendingq);
	g_assert_cmpuint(c.load, ==, load);
	/* Sums, for cards */
	ap_requests_count(r, q, host.id, &c);
	g_assert_cmpuint(c.load, ==, 2 * load);
	g_assert_cmpuint(c.total, ==, 2 * total);
}

/* Sends the oldest; false when the queue does not take it. */
static bool send_one(struct ap_requests *r, unsigned int qid)
{
	struct ap_exec x = { .insn = AP_INSN_NQAP, .qid = qid, .msg = ap_requests_take(r) };

	ap_machine_execute(&machine, &host, &x, now);
	if (x.cc)
		ap_requests_untake(r, x.msg);
	return !x.cc;
}

static void test_overflow(void)
{
	struct ap_message msg[5] = { { .weight = 23 }, { .weight = 23 }, { .weight = 1 } };
	struct ap_machine_queue *q = &adapters[1].queue[4];
	struct ap_requests r = { .first = NULL };
	unsigned int i;

	make_machine(); /* queues of two messages */
	assert_counts(&r, q, 0, 0, 0, 0);
	for (i = 0; i < 5; i++)
		ap_requests_add(&r, &msg[i]);
	assert_counts(&r, q, 5, 5, 0, 47);
	g_assert_true(send_one(&r, Q(5, 4)));
	g_assert_true(send_one(&r, Q(5, 4)));
	g_assert_false(send_one(&r, Q(5, 4)));
	assert_counts(&r, q, 5, 3, 2, 47);
	g_assert_true(r.first == &msg[2]);
	/* A reply makes room. */
	ap_machine_finish(&machine, &msg[0]);
	ap_machine_drop(&machine, &msg[0]);
	assert_counts(&r, q, 5, 3, 1, 24);
	g_assert_true(send_one(&r, Q(5, 4)));
	g_assert_false(send_one(&r, Q(5, 4)));
	assert_counts(&r, q, 5, 2, 2, 24);
	g_assert_true(ap_requests_take(&r) == &msg[3]);
	g_assert_true(ap_requests_take(&r) == &msg[4]);
	g_assert_null(ap_requests_take(&r));
	assert_counts(&r, q, 5, 0, 2, 24);
}

/* A reset throws out what is in the queue; what waits, waits on. */
static void test_reset(void)
{
	struct ap_message msg[3] = { { .weight = 1 }, { .weight = 2 }, { .weight = 4 } };
	struct ap_machine_queue *q = &adapters[1].queue[4];
	struct ap_requests r = { .first = NULL };
	unsigned int i;

	make_machine();
	for (i = 0; i < 3; i++)
		ap_requests_add(&r, &msg[i]);
	send_one(&r, Q(5, 4));
	run(&host, AP_INSN_ZAPQ, Q(5, 4));
	assert_counts(&r, q, 3, 2, 0, 6);
	g_assert_false(send_one(&r, Q(5, 4)));
	assert_counts(&r, q, 3, 2, 0, 6);
	now += 3 * MS;
	g_assert_true(send_one(&r, Q(5, 4)));
	assert_counts(&r, q, 3, 1, 1, 6);
}

static void test_cancel(void)
{
	struct ap_message msg[3] = { { .weight = 1 }, { .weight = 2 }, { .weight = 4 } };
	struct ap_machine_queue *q = &adapters[1].queue[4];
	struct ap_requests r = { .first = NULL };
	unsigned int i;

	make_machine();
	for (i = 0; i < 3; i++)
		ap_requests_add(&r, &msg[i]);
	send_one(&r, Q(5, 4));
	g_assert_true(ap_requests_cancel(&r, q, host.id) == &msg[1]);
	g_assert_true(msg[1].next == &msg[2]);
	g_assert_null(msg[2].next);
	/* It is in the queue still, and nobody waits for its reply. */
	g_assert_cmpuint(q->count, ==, 1);
	assert_counts(&r, q, 3, 0, 0, 0);
	g_assert_null(ap_requests_cancel(&r, q, host.id));
	ap_requests_add(&r, &msg[1]);
	send_one(&r, Q(5, 4));
	assert_counts(&r, q, 4, 0, 1, 2);
}

/* What a guest sent is not the host's. */
static void test_guest(void)
{
	struct ap_machine_queue *q = &adapters[1].queue[4];
	struct ap_matrix apcb = matrix_of(5, 4), nothing = { .apm = APM_MASK_NONE };
	struct ap_caller guest = { &apcb, "guest" };
	struct ap_message msg = { .weight = 0 };
	struct ap_exec x = { .insn = AP_INSN_NQAP, .qid = Q(5, 4), .msg = &msg };
	struct ap_requests r = { .first = NULL };

	make_machine();
	clean(Q(5, 4));
	ap_machine_commit(&machine, &nothing, &apcb);
	ap_machine_execute(&machine, &guest, &x, now);
	g_assert_cmpuint(q->count, ==, 1);
	assert_counts(&r, q, 0, 0, 0, 0);
	ap_requests_cancel(&r, q, host.id);
	g_assert_false(msg.cancelled);
}

static void test_weight(void)
{
	g_assert_cmpuint(ap_request_weight(AP_TYPE_CEX4, AP_MODE_ACCEL), ==, 14);
	g_assert_cmpuint(ap_request_weight(AP_TYPE_CEX8, AP_MODE_ACCEL), ==, 6);
	g_assert_cmpuint(ap_request_weight(AP_TYPE_CEX4, AP_MODE_CCA), ==, 209);
	g_assert_cmpuint(ap_request_weight(AP_TYPE_CEX8, AP_MODE_CCA), ==, 23);
	g_assert_cmpuint(ap_request_weight(AP_TYPE_CEX7, AP_MODE_EP11), ==, 8);
	g_assert_cmpuint(ap_request_weight(AP_TYPE_CEX4 - 1, AP_MODE_CCA), ==, 0);
	g_assert_cmpuint(ap_request_weight(AP_TYPE_CEX8 + 1, AP_MODE_CCA), ==, 0);
}

static void test_parse(void)
{
	static const char *const bad[] = {
		"",	      "\n",
		"0b",	      "0b.",
		"0b.6",	      "b.0006",
		"0b.00006",   "0B.0006",
		"0x0b.0006",  "0b.0006x",
		"0b.0006 ",   "0b.0006 0",
		"0b.0006,2",  "0b.0006 257",
		"0b.0006 -1", "0b.0006 1 1",
		"+b.0006",    "0b.0006\n\n",
		"0b:0006",    " 0b.0006",
		"0b.+006",    "0b.0006 99999999999999999999",
	};
	unsigned int qid, n, i;

	g_assert_cmpint(ap_request_parse("0b.0006", &qid, &n), ==, 0);
	g_assert_cmphex(qid, ==, 0x0b06);
	g_assert_cmpuint(n, ==, 1);
	g_assert_cmpint(ap_request_parse("ff.00ff 256\n", &qid, &n), ==, 0);
	g_assert_cmphex(qid, ==, 0xffff);
	g_assert_cmpuint(n, ==, 256);
	g_assert_cmpint(ap_request_parse("00.0000\n", &qid, &n), ==, 0);
	g_assert_cmpuint(n, ==, 1);
	g_assert_cmpint(ap_request_parse("0b.0100", &qid, &n), ==, -ENODEV);
	for (i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_cmpint(ap_request_parse(bad[i], &qid, &n), <, 0);
	g_assert_cmphex(qid, ==, 0);
	g_assert_cmpuint(n, ==, 1);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/request/overflow", test_overflow);
	g_test_add_func("/request/reset", test_reset);
	g_test_add_func("/request/cancel", test_cancel);
	g_test_add_func("/request/guest", test_guest);
	g_test_add_func("/request/weight", test_weight);
	g_test_add_func("/request/parse", test_parse);
	return g_test_run();
}
