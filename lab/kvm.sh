# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Whether KVM really runs a guest here. /dev/kvm may exist and not work (nested, restricted), so
# a boot sector is tried: it writes 0x10 to isa-debug-exit, which makes QEMU end with 0x21.

kvm_probe() {
	local sector=$1/kvm-probe rc=0
	# mov al,0x10; mov dx,0xf4; out dx,al; hlt; jmp back to hlt; padding; boot signature
	{
		printf '\xb0\x10\xba\xf4\x00\xee\xf4\xeb\xfd'
		head -c 501 /dev/zero
		printf '\x55\xaa'
	} >"$sector"
	timeout -k 1 5 qemu-system-x86_64 -machine q35 -accel kvm -m 16 -nodefaults -display none -no-reboot \
		-device isa-debug-exit,iobase=0xf4,iosize=1 -device virtio-blk-pci,drive=d \
		-drive "file=$sector,format=raw,if=none,id=d,readonly=on" </dev/null >/dev/null 2>&1 || rc=$?
	rm -f "$sector"
	((rc == 0x21))
}

# Prints kvm or tcg; asked once per boot of the host and user.
kvm_accel() {
	local memo=$CACHE/accel boot
	boot=$(</proc/sys/kernel/random/boot_id)-$EUID
	if [[ ! -f $memo || $(<"$memo") != "$boot "* ]]; then
		if [[ -w /dev/kvm ]] && kvm_probe "$CACHE"; then
			echo "$boot kvm" >"$memo"
		else
			echo "$boot tcg" >"$memo"
		fi
	fi
	cut -d' ' -f2 "$memo"
}
