# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What tests of the simulated machine share: where its files are.

# shellcheck disable=SC2034
faults=/sys/kernel/debug/ap_sim
# shellcheck disable=SC2034
machines=/sys/kernel/config/ap_sim

# sim_mount: debugfs and configfs, if nobody mounted them
sim_mount() {
	modprobe configfs
	mountpoint -q /sys/kernel/debug || mount -t debugfs debugfs /sys/kernel/debug
	mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config
}

# counter NAME: a line of the counters
counter() { sed -n "s/^$1 //p" "$faults/counters"; }
