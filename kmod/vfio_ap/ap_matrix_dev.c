// SPDX-License-Identifier: GPL-2.0-only
/*
 * vfio_ap: the matrix device, parent of all mediated devices, and the module.
 *
 * Names that user space goes by: Linux, drivers/s390/crypto/vfio_ap_drv.c; the bus
 * must be called "matrix" (libvirt, node_device_udev.c).
 */
#include <linux/init.h>
#include <linux/jiffies.h>
#include <linux/slab.h>
#include "vfio_ap.h"

MODULE_DESCRIPTION("VFIO AP matrix driver");
MODULE_LICENSE("GPL");

struct ap_vfio apv;

static struct device *root;
static struct mdev_parent mdev_parent;
static struct mdev_type mdev_type = {
	.sysfs_name = "passthrough",
	.pretty_name = "VFIO AP Passthrough Device",
};
static struct mdev_type *mdev_types[] = { &mdev_type };

/* What Linux' vfio_ap has, then what is ours (docs/sysfs.md). */
static ssize_t features_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "guest_matrix hotplug ap_config "
			       "guest_config filtered generation staged_config commit "
			       "reset_state reset_retry\n");
}
static DEVICE_ATTR_RO(features);

/*
 * A list that fills the page may have been cut, and one without its newline may have been
 * meant to go on: neither is taken for the whole.
 */
static ssize_t commit_store(struct device *dev, struct device_attribute *attr, const char *buf,
			    size_t count)
{
	if (count >= PAGE_SIZE || buf[count - 1] != '\n')
		return -E2BIG;
	if (strlen(buf) != count)
		return -EINVAL;
	return apv_commit(buf) ?: count;
}
static DEVICE_ATTR_WO(commit);

static struct attribute *matrix_attrs[] = {
	&dev_attr_features.attr,
	&dev_attr_commit.attr,
	NULL,
};
ATTRIBUTE_GROUPS(matrix);

static const struct bus_type matrix_bus = {
	.name = "matrix",
};

static struct device_driver matrix_driver = {
	.name = "vfio_ap",
	.bus = &matrix_bus,
	.suppress_bind_attrs = true,
	/* So that it is bound, or cannot be, when device_add() comes back. */
	.probe_type = PROBE_FORCE_SYNCHRONOUS,
	.dev_groups = matrix_groups,
};

static void matrix_release(struct device *dev)
{
	kfree(dev);
}

static struct device *matrix_create(void)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	int rc;

	if (!dev)
		return ERR_PTR(-ENOMEM);
	dev->parent = root;
	dev->bus = &matrix_bus;
	dev->release = matrix_release;
	device_initialize(dev);
	rc = dev_set_name(dev, "matrix") ?: device_add(dev);
	if (rc) {
		put_device(dev);
		return ERR_PTR(rc);
	}
	/* That its driver could not make the attributes is nobody's error: device_add() (base/core.c). */
	if (!dev->driver) {
		device_unregister(dev);
		return ERR_PTR(-ENOMEM);
	}
	return dev;
}

static struct device *matrix;

static int matrix_register(void)
{
	int rc;

	root = root_device_register("vfio_ap");
	if (IS_ERR(root))
		return PTR_ERR(root);
	rc = bus_register(&matrix_bus);
	if (rc)
		goto unregister_root;
	rc = driver_register(&matrix_driver);
	if (rc)
		goto unregister_bus;
	matrix = matrix_create();
	if (!IS_ERR(matrix))
		return 0;
	rc = PTR_ERR(matrix);
	driver_unregister(&matrix_driver);
unregister_bus:
	bus_unregister(&matrix_bus);
unregister_root:
	root_device_unregister(root);
	return rc;
}

static void matrix_unregister(void)
{
	device_unregister(matrix);
	driver_unregister(&matrix_driver);
	bus_unregister(&matrix_bus);
	root_device_unregister(root);
}

static int mdev_register(void)
{
	int rc = mdev_register_driver(&apv_mdev_driver);

	if (rc)
		return rc;
	rc = mdev_register_parent(&mdev_parent, matrix, &apv_mdev_driver, mdev_types, 1);
	if (rc)
		mdev_unregister_driver(&apv_mdev_driver);
	return rc;
}

static void mdev_unregister(void)
{
	mdev_unregister_parent(&mdev_parent);
	mdev_unregister_driver(&apv_mdev_driver);
}

/*
 * After the queue driver is there, which is told of later changes; one that is under way will
 * be told complete.
 */
static void read_host(void)
{
	struct ap_host_config config;

	guard(mutex)(&apv.lock);
	apv.host->config(&config);
	apv.max = config.max;
	if (!apv.scanning)
		apv.host_matrix = config.matrix;
}

static int __init vfio_ap_init(void)
{
	int rc;

	apv.host = apm_host_get();
	if (!apv.host) {
		pr_err("vfio_ap: no AP host backend is loaded; load ap_sim first\n");
		return -ENODEV;
	}
	mutex_init(&apv.lock);
	INIT_LIST_HEAD(&apv.mdevs);
	xa_init(&apv.by_qid);
	init_waitqueue_head(&apv.settled);
	apv.unbound = jiffies - HZ;
	apv_quarantine_init();
	rc = matrix_register();
	if (rc)
		goto put_host;
	rc = apv_queue_drv_register();
	if (rc)
		goto unregister_matrix;
	read_host();
	rc = mdev_register();
	if (rc)
		goto unregister_queues;
	return 0;

unregister_queues:
	apv_queue_drv_unregister();
unregister_matrix:
	matrix_unregister();
put_host:
	apv_quarantine_exit();
	apm_host_put(apv.host);
	return rc;
}

static void __exit vfio_ap_exit(void)
{
	mdev_unregister();
	apv_queue_drv_unregister();
	matrix_unregister();
	apv_quarantine_exit();
	xa_destroy(&apv.by_qid);
	apm_host_put(apv.host);
}

module_init(vfio_ap_init);
module_exit(vfio_ap_exit);
