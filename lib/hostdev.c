// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hostdev.h"

#include <string.h>

#include "nodedev.h"
#include "xml.h"

/* Where libvirt looks for them. */
#define DEVICES "sys/bus/mdev/devices"

static gboolean has(const xmlNode *node, const char *name, const char *value)
{
	g_autofree char *found = ap_xml_get(node, name);

	return g_strcmp0(found, value) == 0;
}

static const xmlNode *child(const xmlNode *node, const char *name)
{
	xmlNode *found = node ? ap_xml_first(node) : NULL;

	while (found && !ap_xml_is_plain(found, name))
		found = ap_xml_next(found);
	return found;
}

/* The UUID of an AP device that @host does not have, if @said names it. libvirt has the UUIDs of
 * all XML in lower case (src/conf/domain_conf.c).
 */
static char *missing(const ApHost *host, const xmlNode *hostdev, const char *said)
{
	const xmlNode *address = child(child(hostdev, "source"), "address");
	g_autofree char *uuid = address ? ap_xml_get(address, "uuid") : NULL;
	g_autofree char *lower = uuid ? g_ascii_strdown(uuid, -1) : NULL;
	g_autofree char *device = NULL;
	g_autofree char *path = NULL;

	if (!has(hostdev, "type", "mdev") || !has(hostdev, "model", "vfio-ap") || !lower ||
	    !g_uuid_string_is_valid(lower) || !strstr(said, lower))
		return NULL;
	device = g_build_filename(DEVICES, lower, NULL);
	path = ap_host_path(host, device);
	return g_file_test(path, G_FILE_TEST_EXISTS) ? NULL : g_steal_pointer(&lower);
}

static char *find_missing(const ApHost *host, const xmlNode *root, const char *said)
{
	const xmlNode *devices = child(root, "devices");
	xmlNode *node = devices ? ap_xml_first(devices) : NULL;
	char *uuid = NULL;

	if (ap_xml_is_plain(root, "hostdev"))
		return missing(host, root, said);
	for (; node && !uuid; node = ap_xml_next(node)) {
		if (ap_xml_is_plain(node, "hostdev"))
			uuid = missing(host, node, said);
	}
	return uuid;
}

static gboolean is_defined(const ApHost *host, const char *uuid)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(ApDefinition) def = ap_host_load_definition(host, uuid, &error);

	return def || !g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

char *ap_hostdev_advise(const ApHost *host, const char *xml, const char *said)
{
	g_autoptr(ApXmlDoc) doc = ap_xml_parse(xml, strlen(xml), "XML", NULL);
	const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	g_autofree char *uuid = root ? find_missing(host, root, said) : NULL;
	g_autofree char *name = NULL;
	gboolean loaded, defined;

	if (!uuid)
		return NULL;
	name = ap_nodedev_make_name(uuid);
	loaded = ap_host_has_parent(host);
	defined = is_defined(host, uuid);
	return g_strdup_printf("%s %s: %s%s'virsh nodedev-start %s'",
			       defined ? "it is defined, but" : "it is not defined, and",
			       loaded ? "not started" : "vfio_ap is not loaded",
			       loaded ? "" : "'modprobe vfio_ap', then ",
			       defined ? "" : "'virsh nodedev-define FILE', then ", name);
}
