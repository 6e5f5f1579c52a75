/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of vfio_ap.ko share.
 *
 * One lock, apv.lock, protects all of it. It is a mutex that nobody holds while
 * waiting for hardware; the host backend's permission lock is taken before it
 * (docs/locking.md).
 */
#ifndef APMATRIX_VFIO_AP_H
#define APMATRIX_VFIO_AP_H

#include <linux/device.h>
#include <linux/eventfd.h>
#include <linux/list.h>
#include <linux/mdev.h>
#include <linux/mutex.h>
#include <linux/vfio.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include "../include/ap_compat.h"
#include "../include/ap_host.h"
#include "../../core/ap_device.h"

/**
 * struct ap_vqueue - a queue bound to vfio_ap
 * @dev: the bus's device
 * @qid: APM_QID
 * @since: jiffies when the quarantine looked at it first
 * @accepted: the reset was accepted; what is left is to see it end
 * @rc: last response code
 */
struct ap_vqueue {
	struct device *dev;
	unsigned int qid;
	unsigned long since;
	bool accepted;
	u8 rc;
};

/**
 * struct ap_linger - somebody waits for the resets of what a change brings
 * @node: in the device's lingerers
 * @m: the device
 * @newcomers: the ids that the change brought
 * @over: they wait for no reset any more
 */
struct ap_linger {
	struct list_head node;
	struct ap_mdev *m;
	struct ap_matrix newcomers;
	bool over;
};

/**
 * struct ap_listing - a text that is read in parts
 * @lock: protects it; taken before apv.lock
 * @reader: who began to read it last; only compared, it may be gone
 * @text: what it reads, NULL when it has read all
 * @len: of @text
 */
struct ap_listing {
	struct mutex lock;
	const struct file *reader;
	char *text;
	size_t len;
};

/**
 * struct ap_mdev - a mediated device
 * @vdev: its VFIO device, which owns this memory
 * @node: in apv.mdevs
 * @state: assigned and effective matrix, and the reasons for the difference
 * @staged: a matrix kept aside until it is committed; during the commit what was assigned
 * @has_staged: there is one
 * @committing: it is part of the commit that holds apv.lock
 * @in_scan: a scan is under way that brings or takes some of what is assigned
 * @guest: the guest as the host backend knows it, while @open
 * @open: a guest has the device open
 * @gain_deadline: jiffies until which newcomers wait for each other
 * @lingerers: each struct ap_linger that waits for a change of it
 * @generation: number of changes of the effective matrix
 * @announced: the generation that the last uevent told of
 * @notify: sends uevents, at most one per 100 ms
 * @notified: jiffies of the last uevent
 * @irq: eventfds by index, NULL when there is none
 * @reasons: `filtered`, for who reads it; has a lock of its own
 */
struct ap_mdev {
	struct vfio_device vdev;
	struct list_head node;
	struct ap_device state;
	struct ap_matrix staged;
	bool has_staged;
	bool committing;
	bool in_scan;
	struct ap_guest guest;
	bool open;
	unsigned long gain_deadline;
	struct list_head lingerers;
	u64 generation;
	u64 announced;
	struct delayed_work notify;
	unsigned long notified;
	struct eventfd_ctx *irq[APM_VFIO_IRQS];
	struct ap_listing reasons;
};

/**
 * struct ap_vfio - the driver
 * @host: the backend
 * @lock: protects all below
 * @mdevs: all mediated devices
 * @host_matrix: what the host has; while a scan is under way, what it had before and
 *               has after
 * @max: the host's limits
 * @scanning: the configuration changed and the devices do not follow yet
 * @queues: bound, clean and resetting, as core/ wants it; those resetting are the quarantine
 * @unasked: of those resetting, the ones that the quarantine has not looked at yet
 * @resetting_apm: adapters with a queue that is being reset
 * @by_qid: struct ap_vqueue by queue number
 * @tick: looks after the quarantine
 * @tick_ms: present interval of @tick
 * @tick_due: jiffies when @tick is to run
 * @unbound: jiffies when a queue was unbound last
 * @hand_back_end: jiffies until which unbinding waits for resets
 * @settled: woken when a lingerer's wait is over
 */
struct ap_vfio {
	const struct ap_host_ops *host;
	struct mutex lock;
	struct list_head mdevs;
	struct ap_matrix host_matrix;
	struct ap_limits max;
	bool scanning;
	struct ap_queues queues;
	struct ap_mask unasked[AP_IDS];
	struct ap_mask resetting_apm;
	struct xarray by_qid;
	struct delayed_work tick;
	unsigned int tick_ms;
	unsigned long tick_due;
	unsigned long unbound;
	unsigned long hand_back_end;
	wait_queue_head_t settled;
};

extern struct ap_vfio apv;

/**
 * struct ap_change - a change of an assigned matrix
 * @replace: @add is the whole new matrix; otherwise it is added to the present one
 * @add: see @replace
 * @del: taken away first
 */
struct ap_change {
	bool replace;
	struct ap_matrix add;
	struct ap_matrix del;
};

static inline struct device *apv_dev(struct ap_mdev *m)
{
	return m->vdev.dev;
}

/* ap_mdev.c */
extern struct mdev_driver apv_mdev_driver;
struct ap_mdev *apv_mdev_owner(unsigned int qid);
struct ap_mdev *apv_mdev_conflict(const struct ap_mdev *except, const struct ap_matrix *wanted,
				  struct ap_matrix *shared);

/* ap_assign.c */
int apv_assign_allowed(struct ap_mdev *m, const struct ap_matrix *new);
int apv_assign(struct ap_mdev *m, const struct ap_change *change);

/* ap_commit.c */
int apv_stage(struct ap_mdev *m, const char *text);
int apv_commit(const char *text);

/* ap_attrs.c */
extern const struct attribute_group *apv_mdev_groups[];

/* ap_filtered.c */
ssize_t apv_filtered_read(struct ap_mdev *m, const struct file *reader, char *buf, loff_t off,
			  size_t count);
void apv_filtered_init(struct ap_mdev *m);
void apv_filtered_stop(struct ap_mdev *m);

/* ap_guest.c */
void apv_guest_refilter(struct ap_mdev *m);
void apv_guest_expect(struct ap_mdev *m, const struct ap_matrix *from, const struct ap_matrix *to);
int apv_guest_open(struct ap_mdev *m, struct kvm *kvm);
void apv_guest_close(struct ap_mdev *m);

/* ap_linger.c */
unsigned long apv_linger_end(void);
void apv_linger_begin(struct ap_linger *l, struct ap_mdev *m, const struct ap_matrix *from,
		      const struct ap_matrix *to);
void apv_linger_look(struct ap_mdev *m);
void apv_linger(struct ap_linger *l, unsigned long end);

/* ap_vfio.c */
extern const struct vfio_device_ops apv_vfio_ops;

/* ap_insn.c */
long apv_insn_ioctl(struct ap_mdev *m, unsigned int cmd, unsigned long arg);

/* ap_quarantine.c */
void apv_quarantine_init(void);
void apv_quarantine_exit(void);
void apv_quarantine_add(struct ap_vqueue *q);
void apv_quarantine_drop(struct ap_vqueue *q);
void apv_quarantine_left(const struct ap_matrix *from, const struct ap_matrix *to);
bool apv_quarantine_gained(const struct ap_matrix *from, const struct ap_matrix *to);
void apv_quarantine_retry(void);
void apv_reset_start(struct ap_vqueue *q);
bool apv_reset_done(struct ap_vqueue *q);

/* ap_reset.c */
int apv_reset_device(struct ap_mdev *m);
void apv_reset_unbinding(void);
bool apv_reset_hand_back(struct ap_vqueue *q);

/* ap_notify.c */
void apv_notify_init(struct ap_mdev *m);
void apv_notify(struct ap_mdev *m);
void apv_notify_stop(struct ap_mdev *m);

/* ap_queue_drv.c */
int apv_queue_drv_register(void);
void apv_queue_drv_unregister(void);

#endif
