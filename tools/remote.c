// SPDX-License-Identifier: LGPL-2.1-or-later
#include "remote.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "runner.h"

struct remote {
	char *uri;
	virConnectPtr conn;
};

static void ignore_error(void *data G_GNUC_UNUSED, virErrorPtr error G_GNUC_UNUSED)
{
}

static gboolean fail(const char *what, GError **error)
{
	const char *said = virGetLastErrorMessage();

	g_set_error(error, AP_MATRIX_ERROR,
		    virGetLastErrorCode() == VIR_ERR_NO_SUPPORT ? AP_MATRIX_ERROR_UNSUPPORTED
								: AP_MATRIX_ERROR_RETRY,
		    "libvirt cannot %s: %s", what, said ? said : "no reason given");
	return FALSE;
}

static void close_remote(remote_t *remote)
{
	if (!remote)
		return;
	if (remote->conn)
		virConnectClose(remote->conn);
	g_free(remote->uri);
	g_free(remote);
}

static remote_t *open_remote(const char *uri, GError **error)
{
	remote_t *remote = g_new0(remote_t, 1);

	virSetErrorFunc(NULL, ignore_error);
	remote->uri = g_strdup(uri);
	remote->conn = virConnectOpen(uri);
	if (remote->conn)
		return remote;
	fail("connect", error);
	close_remote(remote);
	return NULL;
}

static gboolean is_gone(const remote_t *remote)
{
	return !remote->conn || virConnectIsAlive(remote->conn) != 1;
}

/* A libvirt that was started again does not know the connection any more. */
static gboolean connect_again(remote_t *remote, GError **error)
{
	if (!is_gone(remote))
		return TRUE;
	if (remote->conn)
		virConnectClose(remote->conn);
	remote->conn = virConnectOpen(remote->uri);
	return remote->conn || fail("connect again", error);
}

/* One of the two sides of a device; FALSE for a device of another type, too. */
static ApGuest *read_side(virNodeDevicePtr dev, unsigned int flags)
{
	char *xml = virNodeDeviceGetXMLDesc(dev, flags);
	ApGuest *guest = xml ? ap_nodedev_parse(xml, strlen(xml), virNodeDeviceGetName(dev), NULL)
			     : NULL;

	free(xml);
	if (guest && !guest->uuid)
		g_clear_pointer(&guest, ap_guest_free);
	return guest;
}

static void read_device(ApState *state, virNodeDevicePtr dev)
{
	gboolean active = virNodeDeviceIsActive(dev) == 1;
	g_autoptr(ApGuest) live = active ? read_side(dev, 0) : NULL;
	g_autoptr(ApGuest) config = NULL;
	int autostart = 0;
	ApEntry *entry;

	if (virNodeDeviceIsPersistent(dev) == 1)
		config = read_side(dev, VIR_NODE_DEVICE_XML_INACTIVE);
	if (!live && !config)
		return;
	entry = ap_state_add(state, live ? live->uuid : config->uuid);
	if (live) {
		entry->active = TRUE;
		entry->matrix = live->matrix;
	}
	if (config) {
		entry->defined = TRUE;
		entry->definition = config->matrix;
		virNodeDeviceGetAutostart(dev, &autostart);
		entry->autostart = config->autostart = autostart;
		g_free(entry->json);
		entry->json = ap_guest_to_json(config);
	}
}

static ApState *read_once(remote_t *remote, GError **error)
{
	const unsigned int flags = VIR_CONNECT_LIST_NODE_DEVICES_CAP_MDEV |
				   VIR_CONNECT_LIST_NODE_DEVICES_ACTIVE |
				   VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE;
	const struct ap_matrix unknown = { .apm = APM_MASK_NONE };
	virNodeDevicePtr *devs = NULL;
	ApState *state;
	int i, n;

	if (!connect_again(remote, error))
		return NULL;
	n = virConnectListAllNodeDevices(remote->conn, &devs, flags);
	if (n < 0) {
		fail("list the devices", error);
		return NULL;
	}
	state = ap_state_new();
	ap_state_set_masks(state, &unknown);
	ap_state_set_parent(state, TRUE);
	for (i = 0; i < n; i++) {
		read_device(state, devs[i]);
		virNodeDeviceFree(devs[i]);
	}
	free(devs);
	return state;
}

/*
 * When a device appears libvirt shows it without its attributes for a moment, even if it had
 * them before: what counts is what it shows twice.
 */
static ApState *read_settled(gpointer data, GError **error)
{
	gint64 end = g_get_monotonic_time() + REMOTE_LAG_SECONDS * G_USEC_PER_SEC;
	ApState *state = read_once(data, error);

	while (state && g_get_monotonic_time() < end) {
		g_autoptr(ApState) before = state;
		g_autofree char *text = NULL;

		g_usleep(G_USEC_PER_SEC / 2);
		state = read_once(data, error);
		text = state ? ap_state_describe_difference(before, state) : NULL;
		if (!text)
			break;
	}
	return state;
}

static virNodeDevicePtr find(const remote_t *remote, const char *uuid)
{
	g_autofree char *name = ap_nodedev_make_name(uuid);

	return virNodeDeviceLookupByName(remote->conn, name);
}

static gboolean is_so(const remote_t *remote, const char *uuid, gboolean active, gboolean wanted)
{
	virNodeDevicePtr dev = find(remote, uuid);
	gboolean so = FALSE;

	if (dev)
		so = (active ? virNodeDeviceIsActive(dev) : virNodeDeviceIsPersistent(dev)) == 1;
	if (dev)
		virNodeDeviceFree(dev);
	return so == wanted;
}

/* What does not settle is found when everything is verified. */
static gboolean settle(const remote_t *remote, const char *uuid, gboolean active, gboolean wanted)
{
	gint64 end = g_get_monotonic_time() + REMOTE_LAG_SECONDS * G_USEC_PER_SEC;

	while (!is_so(remote, uuid, active, wanted) && !is_gone(remote) &&
	       g_get_monotonic_time() < end)
		g_usleep(50 * 1000);
	return TRUE;
}

/* Does libvirt show what a step has made? It learns of attributes later than of devices. */
static gboolean shows(const remote_t *remote, const ApStep *step, unsigned int flags)
{
	virNodeDevicePtr dev = find(remote, step->uuid);
	g_autoptr(ApGuest) guest = dev ? read_side(dev, flags) : NULL;

	if (dev)
		virNodeDeviceFree(dev);
	return guest && apm_matrix_equal(&guest->matrix, &step->matrix);
}

static gboolean settle_matrix(const remote_t *remote, const ApStep *step, unsigned int flags)
{
	gint64 end = g_get_monotonic_time() + REMOTE_LAG_SECONDS * G_USEC_PER_SEC;

	while (!shows(remote, step, flags) && !is_gone(remote) && g_get_monotonic_time() < end)
		g_usleep(50 * 1000);
	return TRUE;
}

static char *xml_of(const ApStep *step)
{
	g_autoptr(ApGuest) guest = ap_guest_new(NULL, step->uuid);

	guest->matrix = step->matrix;
	return ap_nodedev_to_xml(guest, AP_NODEDEV_ATTRS);
}

static gboolean starts_itself(const ApStep *step)
{
	g_autoptr(ApDefinition)
		def = ap_definition_parse(step->uuid, step->json, strlen(step->json), NULL);

	return def && ap_definition_get_autostart(def);
}

static gboolean define(remote_t *remote, const ApStep *step, GError **error)
{
	g_autofree char *xml = xml_of(step);
	gboolean autostart = starts_itself(step);
	virNodeDevicePtr dev;
	gboolean ok;

	if (step->kind == AP_STEP_DEFINE) {
		dev = virNodeDeviceDefineXML(remote->conn, xml, 0);
		ok = !!dev;
	} else {
		dev = find(remote, step->uuid);
		/* An update makes it start by hand. */
		ok = dev && !virNodeDeviceUpdate(dev, xml, VIR_NODE_DEVICE_UPDATE_AFFECT_CONFIG);
	}
	if (ok && autostart)
		ok = !virNodeDeviceSetAutostart(dev, 1);
	if (!ok)
		fail("define it", error);
	if (dev)
		virNodeDeviceFree(dev);
	return ok && settle(remote, step->uuid, FALSE, TRUE) &&
	       settle_matrix(remote, step, VIR_NODE_DEVICE_XML_INACTIVE);
}

static gboolean start(remote_t *remote, const ApStep *step, GError **error)
{
	g_autofree char *xml = xml_of(step);
	virNodeDevicePtr dev;
	gboolean ok;

	if (step->json) {
		dev = virNodeDeviceCreateXML(remote->conn, xml, 0);
		ok = !!dev;
	} else {
		dev = find(remote, step->uuid);
		ok = dev && !virNodeDeviceCreate(dev, 0);
	}
	if (!ok)
		fail("start it", error);
	if (dev)
		virNodeDeviceFree(dev);
	return ok && settle(remote, step->uuid, TRUE, TRUE) && settle_matrix(remote, step, 0);
}

/* What needs nothing but the device. */
static gboolean change(remote_t *remote, const ApStep *step, GError **error)
{
	g_autofree char *xml = xml_of(step);
	virNodeDevicePtr dev = find(remote, step->uuid);
	gboolean ok = FALSE;

	if (dev && step->kind == AP_STEP_STOP)
		ok = !virNodeDeviceDestroy(dev) && settle(remote, step->uuid, TRUE, FALSE);
	else if (dev && step->kind == AP_STEP_UNDEFINE)
		ok = !virNodeDeviceUndefine(dev, 0) && settle(remote, step->uuid, FALSE, FALSE);
	else if (dev)
		ok = !virNodeDeviceUpdate(dev, xml, VIR_NODE_DEVICE_UPDATE_AFFECT_LIVE) &&
		     settle_matrix(remote, step, 0);
	if (!ok)
		fail(ap_step_get_word(step), error);
	if (dev)
		virNodeDeviceFree(dev);
	return ok;
}

static gboolean do_step(gpointer data, const ApStep *step, GError **error)
{
	if (!connect_again(data, error))
		return FALSE;
	switch (step->kind) {
	case AP_STEP_NAMES:
		return TRUE;
	case AP_STEP_DEFINE:
	case AP_STEP_MODIFY:
		return define(data, step, error);
	case AP_STEP_START:
		return start(data, step, error);
	case AP_STEP_STOP:
	case AP_STEP_UNDEFINE:
	case AP_STEP_LIVE:
		return change(data, step, error);
	default:
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_UNSUPPORTED,
			    "this cannot be done through libvirt");
		return FALSE;
	}
}

__attribute__((visibility("default"))) const struct remote_api remote_api = {
	.open = open_remote,
	.close = close_remote,
	.read = read_settled,
	.step = do_step,
};
