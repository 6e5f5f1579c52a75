# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What tests of the layer in libvirt share: the daemon, with it and without it.

# shellcheck disable=SC2034
layer=/usr/lib/apmatrix/libvirt
# shellcheck disable=SC2034
helper=/usr/lib/apmatrix/apmatrix-libvirt
# shellcheck disable=SC2034
variants=/usr/lib/apmatrix/tests/libvirt

device() { echo "mdev_${1//-/_}_matrix"; }
daemon() { systemctl show -P MainPID libvirtd; }
answers() { virsh -q -c nodedev:///system nodedev-list --cap ap_matrix; }

# daemon_start: libvirtd anew, until it answers.
daemon_start() {
	systemctl reset-failed libvirtd
	systemctl restart libvirtd
	wait_for 90 answers
}

# with_layer: the daemon that runs has the layer in it.
with_layer() { grep -q "$layer/apmatrix-layer.so" "/proc/$(daemon)/maps"; }
without_layer() { ! with_layer; }

# shown DEVICE…: dumpxml of these, by one virsh.
shown() { printf 'nodedev-dumpxml %s\n' "$@" | virsh -q; }
