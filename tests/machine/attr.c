// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ap_attr.h"
#include "machine.h"

#define assert_text(call, text)                            \
	do {                                               \
		char buf[AP_ATTR_TEXT];                    \
		int n = call;                              \
		g_assert_cmpstr(buf, ==, text);            \
		g_assert_cmpint(n, ==, (int)strlen(text)); \
	} while (0)

static __u64 info(unsigned int qid)
{
	return run(&host, AP_INSN_TAPQ, qid).gr2;
}

static void test_card(void)
{
	make_machine();
	assert_text(ap_attr_hwtype(info(Q(5, 4)), buf), "14\n");
	assert_text(ap_attr_depth(info(Q(5, 4)), buf), "2\n");
	adapters[1].depth = 16;
	assert_text(ap_attr_depth(info(Q(5, 4)), buf), "16\n");
	assert_text(ap_attr_functions(info(Q(3, 4)), buf), "0x6A000000\n");
	assert_text(ap_attr_functions(info(Q(5, 4)), buf), "0x92000000\n");
	assert_text(ap_attr_functions(info(Q(10, 4)), buf), "0x86000000\n");
	assert_text(ap_attr_functions(1ULL << 32, buf), "0x00000001\n");
	assert_text(ap_attr_modalias(info(Q(5, 4)), buf), "ap:t0E\n");
	assert_text(ap_attr_max_msg_size(info(Q(5, 4)), buf), "12288\n");
	assert_text(ap_attr_max_msg_size(0x300, buf), "12288\n");
	assert_text(ap_attr_max_msg_size(0xf00, buf), "61440\n");
}

static void test_type(void)
{
	make_machine();
	assert_text(ap_attr_type(info(Q(3, 4)), buf), "CEX8A\n");
	assert_text(ap_attr_type(info(Q(5, 4)), buf), "CEX8C\n");
	assert_text(ap_attr_type(info(Q(10, 4)), buf), "CEX8P\n");
	adapters[0].type = AP_TYPE_CEX4;
	assert_text(ap_attr_type(info(Q(3, 4)), buf), "CEX4A\n");
	/* Without a driver they have no such attribute, but their numbers differ. */
	adapters[0].type = AP_TYPE_CEX3C;
	assert_text(ap_attr_hwtype(info(Q(3, 4)), buf), "8\n");
	adapters[1].type = AP_TYPE_CEX3C;
	assert_text(ap_attr_hwtype(info(Q(5, 4)), buf), "9\n");
}

static void test_bus(void)
{
	make_machine();
	assert_text(ap_attr_features(machine.flags, buf), "APSC APXA QACT RC8A\n");
	assert_text(ap_attr_features(AP_QCI_APXA | AP_QCI_RC8A, buf), "APXA RC8A\n");
	assert_text(ap_attr_features(0, buf), "\n");
	assert_text(ap_attr_bindings(20, 20, true, buf), "20/20 (complete)\n");
	assert_text(ap_attr_bindings(19, 20, true, buf), "19/20\n");
	assert_text(ap_attr_bindings(0, 0, false, buf), "0/0\n");
	assert_text(ap_attr_bindings(65536, 65536, true, buf), "65536/65536 (complete)\n");
}

static void test_queue(void)
{
	struct ap_exec x = { .insn = AP_INSN_AQIC, .qid = Q(5, 4), .gr1 = AP_AQIC_IR };

	make_machine();
	assert_text(ap_attr_reset(run(&host, AP_INSN_TAPQ, Q(5, 4)).status, buf),
		    "No Reset Timer set.\n");
	assert_text(ap_attr_interrupt(run(&host, AP_INSN_TAPQ, Q(5, 4)).status, buf),
		    "Interrupts disabled.\n");
	ap_machine_execute(&machine, &host, &x, now);
	assert_text(ap_attr_interrupt(run(&host, AP_INSN_TAPQ, Q(5, 4)).status, buf),
		    "Interrupts enabled.\n");
	run(&host, AP_INSN_ZAPQ, Q(5, 4));
	assert_text(ap_attr_reset(run(&host, AP_INSN_TAPQ, Q(5, 4)).status, buf),
		    "Reset in progress.\n");
}

static void test_read(void)
{
	static const char *const bad[] = { "",	 "\n", "x",	"2",   "-1",	     "+1",
					   " 1", "1 ", "1\n\n", "0x1", "99999999999" };
	unsigned int i, seconds = 7;
	__u64 ns = 7;
	bool on = true;

	for (i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_cmpint(ap_attr_read_switch(bad[i], &on), ==, -EINVAL);
	g_assert_true(on);
	g_assert_cmpint(ap_attr_read_switch("0\n", &on), ==, 0);
	g_assert_false(on);
	g_assert_cmpint(ap_attr_read_switch("1", &on), ==, 0);
	g_assert_true(on);
	g_assert_cmpint(ap_attr_read_config_time("4", &seconds), ==, -EINVAL);
	g_assert_cmpint(ap_attr_read_config_time("121", &seconds), ==, -EINVAL);
	g_assert_cmpint(ap_attr_read_config_time("4294967301", &seconds), ==, -EINVAL);
	g_assert_cmpuint(seconds, ==, 7);
	g_assert_cmpint(ap_attr_read_config_time("010\n", &seconds), ==, 0);
	g_assert_cmpuint(seconds, ==, 10);
	g_assert_cmpint(ap_attr_read_config_time("120", &seconds), ==, 0);
	g_assert_cmpint(ap_attr_read_poll_timeout("120000000001", &ns), ==, -EINVAL);
	g_assert_cmpint(ap_attr_read_poll_timeout("x", &ns), ==, -EINVAL);
	g_assert_cmpint(ap_attr_read_poll_timeout("99999999999999999999", &ns), ==, -ERANGE);
	g_assert_cmpuint(ns, ==, 7);
	g_assert_cmpint(ap_attr_read_poll_timeout("0x10\n", &ns), ==, 0);
	g_assert_cmpuint(ns, ==, 16);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/attr/card", test_card);
	g_test_add_func("/attr/type", test_type);
	g_test_add_func("/attr/bus", test_bus);
	g_test_add_func("/attr/queue", test_queue);
	g_test_add_func("/attr/read", test_read);
	return g_test_run();
}
