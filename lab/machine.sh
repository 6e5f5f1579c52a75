# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The machine: QEMU, started in the background for one lab directory, and its end.
# A lab directory holds disk.qcow2, console.log, qemu.log, pid, qmp, and what lab/ssh.sh adds.

# KASAN takes an eighth, and what is freed is kept a while.
machine_mb() { if debug_on; then echo 3072; else echo 2048; fi; }

# Kernel arguments. tsc=reliable, nowatchdog, rcu stall off: a machine that was asleep in a
# snapshot, or waits for a busy host, is not a kernel bug, and a warning would fail tests.
# loglevel=5: warnings reach the console file even when the machine dies of their cause.
machine_append() {
	echo console=ttyS0 loglevel=5 log_buf_len=4M panic=-1 net.ifnames=0 mitigations=off nokaslr no_timer_check \
		audit=0 apparmor=0 selinux=0 cryptomgr.notests systemd.show_status=0 \
		tsc=reliable nowatchdog rcupdate.rcu_cpu_stall_suppress=1 "$(machine_patience)"
}

# On a busy host the debug kernel is too slow for systemd's 90 seconds.
machine_patience() {
	! debug_on || echo systemd.default_timeout_start_sec=900 systemd.default_device_timeout_sec=900 systemd.service_watchdogs=no
}

# What a snapshot depends on besides its image; the TSC's rate is the host CPU's.
machine_key() {
	machine_append
	machine_mb
	kvm_accel
	qemu-system-x86_64 --version | head -n 1
	grep -m 1 '^model name' /proc/cpuinfo
}

machine_cpu() {
	case $1 in
	kvm) echo -accel kvm -cpu host ;;
	*) echo -accel tcg,thread=multi -cpu EPYC,+svm ;;
	esac
}

# machine_start DIR IMAGE [QEMU-OPTION…]: returns when the machine runs (restored, with -loadvm).
machine_start() {
	local dir=$1 image=$2 cpu
	shift 2
	read -ra cpu < <(machine_cpu "$(kvm_accel)")
	rm -f "$dir/pid" "$dir/qmp"
	: >"$dir/console.log"
	# Port 0: the system finds a free one. restrict=on: ssh in, nothing out. Without a UUID of the machine,
	# which a real one has, libvirtd makes up another one at each start.
	(cd "$dir" && timeout -k 5 60 qemu-system-x86_64 -name apmatrix-lab -machine q35 "${cpu[@]}" -smp 2 -m "$(machine_mb)" \
		-uuid c0de0000-0000-4000-8000-0000000001ab -nodefaults -display none -no-reboot -daemonize -pidfile "$dir/pid" -qmp unix:qmp,server=on,wait=off \
		-kernel "$image/kernel" -initrd "$image/initrd" -append "$(machine_append)" \
		-chardev "file,id=console,path=$dir/console.log,append=on" -serial chardev:console \
		-drive "file=$dir/disk.qcow2,format=qcow2,if=none,id=disk,cache=unsafe" -device virtio-blk-pci,drive=disk \
		-netdev user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:0-:22 -device virtio-net-pci,netdev=net,romfile= \
		-device virtio-rng-pci -device isa-debug-exit,iobase=0xf4,iosize=1 "$@" \
		</dev/null 2>&1 >/dev/null 8>&- | grep -v "TCG doesn't support requested feature" >qemu.log
		exit "${PIPESTATUS[0]}")
}

# The port on the host's loopback that leads to the machine's ssh.
machine_port() {
	qmp_hmp "$1" 20 info usernet | awk '/HOST_FORWARD/ { print $4; exit }'
}

# Sees no harm in a file that goes meanwhile: $(<FILE) would end the run.
machine_pid() { { read -r "$2" <"$1/pid"; } 2>/dev/null; }

machine_alive() {
	local pid
	machine_pid "$1" pid && [[ -r /proc/$pid/cmdline ]] &&
		tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qxF "$1/pid"
}

# Ends the machine without ceremony: its disk is thrown away.
machine_stop() {
	local pid i
	machine_alive "$1" && machine_pid "$1" pid || return 0
	kill "$pid" 2>/dev/null || true
	for ((i = 0; i < 50; i++)); do
		machine_alive "$1" || return 0
		sleep 0.1
	done
	kill -9 "$pid" 2>/dev/null || true
}

# A disk whose writes are thrown away with it.
disk_new() {
	qemu-img create -q -f qcow2 -F raw -b "$2/root.img" "$1/disk.qcow2" >"$1/qemu.log" 2>&1
}

# Waits for lab-ready.service's line on the console.
machine_booted() {
	local end=$((SECONDS + $2))
	while ((SECONDS < end)); do
		grep -qs 'lab: ready' "$1/console.log" && return
		machine_alive "$1" || return 1
		sleep 0.2
	done
	return 1
}
