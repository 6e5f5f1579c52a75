// SPDX-License-Identifier: LGPL-2.1-or-later
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "xml.h"

void loaded_clear(struct loaded *loaded)
{
	g_clear_pointer(&loaded->host, ap_host_def_free);
	g_clear_pointer(&loaded->guest, ap_guest_free);
}

static char *read_all(const char *path, gsize *len, GError **error)
{
	int fd = g_str_equal(path, "-") ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	g_autoptr(GByteArray) all = g_byte_array_new();
	guint8 buf[65536];
	ssize_t n = -1;

	/* One byte more than the parsers take: they say what is too long. */
	while (fd >= 0 && all->len <= AP_XML_MAX &&
	       (n = TEMP_FAILURE_RETRY(read(fd, buf, sizeof(buf)))) > 0)
		g_byte_array_append(all, buf, n);
	if (fd < 0 || n < 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
			    "cannot read %s: %s", path, g_strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	close(fd);
	*len = all->len;
	g_byte_array_append(all, (const guint8 *)"", 1);
	return (char *)g_byte_array_free(g_steal_pointer(&all), FALSE);
}

static ApGuest *guest_of(const ApDefinition *def)
{
	ApGuest *guest = ap_guest_new(NULL, ap_definition_get_uuid(def));

	guest->autostart = ap_definition_get_autostart(def);
	guest->matrix = *ap_definition_get_matrix(def);
	return guest;
}

/* mdevctl's files are named by the UUID that is not in them. */
static ApGuest *load_json(const char *path, const char *text, gsize len, GError **error)
{
	g_autofree char *name = g_path_get_basename(path);
	g_autofree char *uuid = g_strndup(name, strcspn(name, "."));
	g_autoptr(ApDefinition) def = ap_definition_parse(uuid, text, len, error);
	ApGuest *guest;

	if (!def) {
		g_prefix_error(error, "%s: ", path);
		return NULL;
	}
	guest = guest_of(def);
	if (!g_uuid_string_is_valid(uuid))
		g_clear_pointer(&guest->uuid, g_free);
	return guest;
}

/* The kind of an XML document is told by its root, found without parsing: <device or not. */
static gboolean is_nodedev(const char *text)
{
	const char *p = text;

	while ((p = strchr(p, '<')) && (p[1] == '!' || p[1] == '?')) {
		p = g_str_has_prefix(p, "<!--") ? strstr(p, "-->") : strchr(p, '>');
		if (!p)
			return FALSE;
	}
	return p && g_str_has_prefix(p, "<device");
}

gboolean load_file(const char *path, struct loaded *loaded, GError **error)
{
	g_autofree char *text = NULL;
	gsize len = 0, start;

	memset(loaded, 0, sizeof(*loaded));
	text = read_all(path, &len, error);
	if (!text)
		return FALSE;
	start = strspn(text, " \t\r\n");
	if (text[start] == '{')
		loaded->guest = load_json(path, text, len, error);
	else if (is_nodedev(text))
		loaded->guest = ap_nodedev_parse(text, len, path, error);
	else
		loaded->host = ap_host_def_parse(text, len, path, error);
	return loaded->host || loaded->guest;
}

ApHostDef *load_host(const char *path, GError **error)
{
	g_auto(loaded_t) loaded = { NULL };

	if (!load_file(path, &loaded, error))
		return NULL;
	if (!loaded.host)
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
			    "%s is a single device; a host definition is needed (apmatrix import "
			    "makes one of it)",
			    path);
	return g_steal_pointer(&loaded.host);
}
