// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What a user is told whose domain has an AP device that is not there.
 */
#include "hostdev.h"

#include "tree.h"

#define UUID "c0de0000-0000-4000-8000-00000000000a"
#define OTHER "c0de0000-0000-4000-8000-00000000000b"
#define START "'virsh nodedev-start mdev_c0de0000_0000_4000_8000_00000000000a_matrix'"

#define HOSTDEV(model, uuid)                                                                   \
	"<hostdev mode='subsystem' type='mdev' model='" model "'><source><address uuid='" uuid \
	"'/></source></hostdev>"
#define DEVICE HOSTDEV("vfio-ap", UUID)
#define BOTH HOSTDEV("vfio-ccw", OTHER) DEVICE

#define SAID(uuid) "mediated device '" uuid "' not found"

static void advises(const ApHost *host, const char *xml, const char *expected)
{
	g_autofree char *advice = ap_hostdev_advise(host, xml, SAID(UUID));

	g_assert_cmpstr(advice, ==, expected);
}

static void load(void)
{
	tree_put("sys/devices/vfio_ap/matrix/features", "");
}

static void define(const char *json)
{
	tree_put("etc/mdevctl.d/matrix/" UUID, json);
}

static void test_cases(void)
{
	ApHost *host = tree_new();

	advises(host, DEVICE,
		"it is not defined, and vfio_ap is not loaded: 'modprobe vfio_ap', then "
		"'virsh nodedev-define FILE', then " START);
	load();
	advises(host, DEVICE,
		"it is not defined, and not started: 'virsh nodedev-define FILE', then " START);
	define("{\"mdev_type\":\"vfio_ap-passthrough\",\"start\":\"auto\",\"attrs\":[]}");
	advises(host, DEVICE, "it is defined, but not started: " START);
	/* What is wrong with it is said when it is started. */
	define("{broken");
	advises(host, DEVICE, "it is defined, but not started: " START);
	tree_put("sys/bus/mdev/devices/" UUID "/remove", "");
	advises(host, DEVICE, NULL);
	tree_free(host);
}

static void test_not_loaded(void)
{
	ApHost *host = tree_new();

	define("{\"mdev_type\":\"vfio_ap-passthrough\",\"start\":\"auto\",\"attrs\":[]}");
	advises(host, DEVICE,
		"it is defined, but vfio_ap is not loaded: 'modprobe vfio_ap', then " START);
	tree_free(host);
}

/* The one that libvirt has named, if it is a vfio-ap device. */
static void test_domain(void)
{
	ApHost *host = tree_new();
	g_autofree char *advice = NULL;

	load();
	advises(host, "<domain type='kvm'><name>a</name><devices>" BOTH "</devices></domain>",
		"it is not defined, and not started: 'virsh nodedev-define FILE', then " START);
	advice = ap_hostdev_advise(host, "<domain><devices>" BOTH "</devices></domain>",
				   SAID(OTHER));
	g_assert_null(advice);
	advises(host, "<domain><devices>" HOSTDEV("vfio-ap", OTHER) "</devices></domain>", NULL);
	tree_free(host);
}

static void test_others(void)
{
	ApHost *host = tree_new();

	load();
	advises(host, "", NULL);
	advises(host, "<hostdev", NULL);
	advises(host, "<hostdev/>", NULL);
	advises(host, "<hostdev type='mdev' model='vfio-ap'><source/></hostdev>", NULL);
	advises(host, "<domain/>", NULL);
	advises(host, HOSTDEV("vfio-pci", UUID), NULL);
	advises(host, HOSTDEV("vfio-ap", "../../.."), NULL);
	advises(host, "<disk>" DEVICE "</disk>", NULL);
	tree_free(host);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hostdev/cases", test_cases);
	g_test_add_func("/hostdev/not-loaded", test_not_loaded);
	g_test_add_func("/hostdev/domain", test_domain);
	g_test_add_func("/hostdev/others", test_others);
	return g_test_run();
}
