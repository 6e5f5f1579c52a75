// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A host in a directory, made anew for each test: what is shown of it in XML of libvirt.
 */
#include "showxml.h"

#include <string.h>
#include <unistd.h>

#include "nodedev.h"
#include "tree.h"

#define UUID "c0de0000-0000-4000-8000-00000000000a"
#define DEVICE "sys/devices/vfio_ap/matrix/" UUID
#define CARD "sys/devices/ap/card05"
#define NS " xmlns:ap='urn:apmatrix:xml:1'"

static ApHost *host_new(void)
{
	ApHost *host = tree_new();

	tree_put("sys/bus/ap/apmask", "0x10\n");
	tree_put("sys/bus/ap/aqmask", "0xffff\n");
	tree_put("sys/bus/ap/ap_max_adapter_id", "255\n");
	tree_put("sys/bus/ap/ap_max_domain_id", "255\n");
	tree_put(CARD "/type", "CEX8C\n");
	tree_put(CARD "/hwtype", "14\n");
	tree_put(CARD "/config", "1\n");
	tree_put(CARD "/online", "0\n");
	tree_put(CARD "/05.0004/status", "in use\n");
	tree_put(CARD "/05.0004/chkstop", "0\n");
	tree_put(DEVICE "/ap_config", "0x06,0x08,0x08\n");
	tree_put(DEVICE "/guest_config", "0x04,0x08,0x0\n");
	tree_put(DEVICE "/filtered", "adapter 06: not in the host's configuration\n"
				     "queue 05.0004: reset <in> progress\n"
				     "control domain 0004: not in the host's configuration\n"
				     "something else\n");
	tree_put("etc/mdevctl.d/matrix/" UUID,
		 "{\"mdev_type\":\"vfio_ap-passthrough\",\"start\":\"auto\",\"attrs\":"
		 "[{\"assign_adapter\":\"0x05\"},{\"assign_domain\":\"0x04\"}]}");
	tree_put("etc/apmatrix/names", UUID " guest-a\n");
	return host;
}

#define STOCK_BEGIN                                                                   \
	"<device>\n  <name>mdev_c0de0000_0000_4000_8000_00000000000a_matrix</name>\n" \
	"  <parent>ap_matrix</parent>\n  <capability type='mdev'>\n"                  \
	"    <type id='vfio_ap-passthrough'/>\n    <uuid>" UUID "</uuid>\n"           \
	"    <iommuGroup number='0'/>\n"
#define STOCK_END "  </capability>\n</device>\n"

static void test_active(void)
{
	ApHost *host = host_new();
	g_autofree char *xml = ap_show_any(
		host, STOCK_BEGIN "    <attr name='assign_adapter' value='0x01'/>\n" STOCK_END,
		FALSE);

	g_assert_cmpstr(
		xml, ==,
		STOCK_BEGIN
		"    <attr name='assign_adapter' value='0x05'/>\n"
		"    <attr name='assign_adapter' value='0x06'/>\n"
		"    <attr name='assign_domain' value='0x0004'/>\n"
		"    <attr name='assign_control_domain' value='0x0004'/>\n"
		"    <ap:matrix" NS ">\n"
		"      <ap:adapter id='0x05-0x06'/>\n"
		"      <ap:domain id='0x0004' control='yes'/>\n"
		"    </ap:matrix>\n"
		"    <ap:guest-matrix" NS ">\n"
		"      <ap:adapter id='0x05'/>\n"
		"      <ap:domain id='0x0004'/>\n"
		"    </ap:guest-matrix>\n"
		"    <ap:filtered" NS ">\n"
		"      <ap:adapter id='0x06' reason='not in the host&apos;s configuration'/>\n"
		"      <ap:apqn id='05.0004' reason='reset &lt;in&gt; progress'/>\n"
		"      <ap:control-domain id='0x0004' reason='not in the host&apos;s "
		"configuration'/>\n"
		"    </ap:filtered>\n" STOCK_END);
	tree_free(host);
}

/* What is shown can be defined as it is, and says the same. */
static void test_defines_back(void)
{
	ApHost *host = host_new();
	g_autofree char *shown = ap_show_any(host, STOCK_BEGIN STOCK_END, FALSE);
	g_autoptr(ApGuest) guest = NULL;
	g_autoptr(GError) error = NULL;
	g_autofree char *plain = ap_nodedev_translate(shown, strlen(shown), "test", &guest, &error);

	g_assert_no_error(error);
	g_assert_null(strstr(plain, "ap:"));
	g_assert_nonnull(strstr(plain, "<iommuGroup number=\"0\"/>"));
	g_assert_nonnull(strstr(plain, "<attr name=\"assign_adapter\" value=\"0x06\"/>"));
	g_assert_true(apm_mask_test(&guest->matrix.adm, 4));
	g_assert_cmpint(apm_matrix_queues(&guest->matrix), ==, 2);
	tree_free(host);
}

static void test_inactive(void)
{
	ApHost *host = host_new();
	g_autofree char *xml = ap_show_any(host, STOCK_BEGIN STOCK_END, TRUE);

	g_assert_cmpstr(xml, ==,
			STOCK_BEGIN "    <attr name='assign_adapter' value='0x05'/>\n"
				    "    <attr name='assign_domain' value='0x0004'/>\n"
				    "    <ap:matrix" NS ">\n"
				    "      <ap:adapter id='0x05'/>\n"
				    "      <ap:domain id='0x0004'/>\n"
				    "    </ap:matrix>\n" STOCK_END);
	tree_free(host);
}

/* Without anything to be known of it, libvirt's text stays. */
static void test_unknown(void)
{
	ApHost *host = host_new();
	g_autofree char *xml = NULL;

	tree_put("etc/mdevctl.d/matrix/" UUID, "{broken");
	xml = ap_show_any(host, STOCK_BEGIN STOCK_END, TRUE);
	g_assert_cmpstr(xml, ==, STOCK_BEGIN STOCK_END);
	tree_free(host);
}

static void test_card(void)
{
	ApHost *host = host_new();
	g_autofree char *xml =
		ap_show_any(host,
			    "<device>\n  <name>ap_card05</name>\n  <capability type='ap_card'>\n"
			    "    <ap-adapter>0x05</ap-adapter>\n  </capability>\n</device>\n",
			    FALSE);

	g_assert_cmpstr(xml, ==,
			"<device>\n  <name>ap_card05</name>\n  <capability type='ap_card'>\n"
			"    <ap-adapter>0x05</ap-adapter>\n"
			"    <ap:card" NS " type='CEX8C' hwtype='14' config='yes' online='no'/>\n"
			"  </capability>\n</device>\n");
	tree_free(host);
}

static char *show_queue(const ApHost *host, const char *domain)
{
	g_autofree char *xml =
		g_strdup_printf("<device>\n  <name>q</name>\n  <capability type='ap_queue'>\n"
				"    <ap-adapter>0x05</ap-adapter>\n    <ap-domain>%s</ap-domain>\n"
				"  </capability>\n</device>\n",
				domain);

	return ap_show_any(host, xml, FALSE);
}

static void test_queue(void)
{
	ApHost *host = host_new();
	g_autofree char *owned = show_queue(host, "0x0004");
	g_autofree char *free = show_queue(host, "0x0047");
	g_autofree char *theirs = NULL;

	g_assert_nonnull(strstr(owned, "    <ap:queue" NS " status='in use' chkstop='no'>\n"
				       "      <ap:owner uuid='" UUID "' name='guest-a'/>\n"
				       "    </ap:queue>\n  </capability>\n"));
	g_assert_null(strstr(free, "ap:owner"));
	tree_put("sys/bus/ap/apmask", "0x04\n");
	tree_put("sys/bus/ap/aqmask", "0xff\n");
	tree_put(DEVICE "/ap_config", "0x0,0x0,0x0\n");
	theirs = show_queue(host, "0x0004");
	g_assert_nonnull(strstr(theirs, "      <ap:owner host='yes'/>\n"));
	tree_free(host);
}

static void test_parent(void)
{
	ApHost *host = host_new();
	g_autofree char *xml = NULL;

	tree_put("sys/devices/vfio_ap/matrix/features", "guest_matrix hotplug\n");
	xml = ap_show_any(host,
			  "<device>\n  <capability type='ap_matrix'>\n    <capability "
			  "type='mdev_types'>\n    </capability>\n  </capability>\n</device>\n",
			  FALSE);
	g_assert_nonnull(strstr(xml, "    </capability>\n    <ap:masks" NS
				     " apmask='0x10' aqmask='0xffff'/>\n    <ap:features" NS ">\n"
				     "      <ap:feature name='guest_matrix'/>\n"
				     "      <ap:feature name='hotplug'/>\n"
				     "    </ap:features>\n  </capability>\n</device>\n"));
	tree_free(host);
}

/* Not a byte of any other device changes. */
static void test_others(void)
{
	static const char *const others[] = {
		"<device>\n  <name>computer</name>\n  <capability type='system'>\n"
		"  </capability>\n</device>\n",
		"<device>\n  <name>mdev_c0de0000_0000_4000_8000_00000000000a_0000_00_02_0</name>\n"
		"  <capability type='mdev'>\n    <attr name='a' value='b'/>\n  </capability>\n"
		"</device>\n",
		"<device>\n  <name>q</name>\n  <capability type='ap_queue'>\n  </capability>\n"
		"</device>\n",
		"",
	};
	ApHost *host = host_new();
	guint i;

	for (i = 0; i < G_N_ELEMENTS(others); i++) {
		g_autofree char *xml = ap_show_any(host, others[i], FALSE);

		g_assert_cmpstr(xml, ==, others[i]);
	}
	tree_free(host);
}

static void test_name(void)
{
	g_autofree char *uuid =
		ap_nodedev_read_name("mdev_c0de0000_0000_4000_8000_00000000000a_matrix");

	g_assert_cmpstr(uuid, ==, UUID);
	g_assert_null(ap_nodedev_read_name("mdev__matrix"));
	g_assert_null(ap_nodedev_read_name("mdev_matrix"));
	g_assert_null(ap_nodedev_read_name("ap_matrix"));
	g_assert_null(ap_nodedev_read_name("mdev_c0de0000_0000_4000_8000_00000000000a_pci"));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/showxml/active", test_active);
	g_test_add_func("/showxml/defines-back", test_defines_back);
	g_test_add_func("/showxml/inactive", test_inactive);
	g_test_add_func("/showxml/unknown", test_unknown);
	g_test_add_func("/showxml/card", test_card);
	g_test_add_func("/showxml/queue", test_queue);
	g_test_add_func("/showxml/parent", test_parent);
	g_test_add_func("/showxml/others", test_others);
	g_test_add_func("/showxml/name", test_name);
	return g_test_run();
}
