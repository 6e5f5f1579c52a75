// SPDX-License-Identifier: LGPL-2.1-or-later
#include "user.h"

#include <string.h>

#include "file.h"
#include "quote.h"

#define PARENT "sys/devices/vfio_ap/" AP_MDEV_PARENT

/* A host has thousands of processes, one of them may have a million files open. */
#define SEARCH_SECONDS 5

static char *group_file(const ApHost *host, const char *uuid)
{
	g_autofree char *below = g_build_filename(PARENT, uuid, "iommu_group", NULL);
	g_autofree char *path = ap_host_path(host, below);
	g_autofree char *link = g_file_read_link(path, NULL);
	g_autofree char *number = link ? g_path_get_basename(link) : NULL;

	return number ? g_build_filename("/dev/vfio", number, NULL) : NULL;
}

static char *device_file(const ApHost *host, const char *uuid)
{
	g_autofree char *below = g_build_filename(PARENT, uuid, "vfio-dev", NULL);
	g_autofree char *path = ap_host_path(host, below);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name = dir ? g_dir_read_name(dir) : NULL;

	return name ? g_build_filename("/dev/vfio/devices", name, NULL) : NULL;
}

/*
 * The group alone is not the device: libvirt holds it while it has mdevctl stop the device
 * (nodeDeviceDestroy() of its node_device_driver.c), to see that nobody else does.
 */
static gboolean has_open(const char *fds, const char *group, const char *device, gint64 end)
{
	g_autoptr(GDir) dir = g_dir_open(fds, 0, NULL);
	gboolean has_group = FALSE, has_device = FALSE;
	const char *name;

	while (dir && (name = g_dir_read_name(dir)) && g_get_monotonic_time() < end) {
		g_autofree char *path = g_build_filename(fds, name, NULL);
		g_autofree char *target = g_file_read_link(path, NULL);

		if (!target)
			continue;
		if (!g_strcmp0(target, device))
			return TRUE;
		has_group |= !g_strcmp0(target, group);
		has_device |= g_str_equal(target, "anon_inode:[vfio-device]");
	}
	return has_group && has_device;
}

/* libvirt names the guest: -name guest=NAME,… */
static char *describe(const char *proc, const char *pid)
{
	g_autofree char *comm = g_build_filename(proc, pid, "comm", NULL);
	g_autofree char *args = g_build_filename(proc, pid, "cmdline", NULL);
	g_autofree char *name = ap_file_read(comm, 4096, NULL, NULL);
	gsize len = 0;
	g_autofree char *line = ap_file_read(args, 1024 * 1024, &len, NULL);
	g_autofree char *shown = ap_quote(name ? g_strchomp(name) : "?");
	const char *guest = line ? memmem(line, len, "guest=", strlen("guest=")) : NULL;
	g_autofree char *quoted = NULL;

	if (!guest)
		return g_strdup_printf("%s (process %s)", shown, pid);
	line[len - 1] = 0;
	guest += strlen("guest=");
	quoted = g_strndup(guest, strcspn(guest, ","));
	g_free(g_steal_pointer(&shown));
	shown = ap_quote(quoted);
	return g_strdup_printf("the guest %s (process %s)", shown, pid);
}

char *ap_user_find(const ApHost *host, const char *uuid)
{
	g_autofree char *group = group_file(host, uuid);
	g_autofree char *device = device_file(host, uuid);
	g_autofree char *proc = ap_host_path(host, "proc");
	g_autoptr(GDir) dir = group || device ? g_dir_open(proc, 0, NULL) : NULL;
	gint64 end = g_get_monotonic_time() + SEARCH_SECONDS * G_USEC_PER_SEC;
	const char *pid;

	while (dir && (pid = g_dir_read_name(dir)) && g_get_monotonic_time() < end) {
		g_autofree char *fds = g_build_filename(proc, pid, "fd", NULL);

		if (g_ascii_isdigit(*pid) && has_open(fds, group, device, end))
			return describe(proc, pid);
	}
	return NULL;
}
