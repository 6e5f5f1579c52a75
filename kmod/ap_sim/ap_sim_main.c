// SPDX-License-Identifier: GPL-2.0-only
/*
 * ap_sim: a simulated AP bus for any architecture.
 */
#include <linux/init.h>
#include <linux/slab.h>
#include "ap_sim.h"

MODULE_DESCRIPTION("Simulated AP bus: cards, queues, reservation masks");
MODULE_LICENSE("GPL");

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
	.guest_add = ap_sim_guest_add,
	.guest_commit = ap_sim_guest_commit,
	.guest_del = ap_sim_guest_del,
	.guest_insn = ap_sim_guest_insn,
	.guest_eventfd = ap_sim_guest_eventfd,
	.guest_irq = ap_sim_guest_irq,
};

static int apply_default(struct ap_profile *p)
{
	int rc = ap_default_build(p);

	if (rc)
		return rc;
	guard(mutex)(&ap_sim_live_mutex);
	return ap_live_apply(p);
}

static void clear_machine(void)
{
	guard(mutex)(&ap_sim_live_mutex);
	ap_live_clear();
}

static int __init machine_init(struct ap_profile *p)
{
	int rc = ap_exec_init();

	if (rc)
		return rc;
	ap_debugfs_init();
	rc = apply_default(p);
	if (rc) {
		ap_debugfs_exit();
		ap_exec_exit();
	}
	return rc;
}

static void machine_exit(void)
{
	clear_machine();
	ap_debugfs_exit();
	ap_exec_exit();
}

static int __init bus_init(void)
{
	int rc = ap_bus_init();

	if (rc)
		return rc;
	rc = ap_hostdrv_init();
	if (rc)
		ap_bus_exit();
	return rc;
}

static void bus_exit(void)
{
	ap_scan_stop();
	ap_hostdrv_exit();
	ap_bus_exit();
}

static int __init ap_sim_init(void)
{
	struct ap_profile *p __free(kfree) = kzalloc(sizeof(*p), GFP_KERNEL);
	int rc = p ? ap_perms_init() : -ENOMEM;

	if (rc)
		return rc;
	rc = machine_init(p);
	if (rc)
		return rc;
	rc = bus_init();
	if (rc)
		goto exit_machine;
	ap_scan_start();
	rc = ap_config_init(p);
	if (rc)
		goto exit_bus;
	/* Last: whoever has the operations may go on using them. */
	rc = apm_host_register(&host_ops);
	if (rc)
		goto exit_config;
	return 0;

exit_config:
	ap_config_exit();
exit_bus:
	bus_exit();
exit_machine:
	machine_exit();
	return rc;
}

static void __exit ap_sim_exit(void)
{
	apm_host_unregister(&host_ops);
	ap_config_exit();
	bus_exit();
	machine_exit();
}

module_init(ap_sim_init);
module_exit(ap_sim_exit);
