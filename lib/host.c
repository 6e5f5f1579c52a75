// SPDX-License-Identifier: LGPL-2.1-or-later
#include "host.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "ap_text.h"
#include "assign.h"
#include "definition.h"
#include "error.h"
#include "file.h"
#include "quote.h"

#define BUS "sys/bus/ap"
#define PARENT "sys/devices/vfio_ap/" AP_MDEV_PARENT
#define DEFINITIONS "etc/mdevctl.d/" AP_MDEV_PARENT

/* The listing of 256 × 256 queues has 512 KiB. */
#define ATTRIBUTE_MAX (1024 * 1024)

struct ApHost {
	char *root;
};

/**
 * ap_host_new:
 * @root: (nullable): the directory under which sys and etc are found; "/" if %NULL
 *
 * Nothing is read until it is asked for, and nothing is kept.
 *
 * Returns: (transfer full): the host
 */
ApHost *ap_host_new(const char *root)
{
	ApHost *host = g_new(ApHost, 1);

	host->root = g_strdup(root ? root : "/");
	return host;
}

/**
 * ap_host_free:
 * @host: (nullable) (transfer full): a host
 */
void ap_host_free(ApHost *host)
{
	if (!host)
		return;
	g_free(host->root);
	g_free(host);
}

/**
 * ap_device_free:
 * @device: (nullable) (transfer full): an active device
 */
void ap_device_free(ApDevice *device)
{
	if (!device)
		return;
	g_free(device->uuid);
	g_free(device);
}

/**
 * ap_host_path:
 * @host: a host
 * @path: a path without a slash at the beginning
 *
 * Returns: (transfer full): where it is found
 */
char *ap_host_path(const ApHost *host, const char *path)
{
	return g_build_filename(host->root, path, NULL);
}

/**
 * ap_host_has_parent:
 * @host: a host
 *
 * Returns: whether the parent device of AP mediated devices is there (vfio_ap is loaded)
 */
gboolean ap_host_has_parent(const ApHost *host)
{
	g_autofree char *path = g_build_filename(host->root, PARENT, NULL);

	return g_file_test(path, G_FILE_TEST_IS_DIR);
}

static gboolean set_malformed(const char *path, const char *text, GError **error)
{
	g_autofree char *quoted = ap_quote(text);

	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID, "%s has unexpected content %s",
		    path, quoted);
	return FALSE;
}

/* The text of an attribute of the AP bus; @path is set in any case. */
static char *read_bus(const ApHost *host, const char *name, char **path, GError **error)
{
	*path = g_build_filename(host->root, BUS, name, NULL);
	return ap_file_read(*path, ATTRIBUTE_MAX, NULL, error);
}

static gboolean read_limit(const ApHost *host, const char *name, unsigned int *limit,
			   GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autofree char *path = NULL;
	g_autofree char *text = read_bus(host, name, &path, &local);

	*limit = AP_ID_MAX;
	if (g_error_matches(local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
		return TRUE;
	if (!text) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	return !apm_text_id(text, AP_ID_MAX, limit) || set_malformed(path, text, error);
}

/**
 * ap_host_get_limits:
 * @host: a host
 * @limits: (out): its highest numbers; 255 where the host does not tell
 * @error: G_FILE_ERROR or AP_MATRIX_ERROR_INVALID
 *
 * Linux gives one limit for both kinds of domains (drivers/s390/crypto/ap_bus.c).
 *
 * Returns: whether it succeeded
 */
gboolean ap_host_get_limits(const ApHost *host, struct ap_limits *limits, GError **error)
{
	if (!read_limit(host, "ap_max_adapter_id", &limits->apm_max, error) ||
	    !read_limit(host, "ap_max_domain_id", &limits->aqm_max, error))
		return FALSE;
	limits->adm_max = limits->aqm_max;
	return TRUE;
}

static gboolean read_mask(const ApHost *host, const char *name, struct ap_mask *mask,
			  GError **error)
{
	g_autofree char *path = NULL;
	g_autofree char *text = read_bus(host, name, &path, error);

	if (!text)
		return FALSE;
	return !apm_text_mask(text, mask) || set_malformed(path, text, error);
}

/**
 * ap_host_get_reserved:
 * @host: a host
 * @reserved: (out): apmask × aqmask: the queues that belong to the host's own drivers
 * @error: G_FILE_ERROR or AP_MATRIX_ERROR_INVALID; G_FILE_ERROR_NOENT when there is no
 *   AP bus
 *
 * Returns: whether it succeeded
 */
gboolean ap_host_get_reserved(const ApHost *host, struct ap_matrix *reserved, GError **error)
{
	memset(reserved, 0, sizeof(*reserved));
	return read_mask(host, "apmask", &reserved->apm, error) &&
	       read_mask(host, "aqmask", &reserved->aqm, error);
}

static char *device_path(const ApHost *host, const char *uuid, const char *attribute)
{
	return g_build_filename(host->root, PARENT, uuid, attribute, NULL);
}

static gboolean is_active(const ApHost *host, const char *uuid)
{
	g_autofree char *dir = device_path(host, uuid, NULL);

	return g_file_test(dir, G_FILE_TEST_IS_DIR);
}

/* A number of exactly @digits hexadecimal digits, at most 255. */
static gboolean read_hex(const char *text, gsize digits, unsigned int *id)
{
	gsize i;

	for (*id = 0, i = 0; i < digits; i++) {
		if (!g_ascii_isxdigit(text[i]))
			return FALSE;
		*id = *id * 16 + g_ascii_xdigit_value(text[i]);
	}
	return *id <= AP_ID_MAX;
}

/* "05.0047", "05." or ".0047" */
static gboolean read_queue(const char *line, struct ap_matrix *matrix)
{
	gsize len = strlen(line), adapter = strcspn(line, ".");
	unsigned int id;

	if ((adapter != 0 && adapter != 2) || (len != adapter + 1 && len != adapter + 5))
		return FALSE;
	if (adapter) {
		if (!read_hex(line, 2, &id))
			return FALSE;
		apm_mask_set(&matrix->apm, id);
	}
	if (len > adapter + 1) {
		if (!read_hex(line + adapter + 1, 4, &id))
			return FALSE;
		apm_mask_set(&matrix->aqm, id);
	}
	return TRUE;
}

static gboolean read_control_domain(const char *line, struct ap_matrix *matrix)
{
	unsigned int id;

	if (strlen(line) != 4 || !read_hex(line, 4, &id))
		return FALSE;
	apm_mask_set(&matrix->adm, id);
	return TRUE;
}

static gboolean read_listing(const ApHost *host, const char *uuid, const char *name,
			     gboolean (*read_line)(const char *, struct ap_matrix *),
			     struct ap_matrix *matrix, GError **error)
{
	g_autofree char *path = device_path(host, uuid, name);
	g_autofree char *text = ap_file_read(path, ATTRIBUTE_MAX, NULL, error);
	g_auto(GStrv) lines = NULL;
	guint i;

	if (!text)
		return FALSE;
	lines = g_strsplit(text, "\n", -1);
	for (i = 0; lines[i]; i++)
		if (*lines[i] && !read_line(lines[i], matrix))
			return set_malformed(path, lines[i], error);
	return TRUE;
}

/**
 * ap_host_get_config:
 * @host: a host
 * @uuid: UUID of an active device
 * @matrix: (out): its assigned matrix
 * @error: G_FILE_ERROR or AP_MATRIX_ERROR_INVALID; G_FILE_ERROR_NOENT when the device is
 *   not there
 *
 * From ap_config; on older kernels, which do not have it, from the listings.
 *
 * Returns: whether it succeeded
 */
gboolean ap_host_get_config(const ApHost *host, const char *uuid, struct ap_matrix *matrix,
			    GError **error)
{
	g_autofree char *path = device_path(host, uuid, "ap_config");
	g_autoptr(GError) local = NULL;
	g_autofree char *text = ap_file_read(path, ATTRIBUTE_MAX, NULL, &local);

	memset(matrix, 0, sizeof(*matrix));
	if (text)
		return !apm_text_config(text, matrix) || set_malformed(path, text, error);
	if (!is_active(host, uuid)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "the device is not active");
		return FALSE;
	}
	if (g_error_matches(local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
		return read_listing(host, uuid, "matrix", read_queue, matrix, error) &&
		       read_listing(host, uuid, "control_domains", read_control_domain, matrix,
				    error);
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

/* What a caller can do about the kernel's refusal of a matrix. */
/**
 * ap_host_get_guest_listing:
 * @host: a host
 * @uuid: UUID of an active device
 * @matrix: (out): its effective adapters and domains; control domains are not listed
 *
 * From guest_matrix, for kernels without guest_config.
 *
 * Returns: whether the kernel tells
 */
gboolean ap_host_get_guest_listing(const ApHost *host, const char *uuid, struct ap_matrix *matrix)
{
	memset(matrix, 0, sizeof(*matrix));
	return read_listing(host, uuid, "guest_matrix", read_queue, matrix, NULL);
}

/**
 * ap_host_set_config:
 * @host: a host
 * @uuid: UUID of an active device
 * @matrix: the matrix it is to have
 * @error: AP_MATRIX_ERROR by what the kernel answered, or G_FILE_ERROR
 *
 * One write to ap_config; on older kernels, which do not have it, one for each id that
 * goes, then one for each that comes. Nothing is read back.
 *
 * Returns: whether it succeeded
 */
gboolean ap_host_set_config(const ApHost *host, const char *uuid, const struct ap_matrix *matrix,
			    GError **error)
{
	g_autofree char *path = device_path(host, uuid, "ap_config");
	char text[AP_CONFIG_TEXT];
	int err;

	apm_text_put_config(matrix, text);
	err = ap_file_write_attribute(path, text, sizeof(text), NULL);
	if (err == ENOENT && is_active(host, uuid))
		err = ap_assign_all(host, uuid, matrix);
	if (err)
		ap_assign_set_refused(err, error);
	return !err;
}

static int write_mask(const ApHost *host, const char *name, const struct ap_mask *mask)
{
	g_autofree char *path = g_build_filename(host->root, BUS, name, NULL);
	char text[AP_MASK_TEXT + 1];

	apm_text_put_mask(mask, text);
	text[AP_MASK_TEXT] = '\n';
	return ap_file_write_attribute(path, text, sizeof(text), NULL);
}

/**
 * ap_host_set_masks:
 * @host: a host
 * @masks: apmask and aqmask; one that is so already is not written
 * @error: AP_MATRIX_ERROR_BUSY when a mediated device has a queue that the host drivers
 *   would get; G_FILE_ERROR
 *
 * Returns: whether it succeeded
 */
gboolean ap_host_set_masks(const ApHost *host, const struct ap_matrix *masks, GError **error)
{
	struct ap_matrix old;
	int err = 0;

	if (!ap_host_get_reserved(host, &old, error))
		return FALSE;
	if (!apm_mask_equal(&old.apm, &masks->apm))
		err = write_mask(host, "apmask", &masks->apm);
	if (!err && !apm_mask_equal(&old.aqm, &masks->aqm))
		err = write_mask(host, "aqmask", &masks->aqm);
	if (err == EBUSY)
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_BUSY,
			    "the kernel refused the masks: a mediated device has one of the queues "
			    "that the host drivers would get");
	else if (err)
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(err),
			    "the kernel refused the masks: %s", g_strerror(err));
	return !err;
}

/* The first queue tells for all. */
static gboolean find_override(const char *card)
{
	g_autoptr(GDir) dir = g_dir_open(card, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(card, name, "driver_override", NULL);

		if (strlen(name) == 7 && name[2] == '.')
			return g_file_test(path, G_FILE_TEST_EXISTS);
	}
	return FALSE;
}

/**
 * ap_host_has_driver_override:
 * @host: a host
 *
 * Linux 7.2 (drivers/s390/crypto/ap_bus.c): a queue with a driver_override goes to that
 * driver whatever the masks say.
 *
 * Returns: whether queues have it
 */
gboolean ap_host_has_driver_override(const ApHost *host)
{
	g_autofree char *path = ap_host_path(host, "sys/devices/ap");
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	gboolean found = FALSE;
	const char *name;

	while (!found && dir && (name = g_dir_read_name(dir))) {
		g_autofree char *card = g_build_filename(path, name, NULL);

		found = g_str_has_prefix(name, "card") && find_override(card);
	}
	return found;
}

static void warn(GPtrArray *warnings, const char *what, const char *why)
{
	if (warnings)
		g_ptr_array_add(warnings, g_strdup_printf("%s: %s", what, why));
}

static int by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names that are UUIDs, sorted; an absent directory is an empty one. */
static GPtrArray *list_uuids(const char *dir, GPtrArray *warnings)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	const struct dirent *entry;
	DIR *d = opendir(dir);

	if (!d && errno != ENOENT)
		warn(warnings, dir, g_strerror(errno));
	while (d && (entry = readdir(d)))
		if (g_uuid_string_is_valid(entry->d_name))
			g_ptr_array_add(names, g_strdup(entry->d_name));
	if (d)
		closedir(d);
	g_ptr_array_sort(names, by_text);
	return names;
}

/**
 * ap_host_list_active:
 * @host: a host
 * @warnings: (nullable) (element-type utf8): gets a text for each device that could not be
 *   read
 *
 * Returns: (transfer full) (element-type ApDevice): the active AP mediated devices, by UUID
 */
GPtrArray *ap_host_list_active(const ApHost *host, GPtrArray *warnings)
{
	GPtrArray *devices = g_ptr_array_new_with_free_func((GDestroyNotify)ap_device_free);
	g_autofree char *dir = g_build_filename(host->root, PARENT, NULL);
	g_autoptr(GPtrArray) uuids = list_uuids(dir, warnings);
	guint i;

	for (i = 0; i < uuids->len; i++) {
		g_autoptr(ApDevice) device = g_new0(ApDevice, 1);
		g_autoptr(GError) error = NULL;

		device->uuid = g_strdup(uuids->pdata[i]);
		if (ap_host_get_config(host, device->uuid, &device->matrix, &error))
			g_ptr_array_add(devices, g_steal_pointer(&device));
		else if (is_active(host, uuids->pdata[i]))
			warn(warnings, "ignored an active device", error->message);
	}
	return devices;
}

/**
 * ap_host_load_definition:
 * @host: a host
 * @uuid: UUID of a device
 * @error: as ap_definition_load(); G_FILE_ERROR_NOENT when it has none
 *
 * Returns: (transfer full) (nullable): mdevctl's definition of it
 */
ApDefinition *ap_host_load_definition(const ApHost *host, const char *uuid, GError **error)
{
	g_autofree char *path = g_build_filename(host->root, DEFINITIONS, uuid, NULL);

	return ap_definition_load(uuid, path, error);
}

/**
 * ap_host_list_definitions:
 * @host: a host
 * @warnings: (nullable) (element-type utf8): gets a text for each file that could not be
 *   read as a definition
 *
 * Returns: (transfer full) (element-type ApDefinition): mdevctl's definitions of AP
 *   mediated devices, by UUID
 */
GPtrArray *ap_host_list_definitions(const ApHost *host, GPtrArray *warnings)
{
	return ap_host_list_definitions_and_broken(host, NULL, warnings);
}

/**
 * ap_host_list_definitions_and_broken:
 * @host: a host
 * @broken: (nullable) (element-type utf8): gets the UUIDs of files that are no definitions
 * @warnings: (nullable) (element-type utf8): gets a text for each of them
 *
 * Returns: (transfer full) (element-type ApDefinition): as ap_host_list_definitions()
 */
GPtrArray *ap_host_list_definitions_and_broken(const ApHost *host, GPtrArray *broken,
					       GPtrArray *warnings)
{
	GPtrArray *defs = g_ptr_array_new_with_free_func((GDestroyNotify)ap_definition_free);
	g_autofree char *dir = g_build_filename(host->root, DEFINITIONS, NULL);
	g_autoptr(GPtrArray) uuids = list_uuids(dir, warnings);
	guint i;

	for (i = 0; i < uuids->len; i++) {
		g_autoptr(GError) error = NULL;
		ApDefinition *def = ap_host_load_definition(host, uuids->pdata[i], &error);

		if (def) {
			g_ptr_array_add(defs, def);
			continue;
		}
		if (g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
		    g_error_matches(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_UNSUPPORTED))
			continue;
		warn(warnings, "ignored a definition", error->message);
		if (broken)
			g_ptr_array_add(broken, g_strdup(uuids->pdata[i]));
	}
	return defs;
}
