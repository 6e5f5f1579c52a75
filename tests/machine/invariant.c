// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What must never happen, and that it is seen when it does.
 */
#include "machine.h"

static const struct ap_matrix nothing;

static void test_commit(void)
{
	struct ap_matrix a = matrix_of(5, 4);
	struct ap_breach b;

	make_machine();
	b = ap_machine_commit(&machine, &nothing, &a);
	g_assert_cmpuint(b.count, ==, 1);
	g_assert_cmphex(b.qid, ==, Q(5, 4));
	g_assert_false(b.shared);
	b = ap_machine_commit(&machine, &a, &nothing);
	g_assert_cmpuint(b.count, ==, 0);
	clean(Q(5, 4));
	b = ap_machine_commit(&machine, &nothing, &a);
	g_assert_cmpuint(b.count, ==, 0);
	b = ap_machine_commit(&machine, &nothing, &a);
	g_assert_cmpuint(b.count, ==, 1);
	g_assert_true(b.shared);
	g_assert_cmpuint(machine.count.breaches, ==, 2);
	g_assert_cmpuint(machine.count.commits, ==, 4);
}

/* A queue that left a guest is not clean, whatever the guest did. */
static void test_leave(void)
{
	struct ap_matrix a = matrix_of(5, 4);
	struct ap_caller guest = { &a, "guest" };

	make_machine();
	clean(Q(5, 4));
	ap_machine_commit(&machine, &nothing, &a);
	run(&guest, AP_INSN_ZAPQ, Q(5, 4));
	now += 3 * MS;
	run(&guest, AP_INSN_TAPQ, Q(5, 4));
	ap_machine_commit(&machine, &a, &nothing);
	g_assert_true(apm_mask_test(&machine.dirty[5], 4));
	g_assert_cmpuint(ap_machine_commit(&machine, &nothing, &a).count, ==, 1);
}

static void test_authority(void)
{
	struct ap_matrix a = matrix_of(5, 4);
	struct ap_caller guest = { &a, "guest" };
	unsigned int qid;

	make_machine();
	clean(Q(5, 4));
	ap_machine_commit(&machine, &nothing, &a);
	for (qid = 0; qid < 65536; qid++)
		g_assert_cmpuint(rc_of(run(&guest, AP_INSN_TAPQ, qid)), ==, qid == Q(5, 4) ? 0 : 1);
}

static void test_instructions(void)
{
	struct ap_matrix a = matrix_of(5, 4);
	struct ap_caller one = { &a, "one" }, two = { &a, "two" };
	struct ap_exec x;

	make_machine();
	clean(Q(5, 4));
	ap_machine_commit(&machine, &nothing, &a);
	x = run(&one, AP_INSN_DQAP, Q(5, 4));
	g_assert_cmpuint(x.breach.count, ==, 0);
	x = (struct ap_exec){ .insn = AP_INSN_AQIC, .qid = Q(5, 4), .gr1 = AP_AQIC_IR };
	ap_machine_execute(&machine, &one, &x, now);
	g_assert_cmpuint(x.breach.count, ==, 0);
	x = run(&two, AP_INSN_DQAP, Q(5, 4));
	g_assert_cmpuint(x.breach.count, ==, 1);
	g_assert_false(x.breach.shared);
	x = run(&host, AP_INSN_DQAP, Q(5, 4));
	g_assert_cmpuint(x.breach.count, ==, 1);
	g_assert_true(x.breach.shared);
	/* Resets and tests by the host are no use of the queue. */
	g_assert_cmpuint(run(&host, AP_INSN_ZAPQ, Q(5, 4)).breach.count, ==, 0);
	g_assert_cmpuint(run(&host, AP_INSN_TAPQ, Q(5, 4)).breach.count, ==, 0);
}

static void test_deconfigured(void)
{
	struct ap_matrix a = matrix_of(5, 4);

	make_machine();
	ap_machine_configure(&machine, 5, false);
	g_assert_cmpuint(ap_machine_commit(&machine, &nothing, &a).count, ==, 0);
	ap_machine_configure(&machine, 5, true);
	ap_machine_commit(&machine, &a, &nothing);
	g_assert_cmpuint(ap_machine_commit(&machine, &nothing, &a).count, ==, 1);
	ap_machine_commit(&machine, &a, &nothing);
	/* Also when one queue only says so */
	faults[1][4].deconfigured = true;
	run(&host, AP_INSN_ZAPQ, Q(5, 4));
	g_assert_cmpuint(ap_machine_commit(&machine, &nothing, &a).count, ==, 0);
}

/* What was used needs a reset after the repair; what was clean is. */
static void test_checkstop(void)
{
	struct ap_matrix a = matrix_of(5, 4), b = matrix_of(5, 71);

	make_machine();
	clean(Q(5, 4));
	ap_machine_checkstop(&machine, 5, true);
	g_assert_cmpuint(rc_of(run(&host, AP_INSN_ZAPQ, Q(5, 71))), ==, 4);
	ap_machine_checkstop(&machine, 5, false);
	g_assert_cmpuint(ap_machine_commit(&machine, &nothing, &a).count, ==, 0);
	g_assert_cmpuint(ap_machine_commit(&machine, &nothing, &b).count, ==, 1);
}

/* A domain that comes back is not clean. */
static void test_domain(void)
{
	struct ap_matrix a = matrix_of(5, 4);
	struct ap_mask domains = machine.config.aqm;

	make_machine();
	domains = machine.config.aqm;
	clean(Q(5, 4));
	ap_machine_domains(&machine, &APM_MASK_NONE, &APM_MASK_NONE);
	ap_machine_domains(&machine, &domains, &domains);
	g_assert_cmpuint(ap_machine_commit(&machine, &nothing, &a).count, ==, 1);
}

/* Nor is one that goes unclean while a guest is given it, which can use nothing; what is there must be. */
static void test_domain_gone(void)
{
	struct ap_matrix a = matrix_of(5, 4), b = matrix_of(5, 71);
	struct ap_mask left = APM_MASK_NONE;

	make_machine();
	apm_mask_set(&left, 71);
	ap_machine_domains(&machine, &left, &left);
	g_assert_cmpuint(ap_machine_commit(&machine, &nothing, &a).count, ==, 0);
	g_assert_cmpuint(ap_machine_commit(&machine, &nothing, &b).count, ==, 1);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/invariant/commit", test_commit);
	g_test_add_func("/invariant/leave", test_leave);
	g_test_add_func("/invariant/authority", test_authority);
	g_test_add_func("/invariant/instructions", test_instructions);
	g_test_add_func("/invariant/deconfigured", test_deconfigured);
	g_test_add_func("/invariant/checkstop", test_checkstop);
	g_test_add_func("/invariant/domain", test_domain);
	g_test_add_func("/invariant/domain-gone", test_domain_gone);
	return g_test_run();
}
