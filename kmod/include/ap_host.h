/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interface between a host backend (the AP bus of a machine, real or
 * simulated) and vfio_ap.
 *
 * A backend registers its operations, a queue driver is registered through
 * them. Neither module needs the other's symbols: ap_sim loads without vfio_ap,
 * and vfio_ap refuses to load without a backend.
 *
 * Locking: docs/locking.md. In short: the backend's permission lock is taken
 * before any lock of the queue driver, and the instructions and commits never sleep.
 */
#ifndef APMATRIX_AP_HOST_H
#define APMATRIX_AP_HOST_H

#include <linux/device.h>
#include <linux/module.h>
#include "../../core/ap_matrix.h"

/* An AP queue number: adapter in bits 8-15, domain in bits 0-7 */
#define APM_QID(apid, apqi) (((apid) << 8) | (apqi))
#define APM_QID_APID(qid) (((qid) >> 8) & 0xff)
#define APM_QID_APQI(qid) ((qid)&0xff)

/**
 * struct ap_host_config - the host's AP configuration (QCI)
 * @matrix: adapters, usage domains and control domains the host has
 * @max: highest numbers the machine supports
 * @flags: AP_QCI_*
 */
struct ap_host_config {
	struct ap_matrix matrix;
	struct ap_limits max;
	u32 flags;
};

/**
 * struct apm_driver - a driver for AP queues or cards on the backend's bus
 * @driver: name, owner and groups are set by the driver
 * @cards: binds cards, not queues
 * @host_default: a host driver: gets what the masks reserve; others get the rest
 * @type_min: lowest adapter type (AP_TYPE_*) it binds to
 * @probe: bind to a queue or card; may sleep
 * @remove: undo @probe; may sleep, bounded
 * @in_use: is any APQN of @apm × @aqm in use by this driver? Called with the
 *          permission lock held
 * @on_config_changed: the host's configuration changed, the devices do not follow yet
 * @on_scan_complete: the devices follow the configuration again
 */
struct apm_driver {
	struct device_driver driver;
	bool cards;
	bool host_default;
	u8 type_min;
	int (*probe)(struct device *dev, unsigned int qid);
	void (*remove)(struct device *dev, unsigned int qid);
	bool (*in_use)(const struct ap_mask *apm, const struct ap_mask *aqm);
	void (*on_config_changed)(const struct ap_host_config *now);
	void (*on_scan_complete)(const struct ap_host_config *now);
};

static inline struct apm_driver *to_apm_driver(const struct device_driver *drv)
{
	return container_of(drv, struct apm_driver, driver);
}

/**
 * struct ap_guest - one guest as the backend sees it
 * @kvm: the virtual machine, NULL for a guest without KVM
 * @name: for messages
 * @apcb: what was committed last; this and all below is written by the backend only
 * @commits: number of commits since it was added
 * @replies: signalled for each interrupt of its queues, NULL when there is none
 */
struct ap_guest {
	struct kvm *kvm;
	const char *name;
	struct ap_matrix apcb;
	u64 commits;
	struct eventfd_ctx *replies;
	struct list_head node;
};

/**
 * struct ap_host_insn - one AP instruction of a guest
 * @opcode: AP_OP_*
 * @cc: set to the condition code
 * @gr0: as the instruction has it; DQAP sets it anew
 * @gr1: PQAP(AQIC): control word; set to the status word
 * @gr2: set: PQAP(TAPQ): information; DQAP: bytes left of the reply
 * @psmid: message identifier: NQAP takes it, DQAP sets it
 * @buf: NQAP: the request, from kvmalloc(), NULL afterwards when it was taken over;
 *       DQAP and PQAP(QCI): receives bytes
 * @len: bytes of @buf; set to the bytes stored
 */
struct ap_host_insn {
	u32 opcode;
	int cc;
	u64 gr0;
	u64 gr1;
	u64 gr2;
	u64 psmid;
	void *buf;
	unsigned int len;
};

/**
 * struct ap_host_ops - what a backend offers
 * @owner: its module, pinned while a queue driver is registered
 * @driver_register: put a driver on the bus; may sleep
 * @driver_unregister: take it off; all its queues are removed from it; may sleep
 * @config: the present configuration
 * @perms_lock: hold the reservation masks still; may sleep
 * @perms_unlock: let them go
 * @reserved: does the host reserve any queue of @wanted? Those that it does go to
 *            @shared. The permission lock is held
 * @tapq: PQAP(TAPQ) with host authority: the status word; @gr2 may be NULL. Never sleeps
 * @zapq: PQAP(ZAPQ) with host authority: the status word. Never sleeps
 * @guest_add: a guest opens its device; its APCB is empty. Never sleeps
 * @guest_commit: make @apcb what the guest has, in one step. Never sleeps or fails
 * @guest_del: the guest is gone; its APCB is empty by then, its eventfd is put
 * @guest_insn: execute one instruction with the authority that the guest has at this
 *              instant; 0, -EINVAL for one that does not exist, -ENOMEM. Sleeps for
 *              memory only. NULL, as the two below, where guests execute them themselves
 * @guest_eventfd: the eventfd for interrupts of its queues, or NULL; the old one, the
 *                 caller's to put. Never sleeps
 * @guest_irq: take the interrupt of one of its queues: the queue number, or AP_NO_QUEUE.
 *             Never sleeps
 */
struct ap_host_ops {
	struct module *owner;
	int (*driver_register)(struct apm_driver *drv);
	void (*driver_unregister)(struct apm_driver *drv);
	void (*config)(struct ap_host_config *out);
	void (*perms_lock)(void);
	void (*perms_unlock)(void);
	bool (*reserved)(const struct ap_matrix *wanted, struct ap_matrix *shared);
	u32 (*tapq)(unsigned int qid, u64 *gr2);
	u32 (*zapq)(unsigned int qid);
	void (*guest_add)(struct ap_guest *guest);
	void (*guest_commit)(struct ap_guest *guest, const struct ap_matrix *apcb);
	void (*guest_del)(struct ap_guest *guest);
	int (*guest_insn)(struct ap_guest *guest, struct ap_host_insn *insn);
	struct eventfd_ctx *(*guest_eventfd)(struct ap_guest *guest, struct eventfd_ctx *ctx);
	unsigned int (*guest_irq)(struct ap_guest *guest);
};

int apm_host_register(const struct ap_host_ops *ops);
void apm_host_unregister(const struct ap_host_ops *ops);
const struct ap_host_ops *apm_host_get(void);
void apm_host_put(const struct ap_host_ops *ops);

#endif
