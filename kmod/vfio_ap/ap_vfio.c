// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VFIO side: open, close, ioctls.
 */
#include <linux/uaccess.h>
#include "vfio_ap.h"

static struct ap_mdev *to_ap_mdev(struct vfio_device *vdev)
{
	return container_of(vdev, struct ap_mdev, vdev);
}

static int vfio_open(struct vfio_device *vdev)
{
	return apv_guest_open(to_ap_mdev(vdev), vdev->kvm);
}

static void vfio_close(struct vfio_device *vdev)
{
	apv_guest_close(to_ap_mdev(vdev));
}

/* Somebody removes the device: ask the VMM to let go. */
static void vfio_request(struct vfio_device *vdev, unsigned int count)
{
	struct ap_mdev *m = to_ap_mdev(vdev);

	guard(mutex)(&apv.lock);
	if (m->irq[APM_VFIO_REQ_IRQ])
		eventfd_signal(m->irq[APM_VFIO_REQ_IRQ]);
	else if (!count)
		dev_notice(vdev->dev, "in use by a guest that cannot be asked to let it go\n");
}

static long get_info(unsigned long arg)
{
	const unsigned long minsz = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info = { 0 };

	if (copy_from_user(&info, (void __user *)arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz)
		return -EINVAL;
	info.flags = VFIO_DEVICE_FLAGS_AP | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = 0;
	info.num_irqs = APM_VFIO_IRQS;
	return copy_to_user((void __user *)arg, &info, minsz) ? -EFAULT : 0;
}

static long get_irq_info(unsigned long arg)
{
	const unsigned long minsz = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info = { 0 };

	if (copy_from_user(&info, (void __user *)arg, minsz))
		return -EFAULT;
	if (info.argsz < minsz || info.index >= APM_VFIO_IRQS)
		return -EINVAL;
	info.count = 1;
	info.flags = VFIO_IRQ_INFO_EVENTFD;
	return copy_to_user((void __user *)arg, &info, minsz) ? -EFAULT : 0;
}

static void set_irq(struct ap_mdev *m, unsigned int index, struct eventfd_ctx *ctx)
{
	scoped_guard(mutex, &apv.lock)
		swap(m->irq[index], ctx);
	if (ctx)
		eventfd_ctx_put(ctx);
}

/* One eventfd for the index; -1, or no data at all, takes it away. */
static long set_irqs(struct ap_mdev *m, unsigned long arg)
{
	const unsigned long minsz = offsetofend(struct vfio_irq_set, count);
	const u32 kinds = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_DATA_NONE;
	struct eventfd_ctx *ctx = NULL;
	struct vfio_irq_set set;
	size_t size;
	s32 fd = -1;
	int rc;

	if (copy_from_user(&set, (void __user *)arg, minsz))
		return -EFAULT;
	rc = vfio_set_irqs_validate_and_prepare(&set, 1, APM_VFIO_IRQS, &size);
	if (rc)
		return rc;
	if (!(set.flags & VFIO_IRQ_SET_ACTION_TRIGGER) || !(set.flags & kinds))
		return -EINVAL;
	if (set.count != !!(set.flags & VFIO_IRQ_SET_DATA_EVENTFD))
		return -EINVAL;
	if (set.count && get_user(fd, (s32 __user *)(arg + minsz)))
		return -EFAULT;
	if (fd < -1)
		return -EINVAL;
	if (fd >= 0)
		ctx = eventfd_ctx_fdget(fd);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	set_irq(m, set.index, ctx);
	return 0;
}

static long vfio_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return get_info(arg);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return get_irq_info(arg);
	case VFIO_DEVICE_SET_IRQS:
		return set_irqs(to_ap_mdev(vdev), arg);
	case VFIO_DEVICE_RESET:
		return apv_reset_device(to_ap_mdev(vdev));
	default:
		return apv_insn_ioctl(to_ap_mdev(vdev), cmd, arg);
	}
}

const struct vfio_device_ops apv_vfio_ops = {
	.name = "vfio_ap",
	.open_device = vfio_open,
	.close_device = vfio_close,
	.ioctl = vfio_ioctl,
	.request = vfio_request,
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
};
