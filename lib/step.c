// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Doing one step of a plan.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "ap_text.h"
#include "assign.h"
#include "error.h"
#include "file.h"
#include "live.h"
#include "lockfile.h"
#include "names.h"
#include "plan.h"
#include "rule.h"
#include "user.h"

#define PARENT "sys/devices/vfio_ap/" AP_MDEV_PARENT

/* A write to commit must not fill a page; that many UUIDs do not. */
#define COMMIT_UUIDS 100

#define STAGED_MAX 4096

/* As long as mdevctl's callout waits for one of these. */
#define LOCK_SECONDS 60

static gboolean run_mdevctl(const ApPlanOps *ops, const char *verb, const ApStep *step,
			    GError **error)
{
	const char *argv[] = { "mdevctl",      verb,	     "--uuid",	   step->uuid, "--parent",
			       AP_MDEV_PARENT, "--jsonfile", "/dev/stdin", NULL };

	if (!step->json)
		argv[4] = NULL;
	return ops->run(ops->data, argv, step->json, error);
}

/* Removing a device that is open waits until it is not; that may be for ever. */
static gboolean stop(const ApStep *step, const ApHost *host, const ApPlanOps *ops, GError **error)
{
	g_autofree char *user = ap_user_find(host, step->uuid);

	if (!user)
		return run_mdevctl(ops, "stop", step, error);
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_BUSY,
		    "%s is in use by %s; detach it from the guest or shut the guest down",
		    step->label, user);
	return FALSE;
}

/* mdevctl does not touch a file that it cannot read. */
static gboolean undefine(const ApStep *step, const ApHost *host, const ApPlanOps *ops,
			 GError **error)
{
	g_autofree char *below =
		g_build_filename("etc/mdevctl.d", AP_MDEV_PARENT, step->uuid, NULL);
	g_autofree char *path = ap_host_path(host, below);

	if (!step->nothing)
		return run_mdevctl(ops, "undefine", step, error);
	return ap_file_replace(path, NULL, error);
}

static char *staged_path(const ApHost *host, const char *uuid)
{
	g_autofree char *below = g_build_filename(PARENT, uuid, "staged_config", NULL);

	return ap_host_path(host, below);
}

static void unstage(const ApStep *step, const ApHost *host)
{
	guint i;

	for (i = 0; i < step->members->len; i++) {
		const ApStep *member = step->members->pdata[i];
		g_autofree char *path = staged_path(host, member->uuid);

		ap_file_write_attribute(path, "\n", 1, NULL);
	}
}

static int stage(const ApStep *step, const ApHost *host)
{
	char text[AP_CONFIG_TEXT];
	int err = 0;
	guint i;

	for (i = 0; i < step->members->len && !err; i++) {
		const ApStep *member = step->members->pdata[i];
		g_autofree char *path = staged_path(host, member->uuid);

		apm_text_put_config(&member->matrix, text);
		err = ap_file_write_attribute(path, text, sizeof(text), NULL);
	}
	return err;
}

static int write_commit(const ApStep *step, const ApHost *host)
{
	g_autofree char *path = ap_host_path(host, PARENT "/commit");
	g_autoptr(GString) text = g_string_new(NULL);
	guint i;

	for (i = 0; i < step->members->len && i < COMMIT_UUIDS; i++)
		g_string_append_printf(text, "%s\n", ((ApStep *)step->members->pdata[i])->uuid);
	if (step->members->len > COMMIT_UUIDS)
		g_string_assign(text, "all\n");
	return ap_file_write_attribute(path, text->str, text->len, NULL);
}

static gboolean is_member(const ApStep *step, const char *uuid)
{
	guint i;

	for (i = 0; i < step->members->len; i++)
		if (!g_ascii_strcasecmp(((ApStep *)step->members->pdata[i])->uuid, uuid))
			return TRUE;
	return FALSE;
}

/* Too many to be named are committed with all that is staged: that must be nobody else's. */
static gboolean check_others(const ApStep *step, const ApHost *host, GError **error)
{
	g_autoptr(GPtrArray) devices = NULL;
	guint i;

	if (step->members->len <= COMMIT_UUIDS)
		return TRUE;
	devices = ap_host_list_active(host, NULL);
	for (i = 0; i < devices->len; i++) {
		const ApDevice *device = devices->pdata[i];
		g_autofree char *path = staged_path(host, device->uuid);
		g_autofree char *text = NULL;

		if (is_member(step, device->uuid))
			continue;
		text = ap_file_read(path, STAGED_MAX, NULL, NULL);
		if (!text || !*g_strstrip(text))
			continue;
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_BUSY,
			    "%s has a staged configuration of somebody else's, which would be "
			    "committed, too; commit or discard it",
			    device->uuid);
		return FALSE;
	}
	return TRUE;
}

static gboolean commit(const ApStep *step, const ApHost *host, GError **error)
{
	guint i;
	int err;

	if (!check_others(step, host, error))
		return FALSE;
	err = stage(step, host);
	if (!err)
		err = write_commit(step, host);
	if (err) {
		unstage(step, host);
		ap_assign_set_refused(err, error);
		return FALSE;
	}
	for (i = 0; i < step->members->len; i++) {
		const ApStep *member = step->members->pdata[i];

		if (!ap_live_verify(host, member->uuid, &member->matrix, error)) {
			g_prefix_error(error, "%s: ", member->label);
			return FALSE;
		}
	}
	return TRUE;
}

static gboolean write_step(const ApStep *step, const ApHost *host, GError **error)
{
	switch (step->kind) {
	case AP_STEP_RULE:
		return ap_rule_save(host, step->nothing ? NULL : &step->matrix, error);
	case AP_STEP_MASKS:
		return ap_host_set_masks(host, &step->matrix, error);
	case AP_STEP_LIVE:
		return ap_live_set(host, step->uuid, &step->matrix, error);
	case AP_STEP_COMMIT:
		return commit(step, host, error);
	default:
		g_return_val_if_reached(FALSE);
	}
}

/* Not between the check of another program that shares the lock and what that does then. */
static gboolean write_locked(const ApStep *step, const ApHost *host, GError **error)
{
	gboolean done;

	if (!ap_lockfile_take(host, getpid(), LOCK_SECONDS, NULL, error))
		return FALSE;
	done = write_step(step, host, error);
	ap_lockfile_release(host, getpid());
	return done;
}

/**
 * ap_step_run:
 * @step: a step
 * @host: the host
 * @ops: how programs are run
 * @error: whatever it fails with
 *
 * What is not left to mdevctl, whose callout does so, is done under the lock on the AP
 * configuration that s390-tools share.
 *
 * Returns: whether it is done; if not, it may be half done
 */
gboolean ap_step_run(const ApStep *step, const ApHost *host, const ApPlanOps *ops, GError **error)
{
	if (ops->step)
		return ops->step(ops->data, step, error);
	switch (step->kind) {
	case AP_STEP_NAMES:
		return ap_names_save(host, step->names, error);
	case AP_STEP_RULE:
	case AP_STEP_MASKS:
	case AP_STEP_LIVE:
	case AP_STEP_COMMIT:
		return write_locked(step, host, error);
	case AP_STEP_STOP:
		return stop(step, host, ops, error);
	case AP_STEP_UNDEFINE:
		return undefine(step, host, ops, error);
	case AP_STEP_DEFINE:
		return run_mdevctl(ops, "define", step, error);
	case AP_STEP_MODIFY:
		return run_mdevctl(ops, "modify", step, error);
	case AP_STEP_START:
		return run_mdevctl(ops, "start", step, error);
	}
	g_return_val_if_reached(FALSE);
}
