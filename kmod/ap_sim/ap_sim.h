/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of ap_sim.ko share. Lock order: live mutex, scan mutex, device
 * locks, permission mutex, machine lock (docs/ap_sim.md, docs/locking.md).
 */
#ifndef APMATRIX_AP_SIM_H
#define APMATRIX_AP_SIM_H

#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include "../include/ap_host.h"
#include "ap_attr.h"
#include "ap_machine.h"
#include "ap_profile.h"
#include "ap_request.h"

struct ap_talk;
struct seq_file;

/**
 * struct ap_sim_adapter - an adapter, and what the host's driver has to do with its queues
 * @machine: the adapter; what the machine is given
 * @total: requests of the host since the adapter came or the count was set to 0
 * @stalled: domains whose queue did not take a request and is to be asked again
 * @requests: for each domain number
 */
struct ap_sim_adapter {
	struct ap_machine_adapter machine;
	u64 total;
	struct ap_mask stalled;
	struct ap_requests requests[AP_IDS];
};

static inline struct ap_sim_adapter *to_sim_adapter(struct ap_machine_adapter *a)
{
	return container_of(a, struct ap_sim_adapter, machine);
}

/**
 * struct ap_card - a card device
 * @dev: /sys/devices/ap/cardXX
 * @apid: adapter number
 * @info: GR2 of TAPQ when the card was found
 * @configured: as the last scan saw it
 * @checkstopped: as the last scan saw it
 * @online: the host driver's switch
 * @queues: its queue devices by domain; under the scan mutex
 */
struct ap_card {
	struct device dev;
	unsigned int apid;
	u64 info;
	bool configured;
	bool checkstopped;
	bool online;
	struct ap_queue *queues[AP_IDS];
};

/**
 * struct ap_queue - a queue device
 * @dev: /sys/devices/ap/cardXX/XX.YYYY
 * @card: its card, alive as long as the queue
 * @qid: APM_QID
 * @configured: as the last scan saw it
 * @checkstopped: as the last scan saw it
 * @online: the host driver's switch
 */
struct ap_queue {
	struct device dev;
	struct ap_card *card;
	unsigned int qid;
	bool configured;
	bool checkstopped;
	bool online;
};

static inline struct ap_card *to_ap_card(struct device *dev)
{
	return container_of(dev, struct ap_card, dev);
}

static inline struct ap_queue *to_ap_queue(struct device *dev)
{
	return container_of(dev, struct ap_queue, dev);
}

/* ap_exec.c: the machine, and the instructions as the host executes them */
extern struct ap_machine ap_sim_machine;
extern spinlock_t ap_sim_machine_lock;
extern const struct ap_caller ap_sim_host;
int ap_exec_init(void);
void ap_exec_exit(void);
struct ap_message *ap_sim_message(void *request, unsigned int len, u64 psmid);
void ap_sim_message_talk(struct ap_message *msg, struct ap_talk *t);
void ap_sim_begin_locked(const struct ap_caller *by, struct ap_exec *x);
struct ap_message *ap_sim_execute_locked(const struct ap_caller *by, struct ap_exec *x);
void ap_sim_executed(const struct ap_caller *by, struct ap_exec *x, struct ap_message *flushed);
struct ap_message *ap_sim_collect_locked(void);
void ap_sim_free(struct ap_message *list);
u32 ap_sim_tapq(unsigned int qid, u64 *gr2);
u32 ap_sim_zapq(unsigned int qid);
void ap_sim_qci(struct ap_host_config *out);
void ap_sim_touch(unsigned int qid);
bool ap_sim_launder(unsigned int qid);
int ap_sim_configure(unsigned int apid, bool on);
int ap_sim_checkstop(unsigned int apid, bool broken);

/* ap_sender.c: requests of the host's driver */
int ap_sender_send(unsigned int qid, u64 info, unsigned int n);
int ap_sender_add(unsigned int qid, u64 info, struct ap_message *list);
struct ap_message *ap_sender_next_locked(unsigned int qid, struct ap_exec *x);
void ap_sender_next(unsigned int qid);
void ap_sender_cancel(unsigned int qid);
void ap_sender_free(struct ap_sim_adapter *a);
void ap_sender_exit(void);
void ap_sender_count_queue(unsigned int qid, struct ap_request_counts *counts);
void ap_sender_count_card(unsigned int apid, struct ap_request_counts *counts);
void ap_sender_forget_queue(unsigned int qid);
void ap_sender_forget_card(unsigned int apid);

/* ap_firmware.c: the arithmetic of adapters */
extern const struct ap_firmware ap_sim_firmware;

/* ap_guests.c: guests */
void ap_sim_guest_add(struct ap_guest *guest);
void ap_sim_guest_commit(struct ap_guest *guest, const struct ap_matrix *apcb);
void ap_sim_guest_del(struct ap_guest *guest);
void ap_sim_guest_signal(unsigned int qid);
int ap_sim_guest_insn(struct ap_guest *guest, struct ap_host_insn *i);
struct eventfd_ctx *ap_sim_guest_eventfd(struct ap_guest *guest, struct eventfd_ctx *ctx);
unsigned int ap_sim_guest_irq(struct ap_guest *guest);
void ap_sim_guests_show(struct seq_file *s);

/* ap_live.c: the machine follows a profile */
extern struct mutex ap_sim_live_mutex;
int ap_live_apply(const struct ap_profile *p);
void ap_live_clear(void);

/* ap_config.c: configfs */
int ap_config_init(const struct ap_profile *p);
void ap_config_exit(void);

/* ap_debugfs.c: faults and counters */
void ap_debugfs_init(void);
void ap_debugfs_exit(void);
void ap_debugfs_plug(unsigned int apid);
void ap_debugfs_unplug(unsigned int apid);

/* ap_exchange.c: a program of the host talks to a queue */
extern const struct file_operations ap_exchange_fops;
void ap_exchange_end(struct ap_talk *t, u8 *reply, unsigned int len);

/* ap_default.c: the machine that the module parameters describe */
int ap_default_build(struct ap_profile *p);

/* ap_perms.c: apmask and aqmask */
extern const struct attribute_group ap_perms_group;
int ap_perms_init(void);
bool ap_perms_reserved(unsigned int qid);
bool ap_perms_reserved_any(const struct ap_matrix *wanted, struct ap_matrix *shared);
bool ap_perms_host_domain(unsigned int apqi);
void ap_perms_lock(void);
void ap_perms_unlock(void);

/* ap_bus.c: the bus, its drivers and events */
extern struct bus_type ap_bus;
extern struct device *ap_root;
int ap_bus_init(void);
void ap_bus_exit(void);
int ap_bus_driver_register(struct apm_driver *drv);
void ap_bus_driver_unregister(struct apm_driver *drv);
void ap_bus_revise_bindings(void);
void ap_bus_check_bindings(void);
void ap_bus_bind(struct device *dev);
int ap_bus_request(unsigned int qid, unsigned int n);
int ap_bus_message(unsigned int qid, struct ap_message *msg);
void ap_bus_rearm_bindings(void);
void ap_bus_count_bindings(unsigned int *queues, unsigned int *bound);
void ap_bus_event(struct device *dev, const char *fmt, ...) __printf(2, 3);

/* ap_scan.c: devices follow the configuration */
extern const struct attribute_group ap_scan_group;
void ap_scan_start(void);
void ap_scan_stop(void);
void ap_scan_hold(void);
void ap_scan_release(bool now);
void ap_scan_now(void);
void ap_scan_later(void);
void ap_scan_soon(void);
u64 ap_scan_count(void);

/* ap_card.c, ap_queue.c: devices */
extern const struct device_type ap_card_type;
extern const struct device_type ap_queue_type;
struct ap_card *ap_card_create(unsigned int apid, u64 info);
struct ap_queue *ap_queue_create(struct ap_card *card, unsigned int apqi);

/* ap_hostdrv.c: the host's own drivers */
int ap_hostdrv_init(void);
void ap_hostdrv_exit(void);

static inline bool ap_is_queue(const struct device *dev)
{
	return dev->type == &ap_queue_type;
}

#endif
