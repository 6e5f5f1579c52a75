# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The s390x guest's image: Debian's s390x kernel, an initramfs with busybox, zcrypt and qemu/guest, and the
# bare program of tests/qemu. guest-KEY/ holds kernel, initrd, key.pub, bare.elf.

guest_key() {
	{
		s390x_key
		qemu_key
	} | key_of qemu/guest tests/qemu/bare lab/chroot/s390x-initrd lab/chroot/guest-build
}

# Sets GUEST; makes it when it is not there. Needs S390X and QEMU, whose trees have kernel and compiler. Under
# cache_lock.
guest_make() {
	local key log=$CACHE/logs/guest.log
	key=$(guest_key)
	GUEST=$CACHE/guest-$key
	[[ ! -d $GUEST ]] || return 0
	cache_tmp
	cache_dir guest
	mkdir "$TMP/guest/src" "$TMP/guest/bare"
	((EUID == 0)) || chmod 777 "$TMP/guest"/*
	cp "$TOP"/qemu/guest/* "$TMP/guest/src"
	cp "$TOP"/tests/qemu/bare/* "$TMP/guest/bare"
	chmod -R a+rX "$TMP/guest"
	say "making the s390x guest's image (log: $log) …"
	{
		inside cp "$S390X"/tree/s390x/root/boot/vmlinuz-* "$TMP/guest/kernel" &&
			qemu_run "$TMP/guest" sh -c "$(inside_script guest-build)" guest-build &&
			s390x_run "$TMP/guest" 120 s390x-initrd /mnt/src /mnt/initrd zcrypt_cex4
	} >"$log" 2>&1 </dev/null || {
		project_errors "$log"
		die "The s390x guest's image cannot be made (log: $log)."
	}
	inside rm -rf "$TMP/guest/src" "$TMP/guest/bare"
	cache_keep guest "$key"
}

# What a lab with guests needs beside all others.
guest_prepare() {
	lab_prepare
	qemu_prepare ap
	cache_unlock
}

# guest_put NAME: emulator and image into a lab. Needs QEMU_BUILT, GUEST.
guest_put() {
	local dir
	dir=$(lab_dir "$1")
	ssh_run "$dir" 60 'cat >/usr/bin/qemu-system-s390x-ap && chmod 755 /usr/bin/qemu-system-s390x-ap' <"$QEMU_BUILT"
	lab_put "$1" "$GUEST"/{kernel,initrd,key.pub,bare.elf} /usr/share/apmatrix/guest
}
