# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The warm snapshot: a lab that was booted once, with libvirtd started and answered, kept inside a
# qcow2 disk (savevm). A start from it costs a second or two instead of a boot.

warm_key() {
	{
		image_key
		machine_key
	} | key_of lab/machine.sh lab/warm.sh
}

# Sets WARM; makes it when it is not there. Needs IMAGE. Under cache_lock.
warm_make() {
	local key out
	key=$(warm_key)
	WARM=$CACHE/$(kind warm)-$key
	[[ ! -d $WARM ]] || return 0
	need_disk 2000 "the lab's snapshot"
	need_memory $(($(machine_mb) + 500))
	cache_tmp
	out=$TMP/$(kind warm)
	cache_dir "$(kind warm)"
	warm_boot "$out" || {
		machine_stop "$out"
		cp "$TMP/warm/console.log" "$CACHE/logs/warm-console.log" 2>/dev/null || true
		cat "$out"/{qemu,ssh,warm}.log >"$CACHE/logs/warm.log" 2>/dev/null || true
		tail_of "$CACHE/logs/warm-console.log"
		tail_of "$CACHE/logs/warm.log"
		die "The lab's first boot failed (console: $CACHE/logs/warm-console.log, the rest: $CACHE/logs/warm.log)."
	}
	find "$out" -mindepth 1 ! -name disk.qcow2 -delete
	cache_keep "$(kind warm)" "$key"
}

# Modules that the project's own build on, and libvirt's first answer, which is slow.
# shellcheck disable=SC2016 # expanded in the lab
WARM_UP='
for m in configfs mdev vfio vfio_iommu_type1 kvm_amd virtio_console; do modprobe -q $m || true; done
mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config
udevadm settle
virsh -q -c nodedev:///system nodedev-list >/dev/null
virsh -q nodedev-list >/dev/null
mdevctl list >/dev/null
sync'

warm_boot() {
	local dir=$1 start=$SECONDS
	say "booting the lab for its snapshot (about 40 s; console: $dir/console.log) …"
	disk_new "$dir" "$IMAGE" && machine_start "$dir" "$IMAGE" && machine_booted "$dir" "$(slow 180)" &&
		ssh_open "$dir" "$IMAGE" "$(slow 60)" && ssh_run "$dir" "$(slow 120)" "$WARM_UP" >"$dir/warm.log" 2>&1 || return 1
	say "  booted and libvirt answers after $((SECONDS - start)) s"
	ssh_close "$dir"
	sleep 2 # sshd's end: the snapshot shall hold no connection
	qmp_hmp "$dir" "$(slow 120)" savevm warm >"$dir/savevm" && [[ ! -s $dir/savevm ]] || return 1
	machine_stop "$dir"
	say "  done in $((SECONDS - start)) s"
}
