/*
 * AP instructions by a vfio-ap device whose host emulates the AP bus
 *
 * The CPU is emulated: what it cannot execute goes to the host by ioctls of
 * the device. Only the host knows which queues the guest has at the moment.
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "qemu/osdep.h"
#include <sys/ioctl.h>
#include <linux/ap_vfio.h>
#include <linux/vfio.h>
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "qemu/event_notifier.h"
#include "qemu/main-loop.h"
#include "hw/s390x/ap-insn.h"
#include "hw/vfio/vfio-ap-insn.h"
#include "standard-headers/linux/ap_insn.h"

/* Linux 7.2: the host changes which queues the guest has */
#define VFIO_AP_CFG_CHG_IRQ_INDEX 1

struct VFIOAPInsn {
    VFIODevice *vdev;
    EventNotifier replies;
    EventNotifier cfg_chg;
    bool has_cfg_chg;
};

static int vfio_ap_insn_execute(void *opaque, APInsn *insn)
{
    VFIOAPInsn *v = opaque;
    struct vfio_ap_insn arg = {
        .argsz = sizeof(arg),
        .version = VFIO_AP_INSN_VERSION,
        .opcode = insn->opcode,
        .gr0 = insn->gr0,
        .gr1 = insn->gr1,
        .psmid = insn->psmid,
        .buf = (uintptr_t)insn->buf,
        .len = insn->len,
    };

    if (RETRY_ON_EINTR(ioctl(v->vdev->fd, VFIO_AP_INSN, &arg)) < 0) {
        return -errno;
    }
    insn->cc = arg.cc;
    insn->gr0 = arg.gr0;
    insn->gr1 = arg.gr1;
    insn->gr2 = arg.gr2;
    insn->psmid = arg.psmid;
    /* NQAP stores nothing; nobody is trusted with the buffer's size. */
    insn->len = MIN(arg.len, insn->len);
    return 0;
}

static bool vfio_ap_insn_next_irq(void *opaque, uint16_t *qid)
{
    VFIOAPInsn *v = opaque;
    struct vfio_ap_insn_irq arg = {
        .argsz = sizeof(arg),
        .version = VFIO_AP_INSN_VERSION,
    };

    if (RETRY_ON_EINTR(ioctl(v->vdev->fd, VFIO_AP_INSN_IRQ, &arg)) < 0 ||
        arg.qid >= AP_NO_QUEUE) {
        return false;
    }
    *qid = arg.qid;
    return true;
}

static const APInsnOps vfio_ap_insn_ops = {
    .execute = vfio_ap_insn_execute,
    .next_irq = vfio_ap_insn_next_irq,
};

static void vfio_ap_insn_replies(EventNotifier *e)
{
    if (event_notifier_test_and_clear(e)) {
        ap_insn_deliver();
    }
}

static void vfio_ap_insn_cfg_chg(EventNotifier *e)
{
    if (event_notifier_test_and_clear(e)) {
        ap_insn_config_changed();
    }
}

static int vfio_ap_insn_set_eventfd(VFIOAPInsn *v, int fd)
{
    struct vfio_ap_insn_eventfd arg = {
        .argsz = sizeof(arg),
        .version = VFIO_AP_INSN_VERSION,
        .fd = fd,
    };

    return ioctl(v->vdev->fd, VFIO_AP_INSN_EVENTFD, &arg) < 0 ? -errno : 0;
}

static bool vfio_ap_insn_init_replies(VFIOAPInsn *v, Error **errp)
{
    int rc = event_notifier_init(&v->replies, 0);

    if (rc) {
        error_setg_errno(errp, -rc, "no event notifier for replies");
        return false;
    }
    rc = vfio_ap_insn_set_eventfd(v, event_notifier_get_fd(&v->replies));
    if (rc) {
        error_setg_errno(errp, -rc, "the host cannot execute AP instructions "
                         "for an emulated CPU: its vfio_ap must be that of a "
                         "simulated AP bus (apmatrix), or the guest use KVM");
        event_notifier_cleanup(&v->replies);
        return false;
    }
    event_notifier_set_handler(&v->replies, vfio_ap_insn_replies);
    return true;
}

/* Without it the guest finds out later by itself. */
static void vfio_ap_insn_init_cfg_chg(VFIOAPInsn *v)
{
    int fd;

    if (v->vdev->num_irqs <= VFIO_AP_CFG_CHG_IRQ_INDEX ||
        event_notifier_init(&v->cfg_chg, 0)) {
        warn_report("vfio %s: changes of the configuration are not told",
                    v->vdev->name);
        return;
    }
    fd = event_notifier_get_fd(&v->cfg_chg);
    if (!vfio_set_irq_signaling(v->vdev, VFIO_AP_CFG_CHG_IRQ_INDEX, 0,
                                VFIO_IRQ_SET_ACTION_TRIGGER, fd, NULL)) {
        warn_report("vfio %s: changes of the configuration are not told",
                    v->vdev->name);
        event_notifier_cleanup(&v->cfg_chg);
        return;
    }
    event_notifier_set_handler(&v->cfg_chg, vfio_ap_insn_cfg_chg);
    v->has_cfg_chg = true;
}

static void vfio_ap_insn_end_events(VFIOAPInsn *v)
{
    vfio_ap_insn_set_eventfd(v, -1);
    event_notifier_set_handler(&v->replies, NULL);
    event_notifier_cleanup(&v->replies);
    if (!v->has_cfg_chg) {
        return;
    }
    vfio_set_irq_signaling(v->vdev, VFIO_AP_CFG_CHG_IRQ_INDEX, 0,
                           VFIO_IRQ_SET_ACTION_TRIGGER, -1, NULL);
    event_notifier_set_handler(&v->cfg_chg, NULL);
    event_notifier_cleanup(&v->cfg_chg);
}

/**
 * vfio_ap_insn_new: let a device execute the guest's AP instructions
 * @vdev: the device, attached; it must stay so until vfio_ap_insn_free()
 * @errp: why it cannot
 */
VFIOAPInsn *vfio_ap_insn_new(VFIODevice *vdev, Error **errp)
{
    g_autofree VFIOAPInsn *v = g_new0(VFIOAPInsn, 1);

    v->vdev = vdev;
    if (!vfio_ap_insn_init_replies(v, errp)) {
        return NULL;
    }
    vfio_ap_insn_init_cfg_chg(v);
    if (!ap_insn_plug(&vfio_ap_insn_ops, v, errp)) {
        vfio_ap_insn_end_events(v);
        return NULL;
    }
    return g_steal_pointer(&v);
}

void vfio_ap_insn_free(VFIOAPInsn *v)
{
    if (!v) {
        return;
    }
    ap_insn_unplug(v);
    vfio_ap_insn_end_events(v);
    g_free(v);
}
