// SPDX-License-Identifier: LGPL-2.1-or-later
#include "showxml.h"

#include <stdio.h>
#include <string.h>

#include "attrs.h"
#include "file.h"
#include "hardware.h"
#include "matrixxml.h"
#include "names.h"
#include "nodedev.h"

#define DEVICES "sys/devices/ap"
#define BUS "sys/bus/ap"
#define FEATURES "sys/devices/vfio_ap/" AP_MDEV_PARENT "/features"
#define NS " xmlns:ap='" AP_XML_NAMESPACE "'"
#define CAPABILITY_END "\n  </capability>"
#define ATTRIBUTE_MAX 65536
#define BROKEN_TRIES 100
#define BROKEN_USEC 10000

static char *read_line(const ApHost *host, const char *dir, const char *name)
{
	g_autofree char *below = g_build_filename(dir, name, NULL);
	g_autofree char *path = ap_host_path(host, below);
	char *text = ap_file_read(path, ATTRIBUTE_MAX, NULL, NULL);

	return text ? g_strchomp(text) : NULL;
}

/* In single quotes, as libvirt writes them. */
static void append_attribute(GString *s, const char *name, const char *value)
{
	g_autofree char *escaped = NULL;

	if (!value || !g_utf8_validate(value, -1, NULL))
		return;
	escaped = g_markup_escape_text(value, -1);
	g_string_append_printf(s, " %s='%s'", name, escaped);
}

/* Attributes of an element from those in sysfs; a flag is 0 or 1 there. */
struct source {
	const char *name;
	const char *file;
	gboolean flag;
};

static void append_sources(GString *s, const ApHost *host, const char *dir,
			   const struct source *sources, gsize n)
{
	gsize i;

	for (i = 0; i < n; i++) {
		g_autofree char *text = read_line(host, dir, sources[i].file);

		if (text && sources[i].flag)
			append_attribute(s, sources[i].name, g_str_equal(text, "1") ? "yes" : "no");
		else
			append_attribute(s, sources[i].name, text);
	}
}

char *ap_show_card(const ApHost *host, unsigned int apid)
{
	static const struct source sources[] = {
		{ "type", "type", FALSE },
		{ "hwtype", "hwtype", FALSE },
		{ "raw-hwtype", "raw_hwtype", FALSE },
		{ "depth", "depth", FALSE },
		{ "functions", "ap_functions", FALSE },
		{ "max-msg-size", "max_msg_size", FALSE },
		{ "config", "config", TRUE },
		{ "chkstop", "chkstop", TRUE },
		{ "online", "online", TRUE },
	};
	g_autofree char *dir = g_strdup_printf(DEVICES "/card%02x", apid);
	GString *s = g_string_new("    <ap:card" NS);

	append_sources(s, host, dir, sources, G_N_ELEMENTS(sources));
	g_string_append(s, "/>\n");
	return g_string_free(s, FALSE);
}

static void append_owner(GString *s, const ApHost *host, unsigned int apid, unsigned int apqi)
{
	g_autoptr(GPtrArray) devices = ap_host_list_active(host, NULL);
	struct ap_matrix reserved;
	guint i;

	if (ap_host_get_reserved(host, &reserved, NULL) && apm_matrix_has(&reserved, apid, apqi))
		g_string_append(s, "      <ap:owner host='yes'/>\n");
	for (i = 0; i < devices->len; i++) {
		const ApDevice *device = devices->pdata[i];
		g_autoptr(GHashTable) names = NULL;

		if (!apm_matrix_has(&device->matrix, apid, apqi))
			continue;
		names = ap_names_load(host, NULL);
		g_string_append_printf(s, "      <ap:owner uuid='%s'", device->uuid);
		append_attribute(s, "name", g_hash_table_lookup(names, device->uuid));
		g_string_append(s, "/>\n");
		return;
	}
}

char *ap_show_queue(const ApHost *host, unsigned int apid, unsigned int apqi)
{
	static const struct source sources[] = {
		{ "status", "status", FALSE },
		{ "config", "config", TRUE },
		{ "chkstop", "chkstop", TRUE },
		{ "online", "online", TRUE },
	};
	g_autofree char *dir = g_strdup_printf(DEVICES "/card%02x/%02x.%04x", apid, apid, apqi);
	g_autofree char *link = g_build_filename(dir, "driver", NULL);
	g_autofree char *path = ap_host_path(host, link);
	g_autofree char *target = g_file_read_link(path, NULL);
	g_autofree char *driver = target ? g_path_get_basename(target) : NULL;
	GString *s = g_string_new("    <ap:queue" NS);

	append_attribute(s, "driver", driver);
	append_sources(s, host, dir, sources, G_N_ELEMENTS(sources));
	g_string_append(s, ">\n");
	append_owner(s, host, apid, apqi);
	g_string_append(s, "    </ap:queue>\n");
	return g_string_free(s, FALSE);
}

char *ap_show_parent(const ApHost *host)
{
	g_autofree char *apmask = read_line(host, BUS, "apmask");
	g_autofree char *aqmask = read_line(host, BUS, "aqmask");
	g_autofree char *path = ap_host_path(host, FEATURES);
	g_autofree char *text = ap_file_read(path, ATTRIBUTE_MAX, NULL, NULL);
	g_auto(GStrv) words = g_strsplit_set(text ? text : "", " \n", -1);
	GString *s = g_string_new("    <ap:masks" NS);
	guint i;

	append_attribute(s, "apmask", apmask);
	append_attribute(s, "aqmask", aqmask);
	g_string_append(s, "/>\n    <ap:features" NS ">\n");
	for (i = 0; words[i]; i++) {
		if (!*words[i])
			continue;
		g_string_append(s, "      <ap:feature");
		append_attribute(s, "name", words[i]);
		g_string_append(s, "/>\n");
	}
	g_string_append(s, "    </ap:features>\n");
	return g_string_free(s, FALSE);
}

static void append_matrix(GString *s, const char *name, const struct ap_matrix *matrix)
{
	g_string_append_printf(s, "    <ap:%s" NS ">\n", name);
	ap_matrix_append_xml(s, 6, matrix);
	g_string_append_printf(s, "    </ap:%s>\n", name);
}

/* The kernel's lines, docs/sysfs.md: "adapter 06: reason"; another kind is left out. */
static void append_reason(GString *s, const char *line)
{
	static const struct {
		const char *word;
		const char *element;
		const char *prefix;
	} kinds[] = {
		{ "adapter ", "adapter", "0x" },
		{ "domain ", "domain", "0x" },
		{ "control domain ", "control-domain", "0x" },
		{ "queue ", "apqn", "" },
	};
	const char *colon = strstr(line, ": ");
	guint i;

	for (i = 0; colon && i < G_N_ELEMENTS(kinds); i++) {
		g_autofree char *id = NULL;

		if (!g_str_has_prefix(line, kinds[i].word))
			continue;
		line += strlen(kinds[i].word);
		id = g_strdup_printf("%s%.*s", kinds[i].prefix, (int)(colon - line), line);
		g_string_append_printf(s, "      <ap:%s", kinds[i].element);
		append_attribute(s, "id", id);
		append_attribute(s, "reason", colon + 2);
		g_string_append(s, "/>\n");
		return;
	}
}

static void append_filtered(GString *s, const char *filtered)
{
	g_auto(GStrv) lines = g_strsplit(filtered, "\n", -1);
	guint i;

	g_string_append(s, "    <ap:filtered" NS ">\n");
	for (i = 0; lines[i]; i++)
		append_reason(s, lines[i]);
	g_string_append(s, "    </ap:filtered>\n");
}

char *ap_show_device(const ApEntry *entry, gboolean active)
{
	const struct ap_matrix *matrix = active ? &entry->matrix : &entry->definition;
	g_autoptr(GPtrArray) attrs = ap_attrs_from_matrix(matrix);
	GString *s = g_string_new(NULL);
	guint i;

	for (i = 0; i < attrs->len; i++) {
		const ApAttr *attr = attrs->pdata[i];

		g_string_append_printf(s, "    <attr name='%s' value='%s'/>\n", attr->name,
				       attr->value);
	}
	append_matrix(s, "matrix", matrix);
	if (active && entry->has_guest)
		append_matrix(s, "guest-matrix", &entry->guest);
	if (active && entry->filtered)
		append_filtered(s, entry->filtered);
	return g_string_free(s, FALSE);
}

/* Without the lines of the capability that begin with @replace. */
static void append_kept(GString *s, const char *from, const char *to, const char *replace)
{
	const char *line = from, *end;

	for (; line < to; line = end) {
		end = memchr(line, '\n', to - line);
		end = end ? end + 1 : to;
		if (!replace || !g_str_has_prefix(line + strspn(line, " "), replace))
			g_string_append_len(s, line, end - line);
	}
}

char *ap_show_insert(const char *xml, const char *elements, const char *replace)
{
	const char *end = strstr(xml, CAPABILITY_END);
	GString *s;

	if (!end)
		return g_strdup(xml);
	s = g_string_new(NULL);
	append_kept(s, xml, end + 1, replace);
	g_string_append(s, elements);
	g_string_append(s, end + 1);
	return g_string_free(s, FALSE);
}

/* The number in an element of libvirt's own: <ap-adapter>0x05</ap-adapter>. */
static gboolean read_number(const char *xml, const char *element, unsigned int *id)
{
	g_autofree char *open = g_strdup_printf("<%s>", element);
	const char *p = strstr(xml, open);

	return p && sscanf(p + strlen(open), "0x%x<", id) == 1 && *id < AP_IDS;
}

/* By the name: when a device appears, libvirt shows it for a moment without its type. */
static char *read_uuid(const char *xml)
{
	static const char open[] = "<device>\n  <name>";
	g_autofree char *name = NULL;

	if (!g_str_has_prefix(xml, open))
		return NULL;
	xml += strlen(open);
	name = g_strndup(xml, strcspn(xml, "<"));
	return ap_nodedev_read_name(name);
}

/*
 * mdevctl empties a definition before it writes it, and on a busy host may have to wait in
 * between: what looks broken is read again, for a second.
 */
static ApState *read_entry(const ApHost *host, const char *uuid)
{
	guint i;

	for (i = 0;; i++) {
		ApState *state = ap_state_read_entry(host, uuid, NULL);
		const ApEntry *entry = state ? ap_state_get_entries(state)->pdata[0] : NULL;

		if (!entry || !entry->broken || i == BROKEN_TRIES)
			return state;
		ap_state_free(state);
		g_usleep(BROKEN_USEC);
	}
}

static char *show_device(const ApHost *host, const char *xml, const char *uuid, gboolean inactive)
{
	g_autoptr(ApState) state = read_entry(host, uuid);
	g_autofree char *elements = NULL;
	const ApEntry *entry;

	if (!state)
		return g_strdup(xml);
	entry = ap_state_get_entries(state)->pdata[0];
	inactive = inactive || !entry->active;
	if (inactive && (!entry->defined || entry->broken))
		return g_strdup(xml);
	elements = ap_show_device(entry, !inactive);
	return ap_show_insert(xml, elements, "<attr ");
}

char *ap_show_any(const ApHost *host, const char *xml, gboolean inactive)
{
	g_autofree char *uuid = read_uuid(xml);
	g_autofree char *elements = NULL;
	unsigned int apid, apqi;

	if (uuid)
		return show_device(host, xml, uuid, inactive);
	if (strstr(xml, "<capability type='ap_card'>") && read_number(xml, "ap-adapter", &apid))
		elements = ap_show_card(host, apid);
	else if (strstr(xml, "<capability type='ap_queue'>") &&
		 read_number(xml, "ap-adapter", &apid) && read_number(xml, "ap-domain", &apqi))
		elements = ap_show_queue(host, apid, apqi);
	else if (strstr(xml, "<capability type='ap_matrix'>"))
		elements = ap_show_parent(host);
	return elements ? ap_show_insert(xml, elements, NULL) : g_strdup(xml);
}
