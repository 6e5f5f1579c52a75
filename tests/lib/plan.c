// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Plans on a fake host: reached, verified, undone whatever fails, reached again after a kill.
 */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fakehost.h"
#include "random.h"

/* @n guests with queues of their own out of a small host, and what is reserved for them. */
static ApHostDef *random_def(guint n)
{
	ApHostDef *def = ap_host_def_new("test");
	struct ap_matrix reserve = { .apm = random_mask(3), .aqm = APM_MASK_ALL };
	guint i, j;

	ap_host_def_set_reserve(def, &reserve);
	for (i = 0; i < n; i++) {
		g_autofree char *name = g_strdup_printf("guest-%u", i);
		g_autofree char *uuid = ap_guest_make_uuid(name);
		ApGuest *guest = ap_guest_new(name, uuid);
		const GPtrArray *guests = ap_host_def_get_guests(def);

		guest->autostart = g_test_rand_int_range(0, 4) > 0;
		for (j = 0; j < 3; j++) {
			apm_mask_set(&guest->matrix.apm, g_test_rand_int_range(0, 6));
			apm_mask_set(&guest->matrix.aqm, g_test_rand_int_range(0, 6));
		}
		for (j = 0; j < guests->len; j++) {
			const ApGuest *other = guests->pdata[j];

			if (apm_matrix_conflict(&guest->matrix, &other->matrix, NULL))
				guest->matrix.aqm =
					apm_mask_andnot(&guest->matrix.aqm, &other->matrix.aqm);
		}
		if (g_test_rand_int_range(0, 6))
			ap_host_def_add(def, guest);
		else
			ap_guest_free(guest);
	}
	return def;
}

static ApState *read_state(const ApHost *host)
{
	g_autoptr(GError) error = NULL;
	ApState *state = ap_state_read(host, NULL, &error);

	g_assert_no_error(error);
	return state;
}

static ApPlan *plan_for(const ApHost *host, const ApHostDef *def)
{
	g_autoptr(ApState) now = read_state(host);
	g_autoptr(ApState) wanted = ap_state_copy(now);
	g_autoptr(GError) error = NULL;

	ap_state_want(wanted, def, AP_SCOPE_BOTH, &error);
	g_assert_no_error(error);
	ap_state_check(wanted, now, &error);
	g_assert_no_error(error);
	return ap_plan_new(now, wanted);
}

static void assert_no_difference(const ApState *wanted, const ApState *found)
{
	g_autofree char *text = ap_state_describe_difference(wanted, found);

	g_assert_cmpstr(text, ==, NULL);
}

static void reach(const ApHost *host, const ApHostDef *def)
{
	g_autoptr(ApPlan) plan = plan_for(host, def);
	g_autoptr(ApPlan) again = NULL;
	g_autoptr(GError) error = NULL;

	ap_plan_apply(plan, host, &fake_ops, &error);
	g_assert_no_error(error);
	again = plan_for(host, def);
	g_assert_true(ap_plan_is_empty(again));
	g_assert_cmpuint(ap_plan_get_steps(again)->len, ==, 0);
}

static void test_reach(gconstpointer data)
{
	ApHost *host = fake_host_new(GPOINTER_TO_INT(data));
	guint i;

	for (i = 0; i < 30; i++) {
		g_autoptr(ApHostDef) def = random_def(i % 9);

		reach(host, def);
	}
	fake_host_free(host);
}

/* The host as before, whichever single operation fails, done or not done. */
static void test_undo(gconstpointer data)
{
	ApHost *host = fake_host_new(GPOINTER_TO_INT(data));
	guint round, at, ops;

	for (round = 0; round < 6; round++) {
		g_autoptr(ApHostDef) def = random_def(round % 9);

		for (at = 0, ops = 1; at < ops; at++) {
			g_autoptr(ApState) before = read_state(host);
			g_autoptr(ApPlan) plan = plan_for(host, def);
			g_autoptr(GError) error = NULL;
			g_autoptr(ApState) after = NULL;

			fake_set_fault(at % 2 ? FAULT_AFTER : FAULT_BEFORE, at);
			if (ap_plan_apply(plan, host, &fake_ops, &error))
				break;
			ops = fake_count();
			fake_set_fault(FAULT_NONE, 0);
			g_assert_nonnull(strstr(error->message, "put back as it was"));
			g_assert_cmpint(ap_matrix_error_exit_status(error), !=, 5);
			after = read_state(host);
			assert_no_difference(before, after);
		}
		fake_set_fault(FAULT_NONE, 0);
		reach(host, def);
	}
	fake_host_free(host);
}

/* The order of lines is not told by anybody. */
static void assert_has_lines(const char *text, const char *lines)
{
	g_auto(GStrv) wanted = g_strsplit(lines, "\n", -1);
	g_auto(GStrv) found = g_strsplit(text, "\n", -1);
	guint i;

	for (i = 0; wanted[i]; i++)
		g_assert_true(g_strv_contains((const char *const *)found, wanted[i]));
}

static gboolean same_names(const ApState *a, const ApState *b)
{
	const GPtrArray *entries = ap_state_get_entries(b);
	guint i, n = 0;

	for (i = 0; i < entries->len; i++) {
		const ApEntry *entry = entries->pdata[i];
		const ApEntry *other = ap_state_find(a, entry->uuid);

		if (g_strcmp0(entry->name, other ? other->name : NULL))
			return FALSE;
		n += !!entry->name;
	}
	for (i = 0; i < ap_state_get_entries(a)->len; i++)
		n -= !!((ApEntry *)ap_state_get_entries(a)->pdata[i])->name;
	return n == 0;
}

/* Where nothing works any more, the host is as before or what is not is told. */
static void test_not_restored(gconstpointer data)
{
	ApHost *host = fake_host_new(GPOINTER_TO_INT(data));
	guint round;

	for (round = 0; round < 60; round++) {
		g_autoptr(ApHostDef) def = random_def(round % 9);
		g_autoptr(ApHostDef) nothing = ap_host_def_new("test");
		g_autoptr(ApState) before = read_state(host);
		g_autoptr(ApPlan) plan = plan_for(host, def);
		g_autoptr(GError) error = NULL;
		g_autoptr(ApState) after = NULL;
		g_autoptr(ApState) end = NULL;
		g_autofree char *text = NULL;
		gboolean ok;

		fake_set_fault(FAULT_FOREVER, g_test_rand_int_range(0, 20));
		ok = ap_plan_apply(plan, host, &fake_ops, &error);
		fake_set_fault(FAULT_NONE, 0);
		after = read_state(host);
		text = ap_state_describe_difference(before, after);
		if (!ok && text)
			assert_has_lines(error->message, text);
		if (!ok)
			g_assert_cmpint(ap_matrix_error_exit_status(error) == 5, ==,
					text || !same_names(before, after));
		/* Whatever was left is known to be ours. */
		if (round % 2) {
			reach(host, nothing);
			end = read_state(host);
			g_assert_cmpuint(ap_state_get_entries(end)->len, ==, 0);
		}
		reach(host, def);
	}
	fake_host_free(host);
}

/* The process ends at any operation; the next one gets there all the same. */
static void test_kill(gconstpointer data)
{
	ApHost *host = fake_host_new(GPOINTER_TO_INT(data));
	guint round;
	int status;

	for (round = 0; round < 40; round++) {
		g_autoptr(ApHostDef) def = random_def(round % 9);
		g_autoptr(ApPlan) plan = plan_for(host, def);
		pid_t pid;

		fake_set_fault(FAULT_EXIT, g_test_rand_int_range(0, 20));
		pid = fork();
		if (!pid)
			_exit(!ap_plan_apply(plan, host, &fake_ops, NULL));
		g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
		g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 1);
		fake_set_fault(FAULT_NONE, 0);
		reach(host, def);
	}
	fake_host_free(host);
}

static void add_guest(ApHostDef *def, const char *name, unsigned int apid, unsigned int apqi)
{
	g_autofree char *uuid = ap_guest_make_uuid(name);
	ApGuest *guest = ap_guest_new(name, uuid);

	guest->autostart = TRUE;
	apm_mask_set(&guest->matrix.apm, apid);
	apm_mask_set(&guest->matrix.aqm, apqi);
	ap_host_def_add(def, guest);
}

/* Devices of others stay, and own their queues. */
static void test_foreign(void)
{
	static const char *const argv[] = { "mdevctl",	"start",
					    "--uuid",	"00000000-0000-4000-8000-000000000001",
					    "--parent", NULL };
	ApHost *host = fake_host_new(FAKE_PLAIN);
	struct ap_matrix reserve = { .apm = APM_MASK_ALL };
	g_autoptr(ApHostDef) free = ap_host_def_new("test");
	g_autoptr(ApHostDef) taken = ap_host_def_new("test");
	g_autoptr(ApState) now = NULL;
	g_autoptr(ApState) wanted = NULL;
	g_autoptr(GError) error = NULL;

	ap_host_def_set_reserve(free, &reserve);
	add_guest(free, "mine", 5, 4);
	add_guest(taken, "mine", 5, 4);
	add_guest(taken, "other", 6, 4);
	reach(host, free);
	g_assert_true(
		fake_ops.run(NULL, argv,
			     "{\"mdev_type\":\"vfio_ap-passthrough\",\"start\":\"manual\","
			     "\"attrs\":[{\"assign_adapter\":\"6\"},{\"assign_domain\":\"4\"}]}",
			     &error));
	reach(host, free);
	now = read_state(host);
	g_assert_true(ap_state_find(now, argv[3])->active);
	wanted = ap_state_copy(now);
	g_assert_true(ap_state_want(wanted, taken, AP_SCOPE_BOTH, &error));
	g_assert_false(ap_state_check(wanted, now, &error));
	g_assert_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_CONFLICT);
	g_assert_nonnull(strstr(error->message, argv[3]));
	g_assert_nonnull(strstr(error->message, "06.0004"));
	fake_host_free(host);
}

#define FOREIGN "00000000-0000-4000-8000-000000000001"

/* Somebody else starts or stops a device meanwhile; then the @fail_at-th run fails. */
struct intruder {
	const char *verb;
	guint runs;
	guint fail_at;
};

static gboolean run_intruded(gpointer data, const char *const *argv, const char *input,
			     GError **error)
{
	static const char json[] =
		"{\"mdev_type\":\"vfio_ap-passthrough\",\"start\":\"manual\","
		"\"attrs\":[{\"assign_adapter\":\"6\"},{\"assign_domain\":\"4\"}]}";
	struct intruder *i = data;
	const char *start[] = { "mdevctl", i->verb, "--uuid", FOREIGN, "--parent", "matrix", NULL };

	if (!i->runs++)
		g_assert_true(fake_ops.run(NULL, start, json, NULL));
	if (i->runs == i->fail_at) {
		g_set_error(error, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED, "injected");
		return FALSE;
	}
	return fake_ops.run(NULL, argv, input, error);
}

/* What others do meanwhile is neither a failure of ours, nor ours to undo. */
static void test_meanwhile(void)
{
	ApHost *host = fake_host_new(FAKE_PLAIN);
	struct ap_matrix reserve = { .apm = APM_MASK_ALL };
	g_autoptr(ApHostDef) first = ap_host_def_new("test");
	g_autoptr(ApHostDef) second = ap_host_def_new("test");
	struct intruder intruder = { .verb = "start", .fail_at = 3 };
	const ApPlanOps ops = { .run = run_intruded, .data = &intruder };
	g_autoptr(ApPlan) failing = NULL;
	g_autoptr(ApPlan) working = NULL;
	g_autoptr(ApState) after = NULL;
	g_autoptr(GError) error = NULL;

	ap_host_def_set_reserve(first, &reserve);
	add_guest(first, "a", 5, 4);
	ap_host_def_set_reserve(second, &reserve);
	add_guest(second, "a", 5, 5);
	add_guest(second, "b", 7, 4);
	reach(host, first);

	failing = plan_for(host, second);
	g_assert_false(ap_plan_apply(failing, host, &ops, &error));
	g_assert_nonnull(strstr(error->message, "put back as it was"));
	g_clear_error(&error);
	after = read_state(host);
	g_assert_true(ap_state_find(after, FOREIGN)->active);
	g_assert_true(apm_mask_test(&ap_state_find(after, "a")->matrix.aqm, 4));
	g_assert_null(ap_state_find(after, "b"));
	g_clear_pointer(&after, ap_state_free);

	working = plan_for(host, second);
	intruder = (struct intruder){ .verb = "stop" };
	ap_plan_apply(working, host, &ops, &error);
	g_assert_no_error(error);
	after = read_state(host);
	g_assert_null(ap_state_find(after, FOREIGN));
	fake_host_free(host);
}

/* @n guests with a queue each, those of others @shift further. */
static ApHostDef *many_guests(guint n, guint shift)
{
	struct ap_matrix reserve = { .apm = APM_MASK_ALL };
	ApHostDef *def = ap_host_def_new("test");
	guint i;

	ap_host_def_set_reserve(def, &reserve);
	for (i = 0; i < n; i++) {
		g_autofree char *name = g_strdup_printf("guest-%u", i);

		add_guest(def, name, (i + shift) % n / 10, (i + shift) % n % 10);
	}
	return def;
}

/* More than can be named in one write are committed with all that is staged. */
static void test_many(void)
{
	static const char *const start[] = { "mdevctl",	 "start",  "--uuid", FOREIGN,
					     "--parent", "matrix", NULL };
	ApHost *host = fake_host_new(FAKE_COMMIT);
	g_autoptr(ApHostDef) first = many_guests(110, 0);
	g_autoptr(ApHostDef) second = many_guests(110, 1);
	g_autofree char *foreign =
		ap_host_path(host, "sys/devices/vfio_ap/matrix/" FOREIGN "/staged_config");
	g_autoptr(ApPlan) plan = NULL;
	g_autoptr(GError) error = NULL;

	reach(host, first);
	reach(host, second);
	g_assert_true(fake_ops.run(
		NULL, start, "{\"mdev_type\":\"vfio_ap-passthrough\",\"start\":\"manual\"}", NULL));
	g_assert_true(g_file_set_contents(foreign, "0x00,0x00,0x00\n", -1, NULL));
	plan = plan_for(host, first);
	g_assert_false(ap_plan_apply(plan, host, &fake_ops, &error));
	g_assert_nonnull(strstr(error->message, FOREIGN " has a staged configuration"));
	g_assert_nonnull(strstr(error->message, "put back as it was"));
	g_assert_true(g_file_set_contents(foreign, "", -1, NULL));
	reach(host, first);
	fake_host_free(host);
}

/* What is exported changes nothing when it is applied. */
static void test_export(void)
{
	ApHost *host = fake_host_new(FAKE_COMMIT);
	guint i;

	for (i = 0; i < 40; i++) {
		g_autoptr(ApHostDef) def = random_def(i % 9);
		g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(ApState) state = NULL;
		g_autoptr(ApHostDef) exported = NULL;
		g_autoptr(ApHostDef) parsed = NULL;
		g_autoptr(ApPlan) plan = NULL;
		g_autofree char *xml = NULL;

		reach(host, def);
		state = read_state(host);
		exported = ap_state_export(state, warnings);
		xml = ap_host_def_to_xml(exported);
		parsed = ap_host_def_parse(xml, strlen(xml), "export", NULL);
		g_assert_nonnull(parsed);
		plan = plan_for(host, parsed);
		g_assert_cmpuint(ap_plan_get_steps(plan)->len, ==, 0);
	}
	fake_host_free(host);
}

static void test_time(void)
{
	g_autoptr(ApState) now = ap_state_new();
	g_autoptr(ApState) wanted = NULL;
	g_autoptr(ApPlan) plan = NULL;
	g_autoptr(GError) error = NULL;
	guint i;

	for (i = 0; i < 1000; i++) {
		g_autofree char *name = g_strdup_printf("guest-%u", i);
		g_autofree char *uuid = ap_guest_make_uuid(name);
		ApEntry *entry = ap_state_add(now, uuid);

		entry->defined = entry->autostart = entry->active = TRUE;
		apm_mask_set(&entry->matrix.apm, i / 250);
		apm_mask_set(&entry->matrix.aqm, i % 250);
		entry->definition = entry->matrix;
	}
	wanted = ap_state_copy(now);
	for (i = 0; i < 1000; i++) {
		ApEntry *entry = ap_state_get_entries(wanted)->pdata[i];

		entry->matrix =
			((ApEntry *)ap_state_get_entries(now)->pdata[(i + 1) % 1000])->matrix;
		entry->definition = entry->matrix;
	}
	g_test_timer_start();
	g_assert_true(ap_state_check(wanted, now, &error));
	plan = ap_plan_new(now, wanted);
	g_test_message("1,000 changes checked and planned in %.1f ms",
		       g_test_timer_elapsed() * 1000);
	g_assert_cmpuint(ap_plan_get_steps(plan)->len, >=, 2000);
}

int main(int argc, char **argv)
{
	static const char *const kinds[] = { "plain", "commit", "old" };
	guint i;

	g_test_init(&argc, &argv, NULL);
	for (i = 0; i < G_N_ELEMENTS(kinds); i++) {
		g_autofree char *reach = g_strdup_printf("/plan/reach/%s", kinds[i]);
		g_autofree char *undo = g_strdup_printf("/plan/undo/%s", kinds[i]);
		g_autofree char *not = g_strdup_printf("/plan/not-restored/%s", kinds[i]);
		g_autofree char *kill = g_strdup_printf("/plan/kill/%s", kinds[i]);

		g_test_add_data_func(reach, GINT_TO_POINTER(i), test_reach);
		g_test_add_data_func(undo, GINT_TO_POINTER(i), test_undo);
		g_test_add_data_func(not, GINT_TO_POINTER(i), test_not_restored);
		g_test_add_data_func(kill, GINT_TO_POINTER(i), test_kill);
	}
	g_test_add_func("/plan/foreign", test_foreign);
	g_test_add_func("/plan/meanwhile", test_meanwhile);
	g_test_add_func("/plan/many", test_many);
	g_test_add_func("/plan/export", test_export);
	g_test_add_func("/plan/time", test_time);
	return g_test_run();
}
