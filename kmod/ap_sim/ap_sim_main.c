// SPDX-License-Identifier: GPL-2.0-only
/*
 * ap_sim: a simulated AP bus for any architecture.
 */
#include <linux/init.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include "ap_sim.h"

MODULE_DESCRIPTION("Simulated AP bus: cards, queues, reservation masks");
MODULE_LICENSE("GPL");

DEFINE_SPINLOCK(ap_sim_machine_lock);
struct ap_machine ap_sim_machine; /* under ap_sim_machine_lock */
static LIST_HEAD(guests);	  /* under ap_sim_machine_lock */

static u64 now(void)
{
	return ktime_get_ns();
}

u32 ap_sim_tapq(unsigned int qid, u64 *gr2)
{
	guard(spinlock)(&ap_sim_machine_lock);
	return ap_machine_tapq(&ap_sim_machine, APM_QID_APID(qid), APM_QID_APQI(qid), now(), gr2);
}

u32 ap_sim_zapq(unsigned int qid)
{
	guard(spinlock)(&ap_sim_machine_lock);
	return ap_machine_zapq(&ap_sim_machine, APM_QID_APID(qid), APM_QID_APQI(qid), now());
}

void ap_sim_qci(struct ap_host_config *out)
{
	guard(spinlock)(&ap_sim_machine_lock);
	out->matrix = ap_sim_machine.config;
	out->max = ap_sim_machine.max;
	out->flags = ap_sim_machine.flags;
}

/* A host driver begins to use a queue. */
void ap_sim_touch(unsigned int qid)
{
	guard(spinlock)(&ap_sim_machine_lock);
	ap_machine_touch(&ap_sim_machine, APM_QID_APID(qid), APM_QID_APQI(qid));
}

/**
 * ap_sim_configure() - what SCLP does when an operator configures an adapter on or off
 * @apid: an adapter of the machine
 * @on: on or off
 *
 * Its queues are reset by that.
 */
void ap_sim_configure(unsigned int apid, bool on)
{
	guard(spinlock)(&ap_sim_machine_lock);
	if (ap_sim_machine.adapter[apid])
		ap_machine_configure(&ap_sim_machine, apid, on);
}

static void guest_add(struct ap_guest *guest)
{
	guard(spinlock)(&ap_sim_machine_lock);
	guest->apcb = (struct ap_matrix){ .apm = APM_MASK_NONE };
	list_add_tail(&guest->node, &guests);
}

static void guest_commit(struct ap_guest *guest, const struct ap_matrix *apcb)
{
	struct ap_breach b;

	scoped_guard(spinlock, &ap_sim_machine_lock) {
		b = ap_machine_commit(&ap_sim_machine, &guest->apcb, apcb);
		guest->apcb = *apcb;
	}
	WARN(b.count, "ap_sim: %u queues passed to guest %s, first %02x.%04x, %s\n", b.count,
	     guest->name, b.apid, b.apqi, b.shared ? "belong to another guest" : "were not reset");
}

static void guest_del(struct ap_guest *guest)
{
	guard(spinlock)(&ap_sim_machine_lock);
	WARN_ON(!apm_mask_empty(&guest->apcb.apm) || !apm_mask_empty(&guest->apcb.aqm));
	list_del(&guest->node);
}

static const struct ap_host_ops host_ops = {
	.owner = THIS_MODULE,
	.driver_register = ap_bus_driver_register,
	.driver_unregister = ap_bus_driver_unregister,
	.config = ap_sim_qci,
	.perms_lock = ap_perms_lock,
	.perms_unlock = ap_perms_unlock,
	.reserved = ap_perms_reserved_any,
	.tapq = ap_sim_tapq,
	.zapq = ap_sim_zapq,
	.guest_add = guest_add,
	.guest_commit = guest_commit,
	.guest_del = guest_del,
};

static int __init ap_sim_init(void)
{
	int rc;

	ap_machine_init(&ap_sim_machine);
	rc = ap_perms_init();
	if (rc)
		return rc;
	rc = ap_default_build(&ap_sim_machine);
	if (rc)
		return rc;
	rc = ap_bus_init();
	if (rc)
		goto free_machine;
	rc = ap_hostdrv_init();
	if (rc)
		goto exit_bus;
	rc = apm_host_register(&host_ops);
	if (rc)
		goto exit_hostdrv;
	ap_scan_start();
	return 0;

exit_hostdrv:
	ap_hostdrv_exit();
exit_bus:
	ap_bus_exit();
free_machine:
	ap_default_free(&ap_sim_machine);
	return rc;
}

static void __exit ap_sim_exit(void)
{
	apm_host_unregister(&host_ops);
	ap_scan_stop();
	ap_hostdrv_exit();
	ap_bus_exit();
	ap_default_free(&ap_sim_machine);
}

module_init(ap_sim_init);
module_exit(ap_sim_exit);
