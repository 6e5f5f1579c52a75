// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <glib.h>
#include "ap_fault.h"

static struct ap_fault faults[AP_IDS];

static int parse(const char *text)
{
	g_autofree char *copy = g_strdup(text);

	return ap_fault_parse(faults, copy);
}

static void assert_prints(unsigned int id, const char *text)
{
	char buf[AP_FAULT_TEXT];
	int n = ap_fault_print(&faults[id], buf, sizeof(buf));

	g_assert_cmpstr(buf, ==, text);
	g_assert_cmpint(n, ==, (int)strlen(text));
}

static void test_items(void)
{
	static const char *const items[] = {
		" reset_ms=0",
		" reset_ms=4294967294",
		" reset=never",
		" busy=5",
		" busy=forever",
		" busy=5,zapq",
		" rc=0x04,3",
		" rc=0xff,forever,tapq",
		" answer_ms=7",
		" lose_reply=1",
		" bad_length=2",
		" lose_irq=forever",
		" deconfigured",
		" checkstop",
		" reset_ms=1 busy=2,aqic rc=0x0a,3,nqap answer_ms=4 lose_reply=5 bad_length=6 lose_irq=7 deconfigured checkstop",
	};
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(items); i++) {
		g_autofree char *line = g_strdup_printf("0047%s\n", items[i]);

		g_assert_cmpint(parse("clear"), ==, 0);
		g_assert_true(ap_fault_none(&faults[0x47]));
		g_assert_cmpint(parse(line), ==, 0);
		g_assert_false(ap_fault_none(&faults[0x47]));
		assert_prints(0x47, items[i]);
		g_assert_true(ap_fault_none(&faults[0x46]));
	}
}

static void test_lines(void)
{
	g_assert_cmpint(parse("clear\n0004 busy=1\n\n0x5 busy=2\n6 busy=3\n 7\n"), ==, -EINVAL);
	g_assert_cmpint(parse("clear\n0004 busy=1\n\n0x5 busy=2\n6\tbusy=3\n"), ==, 0);
	assert_prints(4, " busy=1");
	assert_prints(5, " busy=2");
	assert_prints(6, " busy=3");
	g_assert_cmpint(parse("0004 clear lose_irq=1"), ==, 0);
	assert_prints(4, " lose_irq=1");
	g_assert_cmpint(parse("0004"), ==, 0);
	assert_prints(4, "");
	g_assert_cmpint(parse("* checkstop"), ==, 0);
	assert_prints(5, " busy=2 checkstop");
	assert_prints(255, " checkstop");
	g_assert_cmpint(parse("*"), ==, 0);
	assert_prints(5, "");
	g_assert_cmpint(parse(""), ==, 0);
}

static void test_bad(void)
{
	static const char *const bad[] = {
		"x",
		"0047 x",
		"0047 reset=x",
		"0047 reset=",
		"0047 reset_ms",
		"0047 busy",
		"0047 busy=",
		"0047 busy=x",
		"0047 busy=-1",
		"0047 busy=4294967295",
		"0047 busy=1,",
		"0047 busy=1,qci",
		"0047 busy=1,x",
		"0047 rc=4",
		"0047 rc=0,1",
		"0047 rc=256,1",
		"0047 rc=4,",
		"0047 rc=4,1,x",
		"0047 deconfigured=1",
		"-1 busy=1",
		"* x",
		"clear x",
		"00047x clear",
	};
	unsigned int i;

	for (i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_cmpint(parse(bad[i]), <, 0);
	g_assert_cmpint(parse("256 busy=1"), ==, -ENODEV);
}

static void test_strike(void)
{
	struct ap_fault *f = &faults[1];

	g_assert_cmpint(parse("clear\n1 busy=1,zapq rc=0x0a,2"), ==, 0);
	g_assert_cmpint(ap_fault_rc(f, AP_INSN_TAPQ), ==, 0x0a);
	g_assert_cmpint(ap_fault_rc(f, AP_INSN_ZAPQ), ==, 5);
	g_assert_cmpint(ap_fault_rc(f, AP_INSN_ZAPQ), ==, 0x0a);
	g_assert_cmpint(ap_fault_rc(f, AP_INSN_ZAPQ), ==, 0);
	g_assert_true(ap_fault_none(f));
	g_assert_cmpint(parse("1 busy=forever checkstop"), ==, 0);
	g_assert_cmpint(ap_fault_rc(f, AP_INSN_DQAP), ==, 4);
	f->checkstop = false;
	g_assert_cmpint(ap_fault_rc(f, AP_INSN_DQAP), ==, 5);
	g_assert_cmpuint(f->busy.count, ==, AP_FOREVER);
}

static void test_equal(void)
{
	g_assert_cmpint(
		parse("clear\n1 reset_ms=1 rc=4,1\n2 reset_ms=1 rc=4,1\n3 reset_ms=1 rc=5,1"), ==,
		0);
	g_assert_true(ap_fault_equal(&faults[1], &faults[2]));
	g_assert_false(ap_fault_equal(&faults[1], &faults[3]));
	g_assert_false(ap_fault_equal(&faults[1], &faults[4]));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/fault/items", test_items);
	g_test_add_func("/fault/lines", test_lines);
	g_test_add_func("/fault/bad", test_bad);
	g_test_add_func("/fault/strike", test_strike);
	g_test_add_func("/fault/equal", test_equal);
	return g_test_run();
}
