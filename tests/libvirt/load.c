// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * libvirt-load URI CONNECTIONS REQUESTS UUID...: that many requests of all kinds, from that
 * many connections at once, at the devices with these UUIDs, one for each connection.
 *
 * The kinds come in an order that depends on the number of the request only. Each is
 * either expected to succeed, or expected to be refused; the counts are printed, and
 * anything else is a failure.
 */
#include <glib.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct worker {
	GThread *thread;
	const char *uri;
	const char *uuid;
	guint number;
	guint requests;
	guint done;
	guint refused;
	guint failed;
	guint repeated;
};

/* How long libvirt may have forgotten a device. */
#define FORGOTTEN_SECONDS 20

static void quiet(void *data G_GNUC_UNUSED, virErrorPtr error G_GNUC_UNUSED)
{
}

/* Of the same adapter for all, so that some are refused; @domain is the worker's own. */
static char *xml_of(const struct worker *w, const char *content)
{
	return g_strdup_printf("<device><name>x</name><parent>ap_matrix</parent><capability "
			       "type='mdev'><type id='vfio_ap-passthrough'/><uuid>%s</uuid>"
			       "%s</capability></device>",
			       w->uuid, content);
}

static void failed(struct worker *w, const char *what)
{
	fprintf(stderr, "connection %u: %s: %s\n", w->number, what, virGetLastErrorMessage());
	w->failed++;
}

static void count(struct worker *w, gboolean ok, const char *what)
{
	if (ok)
		w->done++;
	else
		failed(w, what);
}

static void count_refused(struct worker *w, gboolean ok, int code, const char *what)
{
	virErrorPtr error = virGetLastError();

	if (!ok && error && error->code == code)
		w->refused++;
	else
		failed(w, what);
}

static virNodeDevicePtr find(virConnectPtr conn, const struct worker *w)
{
	g_autofree char *name = g_strdup_printf("mdev_%s_matrix", w->uuid);

	g_strdelimit(name, "-", '_');
	return virNodeDeviceLookupByName(conn, name);
}

static void define(virConnectPtr conn, struct worker *w, guint adapter)
{
	g_autofree char *content = g_strdup_printf("<ap:matrix xmlns:ap='urn:apmatrix:xml:1'>"
						   "<ap:adapter id='%u'/><ap:domain id='%u'/>"
						   "</ap:matrix>",
						   adapter, w->number);
	g_autofree char *xml = xml_of(w, content);
	virNodeDevicePtr dev = virNodeDeviceDefineXML(conn, xml, 0);

	count(w, !!dev, "define");
	if (dev)
		virNodeDeviceFree(dev);
}

static void define_wrong(virConnectPtr conn, struct worker *w)
{
	g_autofree char *xml = xml_of(w, "<ap:matrix xmlns:ap='urn:apmatrix:xml:1'>"
					 "<ap:adapter id='256'/></ap:matrix>");
	virNodeDevicePtr dev = virNodeDeviceDefineXML(conn, xml, 0);

	count_refused(w, !!dev, VIR_ERR_XML_ERROR, "define something wrong");
	if (dev)
		virNodeDeviceFree(dev);
}

static void create_wrong(virConnectPtr conn, struct worker *w)
{
	g_autofree char *xml = xml_of(w, "<attr name='assign_adapter' value='0x1ff'/>");
	virNodeDevicePtr dev = virNodeDeviceCreateXML(conn, xml, 0);

	count_refused(w, !!dev, VIR_ERR_XML_ERROR, "create something wrong");
	if (dev)
		virNodeDeviceFree(dev);
}

/*
 * libvirt takes what a mdevctl tells that was started before a definition for the state after
 * it, and forgets the device until the next one (11.3, src/node_device/node_device_driver.c,
 * removeMissingPersistentMdev): with or without our layer, so that is no failure.
 */
static gboolean is_forgotten(struct worker *w, gint64 start)
{
	virErrorPtr error = virGetLastError();

	if (!error ||
	    (error->code != VIR_ERR_NO_NODE_DEVICE && error->code != VIR_ERR_OPERATION_INVALID) ||
	    g_get_monotonic_time() - start > FORGOTTEN_SECONDS * G_USEC_PER_SEC)
		return FALSE;
	w->repeated++;
	g_usleep(G_USEC_PER_SEC / 20);
	return TRUE;
}

static int update_device(virNodeDevicePtr dev, const struct worker *w, guint number)
{
	g_autofree char *content =
		g_strdup_printf("<attr name='assign_adapter' value='%u'/>", number);
	g_autofree char *xml = xml_of(w, content);

	return virNodeDeviceUpdate(dev, xml, VIR_NODE_DEVICE_UPDATE_AFFECT_CONFIG);
}

static int set_autostart(virNodeDevicePtr dev, const struct worker *w G_GNUC_UNUSED, guint number)
{
	return virNodeDeviceSetAutostart(dev, number);
}

static int dump_device(virNodeDevicePtr dev, const struct worker *w, guint number G_GNUC_UNUSED)
{
	char *xml = virNodeDeviceGetXMLDesc(dev, VIR_NODE_DEVICE_XML_INACTIVE);
	int rc = xml && strstr(xml, "<ap:matrix") ? 0 : -1;

	if (xml && rc)
		fprintf(stderr, "connection %u: no <ap:matrix> in\n%s\n", w->number, xml);
	free(xml);
	return rc;
}

/* Whether it was counted. Freeing the device forgets the error, so that comes last. */
static gboolean try_device(virConnectPtr conn, struct worker *w, const char *what,
			   int (*call)(virNodeDevicePtr dev, const struct worker *w, guint number),
			   guint number, gint64 start)
{
	virNodeDevicePtr dev;
	gboolean ok, again;

	virResetLastError();
	dev = find(conn, w);
	ok = dev && !call(dev, w, number);
	again = !ok && is_forgotten(w, start);
	if (!again)
		count(w, ok, what);
	if (dev)
		virNodeDeviceFree(dev);
	return !again;
}

static void with_device(virConnectPtr conn, struct worker *w, const char *what,
			int (*call)(virNodeDevicePtr dev, const struct worker *w, guint number),
			guint number)
{
	gint64 start = g_get_monotonic_time();

	while (!try_device(conn, w, what, call, number, start))
		;
}

static void dump_all(virConnectPtr conn, struct worker *w)
{
	virNodeDevicePtr *devs = NULL;
	int i, n = virConnectListAllNodeDevices(conn, &devs, 0);

	for (i = 0; i < n; i++) {
		/* What another connection undefined meanwhile is gone. */
		free(virNodeDeviceGetXMLDesc(devs[i], 0));
		virNodeDeviceFree(devs[i]);
	}
	free(devs);
	count(w, n > 0, "list");
}

static void event(virConnectPtr conn G_GNUC_UNUSED, virNodeDevicePtr dev G_GNUC_UNUSED,
		  void *opaque G_GNUC_UNUSED)
{
}

static void watch(virConnectPtr conn, struct worker *w)
{
	int id = virConnectNodeDeviceEventRegisterAny(conn, NULL, VIR_NODE_DEVICE_EVENT_ID_UPDATE,
						      VIR_NODE_DEVICE_EVENT_CALLBACK(event), NULL,
						      NULL);

	count(w, id >= 0 && !virConnectNodeDeviceEventDeregisterAny(conn, id), "watch");
}

/* Those that end in mdevctl are slow, and rarer. */
static void request(virConnectPtr conn, struct worker *w, guint i)
{
	switch (i % 24) {
	case 0:
		define(conn, w, 5);
		break;
	case 4:
		with_device(conn, w, "autostart", set_autostart, 1);
		break;
	case 8:
		with_device(conn, w, "update", update_device, 6);
		break;
	case 12:
		with_device(conn, w, "no autostart", set_autostart, 0);
		break;
	case 2:
	case 14:
		define_wrong(conn, w);
		break;
	case 6:
	case 18:
		create_wrong(conn, w);
		break;
	case 10:
	case 22:
		watch(conn, w);
		break;
	case 16:
		dump_all(conn, w);
		break;
	default:
		with_device(conn, w, "dump", dump_device, 0);
		break;
	}
}

static gpointer work(gpointer data)
{
	struct worker *w = data;
	virConnectPtr conn = virConnectOpen(w->uri);
	guint i;

	if (!conn)
		failed(w, "connect");
	for (i = 0; conn && i < w->requests; i++)
		request(conn, w, i);
	if (conn)
		virConnectClose(conn);
	return NULL;
}

static gpointer run_events(gpointer data G_GNUC_UNUSED)
{
	for (;;)
		virEventRunDefaultImpl();
	return NULL;
}

int main(int argc, char **argv)
{
	guint i, n, done = 0, refused = 0, bad = 0, repeated = 0;
	struct worker *workers;

	if (argc < 5 || argc != 4 + atoi(argv[2])) {
		fprintf(stderr, "usage: libvirt-load URI CONNECTIONS REQUESTS UUID...\n");
		return 2;
	}
	n = atoi(argv[2]);
	virSetErrorFunc(NULL, quiet);
	virEventRegisterDefaultImpl();
	g_thread_new("events", run_events, NULL);
	workers = g_new0(struct worker, n);
	for (i = 0; i < n; i++) {
		workers[i] = (struct worker){ .uri = argv[1],
					      .uuid = argv[4 + i],
					      .number = i,
					      .requests = atoi(argv[3]) / n };
		workers[i].thread = g_thread_new("worker", work, &workers[i]);
	}
	for (i = 0; i < n; i++) {
		g_thread_join(workers[i].thread);
		done += workers[i].done;
		refused += workers[i].refused;
		bad += workers[i].failed;
		repeated += workers[i].repeated;
	}
	printf("%u done, %u refused as they should be, %u failed; %u repeated\n", done, refused,
	       bad, repeated);
	return bad ? 1 : 0;
}
