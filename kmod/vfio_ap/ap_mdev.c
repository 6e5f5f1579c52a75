// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mediated devices: create, remove, find.
 */
#include "vfio_ap.h"

/* As in Linux' vfio_ap: MAX_ZDEV_ENTRIES_EXT */
#define MAX_INSTANCES 65536

/**
 * apv_mdev_owner() - the mediated device that a queue is assigned to
 * @qid: the queue
 *
 * Context: apv.lock.
 *
 * Return: the device, or NULL.
 */
struct ap_mdev *apv_mdev_owner(unsigned int qid)
{
	struct ap_mdev *m;

	lockdep_assert_held(&apv.lock);
	list_for_each_entry(m, &apv.mdevs, node)
		if (apm_matrix_has(&m->state.assigned, APM_QID_APID(qid), APM_QID_APQI(qid)))
			return m;
	return NULL;
}

/**
 * apv_mdev_conflict() - find a device that has any queue of a matrix
 * @except: a device that does not count; may be NULL
 * @wanted: the matrix
 * @shared: set to the queues that both have; may be NULL
 *
 * Context: apv.lock.
 *
 * Return: the first such device, or NULL.
 */
struct ap_mdev *apv_mdev_conflict(const struct ap_mdev *except, const struct ap_matrix *wanted,
				  struct ap_matrix *shared)
{
	struct ap_mdev *m;

	lockdep_assert_held(&apv.lock);
	list_for_each_entry(m, &apv.mdevs, node)
		if (m != except && apm_matrix_conflict(&m->state.assigned, wanted, shared))
			return m;
	return NULL;
}

static int mdev_probe(struct mdev_device *mdev)
{
	struct ap_mdev *m;
	int rc;

	m = vfio_alloc_device(ap_mdev, vdev, &mdev->dev, &apv_vfio_ops);
	if (IS_ERR(m))
		return PTR_ERR(m);
	apv_notify_init(m);
	apv_filtered_init(m);
	INIT_LIST_HEAD(&m->lingerers);
	m->guest.name = dev_name(&mdev->dev);
	dev_set_drvdata(&mdev->dev, m);
	scoped_guard(mutex, &apv.lock)
		list_add_tail(&m->node, &apv.mdevs);
	rc = vfio_register_emulated_iommu_dev(&m->vdev);
	if (!rc)
		return 0;
	scoped_guard(mutex, &apv.lock)
		list_del(&m->node);
	apv_notify_stop(m);
	apv_filtered_stop(m);
	vfio_put_device(&m->vdev);
	return rc;
}

/* vfio_unregister_group_dev() returns when no guest has the device open any more. */
static void mdev_remove(struct mdev_device *mdev)
{
	struct ap_mdev *m = dev_get_drvdata(&mdev->dev);

	vfio_unregister_group_dev(&m->vdev);
	scoped_guard(mutex, &apv.lock)
		list_del(&m->node);
	apv_notify_stop(m);
	apv_filtered_stop(m);
	vfio_put_device(&m->vdev);
}

struct mdev_driver apv_mdev_driver = {
	.device_api = VFIO_DEVICE_API_AP_STRING,
	.max_instances = MAX_INSTANCES,
	.driver = {
		.name = "vfio_ap_mdev",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
		.dev_groups = apv_mdev_groups,
	},
	.probe = mdev_probe,
	.remove = mdev_remove,
};
