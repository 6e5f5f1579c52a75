// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What systemd runs at boot, before the devices start:
 *
 *   boot masks    the masks of the udev rule (41-ap.rules), and vfio_ap
 *   boot repair   definitions that mdevctl cannot read
 *
 * udev sets the masks too, when the AP bus says that it is complete; but who needs them set
 * cannot wait for udev, and the event may have been before udev was there.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apmatrix.h"
#include "error.h"
#include "file.h"
#include "kept.h"
#include "lockfile.h"
#include "rule.h"

#define BUS "sys/bus/ap"
#define BINDINGS_SECONDS 20
#define LOCK_SECONDS 60
#define TEXT_MAX 4096

static gboolean exists(const ApHost *host, const char *below)
{
	g_autofree char *path = ap_host_path(host, below);

	return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* Linux, drivers/s390/crypto/ap_bus.c, bindings_show(): "12/12 (complete)". */
static gboolean is_complete(const ApHost *host)
{
	g_autofree char *path = ap_host_path(host, BUS "/bindings");
	g_autofree char *text = ap_file_read(path, TEXT_MAX, NULL, NULL);

	return !text || strstr(text, "complete");
}

static void wait_for_bindings(const ApHost *host)
{
	gint64 end = g_get_monotonic_time() + BINDINGS_SECONDS * G_USEC_PER_SEC;

	while (!is_complete(host) && g_get_monotonic_time() < end)
		g_usleep(50 * 1000);
}

static gboolean set_masks(const ApHost *host, gboolean *has_rule, GError **error)
{
	g_autoptr(GError) local = NULL;
	struct ap_matrix wanted, now;

	*has_rule = ap_rule_load(host, &wanted, &local);
	if (g_error_matches(local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
		return TRUE;
	if (!*has_rule) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (!ap_host_get_reserved(host, &now, error))
		return FALSE;
	if (apm_mask_equal(&now.apm, &wanted.apm) && apm_mask_equal(&now.aqm, &wanted.aqm))
		return TRUE;
	return ap_host_set_masks(host, &wanted, error);
}

static gboolean has_autostart(const ApHost *host)
{
	g_autoptr(GPtrArray) defs = ap_host_list_definitions(host, NULL);
	guint i;

	for (i = 0; i < defs->len; i++)
		if (ap_definition_get_autostart(defs->pdata[i]))
			return TRUE;
	return FALSE;
}

static gboolean run(const char *first, const char *second, const char *third, GError **error)
{
	const char *argv[] = { first, second, third, NULL };
	int status;

	return g_spawn_sync(NULL, (char **)(gpointer)argv, NULL,
			    G_SPAWN_SEARCH_PATH | G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, NULL,
			    NULL, &status, error) &&
	       g_spawn_check_wait_status(status, error);
}

/* The matrix device starts the devices, by udev: what waits for us finds that on its way. */
static gboolean masks(const ApHost *host, GError **error)
{
	gboolean has_rule;

	if (!exists(host, BUS)) {
		puts("there is no AP bus");
		return TRUE;
	}
	wait_for_bindings(host);
	if (!set_masks(host, &has_rule, error))
		return FALSE;
	if (!has_rule && !has_autostart(host))
		return TRUE;
	if (!ap_host_has_parent(host) && !run("modprobe", "vfio_ap", NULL, error))
		return FALSE;
	run("udevadm", "settle", "--timeout=30", NULL);
	return TRUE;
}

static gboolean repair(const ApHost *host, GError **error)
{
	g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func(g_free);
	guint i;

	if (!ap_lockfile_take(host, getpid(), LOCK_SECONDS, told, error))
		return FALSE;
	ap_kept_repair(host, told);
	ap_lockfile_release(host, getpid());
	for (i = 0; i < told->len; i++)
		puts(told->pdata[i]);
	return TRUE;
}

int main(int argc, char **argv)
{
	g_autoptr(ApHost) host = ap_host_new(NULL);
	g_autoptr(GError) error = NULL;

	if (argc == 2 && g_str_equal(argv[1], "masks"))
		masks(host, &error);
	else if (argc == 2 && g_str_equal(argv[1], "repair"))
		repair(host, &error);
	else
		g_set_error(&error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
			    "usage: boot masks|repair");
	if (error)
		fprintf(stderr, "%s\n", error->message);
	return error ? 1 : 0;
}
