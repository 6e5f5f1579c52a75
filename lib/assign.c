// SPDX-License-Identifier: LGPL-2.1-or-later
#include "assign.h"

#include <errno.h>
#include <stdio.h>

#include "error.h"
#include "file.h"

static int write_ids(const ApHost *host, const char *uuid, const char *attribute,
		     const struct ap_mask *ids)
{
	g_autofree char *below =
		g_build_filename("sys/devices/vfio_ap", AP_MDEV_PARENT, uuid, attribute, NULL);
	g_autofree char *path = ap_host_path(host, below);
	unsigned int id;
	char text[8];
	int err, len;

	apm_mask_for_each(id, ids) {
		len = g_snprintf(text, sizeof(text), "0x%02x\n", id);
		err = ap_file_write_attribute(path, text, len, NULL);
		if (err)
			return err;
	}
	return 0;
}

int ap_assign_all(const ApHost *host, const char *uuid, const struct ap_matrix *matrix)
{
	struct ap_matrix old;
	const struct {
		const char *name, *un;
		const struct ap_mask *from, *to;
	} kinds[] = {
		{ "assign_adapter", "unassign_adapter", &old.apm, &matrix->apm },
		{ "assign_domain", "unassign_domain", &old.aqm, &matrix->aqm },
		{ "assign_control_domain", "unassign_control_domain", &old.adm, &matrix->adm },
	};
	struct ap_mask ids;
	int err = 0;
	guint i;

	if (!ap_host_get_config(host, uuid, &old, NULL))
		return ENOENT;
	for (i = 0; i < G_N_ELEMENTS(kinds) && !err; i++) {
		ids = apm_mask_andnot(kinds[i].from, kinds[i].to);
		err = write_ids(host, uuid, kinds[i].un, &ids);
	}
	for (i = 0; i < G_N_ELEMENTS(kinds) && !err; i++) {
		ids = apm_mask_andnot(kinds[i].to, kinds[i].from);
		err = write_ids(host, uuid, kinds[i].name, &ids);
	}
	return err;
}

void ap_assign_set_refused(int err, GError **error)
{
	static const struct {
		int err;
		ApMatrixError code;
		const char *reason;
	} reasons[] = {
		{ EADDRINUSE, AP_MATRIX_ERROR_CONFLICT, "another device has one of the queues" },
		{ EADDRNOTAVAIL, AP_MATRIX_ERROR_CONFLICT,
		  "one of the queues is reserved for the host drivers" },
		{ ENODEV, AP_MATRIX_ERROR_INVALID, "an id is above the host's highest number" },
		{ EINVAL, AP_MATRIX_ERROR_INVALID, "it does not understand the masks" },
		{ EBUSY, AP_MATRIX_ERROR_BUSY, "the device is busy" },
		{ EAGAIN, AP_MATRIX_ERROR_RETRY, "it asks to try again" },
		{ EINTR, AP_MATRIX_ERROR_RETRY, "it was interrupted" },
		{ ENOENT, AP_MATRIX_ERROR_UNSUPPORTED,
		  "the device or its ap_config attribute is not there" },
	};
	guint i;

	for (i = 0; i < G_N_ELEMENTS(reasons); i++)
		if (reasons[i].err == err) {
			g_set_error(error, AP_MATRIX_ERROR, reasons[i].code,
				    "the kernel refused the matrix: %s", reasons[i].reason);
			return;
		}
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(err),
		    "the kernel refused the matrix: %s", g_strerror(err));
}
