// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fakehost.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ap_text.h"

#define PARENT "sys/devices/vfio_ap/matrix"
#define DEFINITIONS "etc/mdevctl.d/matrix"

ssize_t __real_write(int fd, const void *buf, size_t count);
ssize_t __wrap_write(int fd, const void *buf, size_t count);

static struct {
	char *root;
	ApHost *host;
	FakeKind kind;
	FakeFault fault;
	guint at;
	guint count;
} fake;

void fake_set_fault(FakeFault fault, guint at)
{
	fake.fault = fault;
	fake.at = at;
	fake.count = 0;
}

guint fake_count(void)
{
	return fake.count;
}

/* What befalls this operation. */
static FakeFault next_fault(void)
{
	guint n = fake.count++;

	if (fake.fault == FAULT_FOREVER)
		return n >= fake.at ? FAULT_BEFORE : FAULT_NONE;
	return n == fake.at ? fake.fault : FAULT_NONE;
}

static char *in_root(const char *dir, const char *name)
{
	return g_build_filename(fake.root, dir, name, NULL);
}

static void put(const char *dir, const char *name, const char *text)
{
	g_autofree char *folder = in_root(dir, NULL);
	g_autofree char *path = in_root(dir, name);
	int fd;

	g_mkdir_with_parents(folder, 0755);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	g_assert_cmpint(fd, >=, 0);
	g_assert_cmpint(__real_write(fd, text, strlen(text)), ==, strlen(text));
	close(fd);
}

static char *get(const char *dir, const char *name)
{
	g_autofree char *path = in_root(dir, name);
	char *text = NULL;

	g_file_get_contents(path, &text, NULL, NULL);
	return text;
}

static char *device_dir(const char *uuid)
{
	return g_build_filename(PARENT, uuid, NULL);
}

static void put_config(const char *uuid, const struct ap_matrix *m)
{
	g_autofree char *dir = device_dir(uuid);
	g_autofree char *listing = g_malloc0(apm_text_matrix_size(m) + 1);
	char config[AP_CONFIG_TEXT + 1] = "", domains[AP_IDS * 5 + 1] = "";

	apm_text_put_config(m, config);
	apm_text_matrix(m, 0, listing, apm_text_matrix_size(m));
	apm_text_domains(&m->adm, 0, domains, sizeof(domains) - 1);
	put(dir, "matrix", listing);
	put(dir, "guest_matrix", listing);
	put(dir, "control_domains", domains);
	if (fake.kind != FAKE_OLD)
		put(dir, "ap_config", config);
}

/* The errno of the real kernel, 0 when @m can be @uuid's; @skip are others that change too. */
static int judge(const char *uuid, const struct ap_matrix *m, GHashTable *skip)
{
	g_autoptr(GPtrArray) devices = ap_host_list_active(fake.host, NULL);
	struct ap_matrix reserved;
	guint i;

	g_assert_true(ap_host_get_reserved(fake.host, &reserved, NULL));
	if (apm_matrix_conflict(m, &reserved, NULL))
		return EADDRNOTAVAIL;
	for (i = 0; i < devices->len; i++) {
		const ApDevice *device = devices->pdata[i];

		if (g_str_equal(device->uuid, uuid) ||
		    (skip && g_hash_table_contains(skip, device->uuid)))
			continue;
		if (apm_matrix_conflict(m, &device->matrix, NULL))
			return EADDRINUSE;
	}
	return 0;
}

static int kernel_config(const char *uuid, const char *text)
{
	struct ap_matrix m;
	int err = apm_text_config(text, &m) ? EINVAL : judge(uuid, &m, NULL);

	if (!err)
		put_config(uuid, &m);
	return err;
}

static int kernel_assign(const char *uuid, const char *name, const char *text)
{
	struct ap_matrix m;
	int err;

	g_assert_true(ap_host_get_config(fake.host, uuid, &m, NULL));
	if (!ap_attrs_apply(&m, name, text, NULL))
		return EINVAL;
	err = judge(uuid, &m, NULL);
	if (!err)
		put_config(uuid, &m);
	return err;
}

static int judge_staged(GHashTable *staged)
{
	GHashTableIter a, b;
	gpointer x, m, y, other;
	int err;

	g_hash_table_iter_init(&a, staged);
	while (g_hash_table_iter_next(&a, &x, &m)) {
		err = judge(x, m, staged);
		if (err)
			return err;
		g_hash_table_iter_init(&b, staged);
		while (g_hash_table_iter_next(&b, &y, &other))
			if (x != y && apm_matrix_conflict(m, other, NULL))
				return EADDRINUSE;
	}
	return 0;
}

static char **list_devices(void)
{
	g_autoptr(GPtrArray) devices = ap_host_list_active(fake.host, NULL);
	GStrv uuids = g_new0(char *, devices->len + 1);
	guint i;

	for (i = 0; i < devices->len; i++)
		uuids[i] = g_strdup(((ApDevice *)devices->pdata[i])->uuid);
	return uuids;
}

static int kernel_commit(const char *text)
{
	g_autoptr(GHashTable) staged = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	g_auto(GStrv) uuids = g_str_has_prefix(text, "all") ? list_devices()
							    : g_strsplit_set(text, " \n", -1);
	GHashTableIter iter;
	gpointer uuid, m;
	guint i;
	int err;

	for (i = 0; uuids[i]; i++) {
		g_autofree char *dir = device_dir(uuids[i]);
		g_autofree char *config = *uuids[i] ? get(dir, "staged_config") : NULL;
		struct ap_matrix *matrix = g_new(struct ap_matrix, 1);

		if (config && !apm_text_config(config, matrix))
			g_hash_table_insert(staged, uuids[i], matrix);
		else
			g_free(matrix);
	}
	err = judge_staged(staged);
	g_hash_table_iter_init(&iter, staged);
	while (!err && g_hash_table_iter_next(&iter, &uuid, &m)) {
		g_autofree char *dir = device_dir(uuid);

		put_config(uuid, m);
		put(dir, "staged_config", "");
	}
	return err;
}

static int kernel_mask(const char *name, const char *text)
{
	g_autoptr(GPtrArray) devices = ap_host_list_active(fake.host, NULL);
	struct ap_matrix m;
	struct ap_mask mask;
	guint i;

	if (apm_text_mask(text, &mask))
		return EINVAL;
	g_assert_true(ap_host_get_reserved(fake.host, &m, NULL));
	*(g_str_equal(name, "apmask") ? &m.apm : &m.aqm) = mask;
	for (i = 0; i < devices->len; i++)
		if (apm_matrix_conflict(&((ApDevice *)devices->pdata[i])->matrix, &m, NULL))
			return EBUSY;
	put("sys/bus/ap", name, text);
	return 0;
}

/* Writes to anything but an attribute are plain files: -1. */
static int kernel_write(const char *path, const char *text)
{
	g_autofree char *name = g_path_get_basename(path);
	g_autofree char *dir = g_path_get_dirname(path);
	g_autofree char *uuid = g_path_get_basename(dir);

	if (g_str_has_suffix(name, "mask"))
		return kernel_mask(name, text);
	if (g_str_equal(name, "commit"))
		return kernel_commit(text);
	if (g_str_equal(name, "ap_config"))
		return kernel_config(uuid, text);
	if (strstr(name, "assign_"))
		return kernel_assign(uuid, name, text);
	if (!g_str_equal(name, "staged_config"))
		return -1;
	g_free(dir);
	dir = device_dir(uuid);
	put(dir, name, g_str_equal(text, "\n") ? "" : text);
	return 0;
}

ssize_t __wrap_write(int fd, const void *buf, size_t count)
{
	g_autofree char *link = g_strdup_printf("/proc/self/fd/%d", fd);
	g_autofree char *path = g_file_read_link(link, NULL);
	g_autofree char *text = g_strndup(buf, count);
	FakeFault fault;
	int err;

	if (count > 4095 && path && g_str_has_suffix(path, "/commit")) {
		errno = E2BIG;
		return -1;
	}
	if (!fake.root || !path || !g_str_has_prefix(path, fake.root))
		return __real_write(fd, buf, count);
	fault = next_fault();
	if (fault == FAULT_EXIT)
		_exit(7);
	if (fault == FAULT_BEFORE) {
		errno = strstr(path, "/sys/") ? EIO : ENOSPC;
		return -1;
	}
	err = kernel_write(path, text);
	if (err < 0 && __real_write(fd, buf, count) < 0)
		return -1;
	if (err > 0 || fault == FAULT_AFTER) {
		errno = err > 0 ? err : EIO;
		return -1;
	}
	return count;
}

int __wrap_fsync(int fd);

/* Nothing here has to survive a power failure. */
int __wrap_fsync(int fd G_GNUC_UNUSED)
{
	return 0;
}

static gboolean refuse(GError **error, const char *text)
{
	g_set_error_literal(error, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED, text);
	return FALSE;
}

static gboolean mdevctl_define(const char *verb, const char *uuid, const char *json, GError **error)
{
	g_autofree char *old = get(DEFINITIONS, uuid);

	if (g_str_equal(verb, "define") && old)
		return refuse(error, "already defined");
	put(DEFINITIONS, uuid, json);
	return TRUE;
}

static int remove_one(const char *path, const struct stat *st G_GNUC_UNUSED, int type G_GNUC_UNUSED,
		      struct FTW *ftw G_GNUC_UNUSED)
{
	return remove(path);
}

static void remove_all(const char *path)
{
	g_assert_cmpint(nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS), ==, 0);
}

static gboolean mdevctl_remove(const char *path, GError **error)
{
	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return refuse(error, "is not there");
	remove_all(path);
	return TRUE;
}

/* As mdevctl, which does not get along with a file that it cannot read. */
static gboolean mdevctl_undefine(const char *uuid, const char *path, GError **error)
{
	g_autoptr(ApDefinition) def = ap_definition_load(uuid, path, error);

	return def && mdevctl_remove(path, error);
}

static void put_assign(const char *dir)
{
	static const char *const names[] = { "assign_adapter",	      "assign_domain",
					     "assign_control_domain", "unassign_adapter",
					     "unassign_domain",	      "unassign_control_domain" };
	guint i;

	for (i = 0; i < G_N_ELEMENTS(names); i++)
		put(dir, names[i], "");
}

static gboolean mdevctl_start(const char *uuid, const char *json, GError **error)
{
	g_autofree char *text = json ? g_strdup(json) : get(DEFINITIONS, uuid);
	g_autofree char *dir = device_dir(uuid);
	g_autofree char *path = in_root(dir, NULL);
	g_autoptr(ApDefinition) def = NULL;

	if (!text || g_file_test(path, G_FILE_TEST_EXISTS))
		return refuse(error, "cannot be started");
	def = ap_definition_parse(uuid, text, strlen(text), error);
	if (!def)
		return FALSE;
	if (judge(uuid, ap_definition_get_matrix(def), NULL))
		return refuse(error, "device is busy");
	put_config(uuid, ap_definition_get_matrix(def));
	if (fake.kind == FAKE_COMMIT)
		put(dir, "staged_config", "");
	if (fake.kind == FAKE_OLD)
		put_assign(dir);
	return TRUE;
}

static gboolean mdevctl(const char *verb, const char *uuid, const char *json, GError **error)
{
	g_autofree char *dir = device_dir(uuid);
	g_autofree char *device = in_root(dir, NULL);
	g_autofree char *file = in_root(DEFINITIONS, uuid);

	if (g_str_equal(verb, "define") || g_str_equal(verb, "modify"))
		return mdevctl_define(verb, uuid, json, error);
	if (g_str_equal(verb, "undefine"))
		return mdevctl_undefine(uuid, file, error);
	if (g_str_equal(verb, "stop"))
		return mdevctl_remove(device, error);
	return mdevctl_start(uuid, json, error);
}

static gboolean run(gpointer data G_GNUC_UNUSED, const char *const *argv, const char *input,
		    GError **error)
{
	FakeFault fault = next_fault();

	g_assert_cmpstr(argv[0], ==, "mdevctl");
	g_assert_cmpstr(argv[2], ==, "--uuid");
	g_assert_cmpint(!!input, ==, !!argv[4]);
	if (fault == FAULT_EXIT)
		_exit(7);
	if (fault == FAULT_BEFORE) {
		/* A full disk leaves an empty file behind. */
		if (g_str_equal(argv[1], "define"))
			put(DEFINITIONS, argv[3], "");
		return refuse(error, "mdevctl: injected");
	}
	if (!mdevctl(argv[1], argv[3], input, error))
		return FALSE;
	return fault == FAULT_AFTER ? refuse(error, "mdevctl: injected, but done") : TRUE;
}

const ApPlanOps fake_ops = { .run = run };

ApHost *fake_host_new(FakeKind kind)
{
	g_autofree char *mask = g_strdup_printf("0x%s\n", "ffffffffffffffffffffffffffffffff"
							  "ffffffffffffffffffffffffffffffff");

	fake.root = g_dir_make_tmp("apmatrix-XXXXXX", NULL);
	fake.host = ap_host_new(fake.root);
	fake.kind = kind;
	fake_set_fault(FAULT_NONE, 0);
	put("sys/bus/ap", "apmask", mask);
	put("sys/bus/ap", "aqmask", mask);
	put("sys/bus/ap", "ap_max_domain_id", "255\n");
	put("sys/bus/ap", "ap_max_adapter_id", "255\n");
	put(PARENT, "features", kind == FAKE_COMMIT ? "ap_config commit\n" : "guest_matrix\n");
	put(PARENT, "commit", "");
	return fake.host;
}

void fake_host_free(ApHost *host)
{
	remove_all(fake.root);
	g_clear_pointer(&fake.root, g_free);
	ap_host_free(host);
}
