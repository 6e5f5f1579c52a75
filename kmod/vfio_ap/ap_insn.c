// SPDX-License-Identifier: GPL-2.0-only
/*
 * AP instructions of a guest whose machine cannot execute them: the ioctls of
 * include/uapi/ap_vfio.h (docs/ioctl.md).
 *
 * No lock is held here. The backend decides by the APCB that it has at the instant of
 * the instruction; the device is open as long as one of its ioctls runs.
 */
#include <linux/eventfd.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "../../include/uapi/ap_insn.h"
#include "../../include/uapi/ap_vfio.h"
#include "vfio_ap.h"

/* More of a reply than that is fetched in parts. */
#define FETCH_MAX (16 * 1024)

static long execute(struct ap_mdev *m, struct vfio_ap_insn *a, void **buf)
{
	struct ap_host_insn i = {
		.opcode = a->opcode,
		.gr0 = a->gr0,
		.gr1 = a->gr1,
		.psmid = a->psmid,
		.buf = *buf,
		.len = a->len,
	};
	int rc = apv.host->guest_insn(&m->guest, &i);

	*buf = i.buf;
	if (rc)
		return rc;
	a->cc = i.cc;
	a->gr0 = i.gr0;
	a->gr1 = i.gr1;
	a->gr2 = i.gr2;
	a->psmid = i.psmid;
	a->len = i.len;
	return 0;
}

/* One byte more than is allowed is enough for the answer that it is too long. */
static long send(struct ap_mdev *m, struct vfio_ap_insn *a)
{
	void *buf;
	long rc;

	a->len = min_t(u32, a->len, VFIO_AP_REQUEST_MAX + 1);
	buf = kvmalloc(a->len, GFP_KERNEL_ACCOUNT);
	if (!buf)
		return -ENOMEM;
	rc = -EFAULT;
	if (!copy_from_user(buf, u64_to_user_ptr(a->buf), a->len))
		rc = execute(m, a, &buf);
	kvfree(buf);
	a->len = 0;
	return rc;
}

/* A reply is taken only when there is a place for it, of which nothing else is written. */
static long receive(struct ap_mdev *m, struct vfio_ap_insn *a)
{
	void *buf;
	long rc;

	a->len = min_t(u32, a->len, FETCH_MAX);
	if (fault_in_safe_writeable(u64_to_user_ptr(a->buf), a->len))
		return -EFAULT;
	buf = kvzalloc(a->len, GFP_KERNEL_ACCOUNT);
	if (!buf)
		return -ENOMEM;
	rc = execute(m, a, &buf);
	if (!rc && copy_to_user(u64_to_user_ptr(a->buf), buf, a->len))
		rc = -EFAULT;
	kvfree(buf);
	return rc;
}

static long query(struct ap_mdev *m, struct vfio_ap_insn *a)
{
	u8 block[AP_QCI_SIZE] = { 0 };
	void *buf = block;
	long rc;

	if (AP_GR0_FC(a->gr0) != AP_FC_QCI) {
		a->len = 0;
		return execute(m, a, &buf);
	}
	if (a->len < sizeof(block))
		return -EINVAL;
	a->len = sizeof(block);
	rc = execute(m, a, &buf);
	if (!rc && copy_to_user(u64_to_user_ptr(a->buf), block, sizeof(block)))
		rc = -EFAULT;
	return rc;
}

static long ioctl_insn(struct ap_mdev *m, void __user *arg)
{
	struct vfio_ap_insn a;
	long rc;

	if (copy_from_user(&a, arg, sizeof(a)))
		return -EFAULT;
	if (a.argsz < sizeof(a) || a.version != VFIO_AP_INSN_VERSION || a.reserved)
		return -EINVAL;
	a.gr2 = 0;
	switch (a.opcode) {
	case AP_OP_PQAP:
		rc = query(m, &a);
		break;
	case AP_OP_NQAP:
		rc = send(m, &a);
		break;
	case AP_OP_DQAP:
		rc = receive(m, &a);
		break;
	default:
		return -EINVAL;
	}
	if (!rc && copy_to_user(arg, &a, sizeof(a)))
		rc = -EFAULT;
	return rc;
}

static long ioctl_eventfd(struct ap_mdev *m, void __user *arg)
{
	struct eventfd_ctx *ctx = NULL;
	struct vfio_ap_insn_eventfd a;

	if (copy_from_user(&a, arg, sizeof(a)))
		return -EFAULT;
	if (a.argsz < sizeof(a) || a.version != VFIO_AP_INSN_VERSION || a.reserved || a.fd < -1)
		return -EINVAL;
	if (a.fd >= 0)
		ctx = eventfd_ctx_fdget(a.fd);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	ctx = apv.host->guest_eventfd(&m->guest, ctx);
	if (ctx)
		eventfd_ctx_put(ctx);
	return 0;
}

static long ioctl_irq(struct ap_mdev *m, void __user *arg)
{
	struct vfio_ap_insn_irq a;

	if (copy_from_user(&a, arg, sizeof(a)))
		return -EFAULT;
	if (a.argsz < sizeof(a) || a.version != VFIO_AP_INSN_VERSION || a.reserved)
		return -EINVAL;
	/* An interrupt is taken only when it can be told. */
	if (fault_in_safe_writeable(arg, sizeof(a)))
		return -EFAULT;
	a.qid = apv.host->guest_irq(&m->guest);
	return copy_to_user(arg, &a, sizeof(a)) ? -EFAULT : 0;
}

/**
 * apv_insn_ioctl() - the ioctls that execute a guest's instructions
 * @m: an open device
 * @cmd: the ioctl
 * @arg: its argument
 *
 * Context: no lock held. Sleeps for memory and page faults, never for the machine.
 *
 * Return: 0; -EOPNOTSUPP for another ioctl, and where guests execute their instructions
 * themselves; -EINVAL, -EFAULT, -ENOMEM, -EBADF.
 */
long apv_insn_ioctl(struct ap_mdev *m, unsigned int cmd, unsigned long arg)
{
	void __user *p = (void __user *)arg;

	if (!apv.host->guest_insn)
		return -EOPNOTSUPP;
	switch (cmd) {
	case VFIO_AP_INSN:
		return ioctl_insn(m, p);
	case VFIO_AP_INSN_EVENTFD:
		return ioctl_eventfd(m, p);
	case VFIO_AP_INSN_IRQ:
		return ioctl_irq(m, p);
	}
	return -EOPNOTSUPP;
}
