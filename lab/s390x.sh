# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# s390x, emulated: a Debian tree with a cross compiler, Debian's s390x kernel and busybox, and QEMU. It
# is made when it is asked for, and boots in seconds on this machine (in the lab it takes minutes).

s390x_packages() { list_of "$TOP/lab/s390x-packages" | grep "$@" ':s390x$'; }

s390x_key() {
	echo "$SUITE $(inside_mode)" | key_of lab/s390x-packages lab/chroot/s390x-tree
}

# Sets S390X; makes it when it is not there. Under cache_lock.
s390x_make() {
	local key log=$CACHE/logs/s390x.log
	key=$(s390x_key)
	S390X=$CACHE/s390x-$key
	[[ ! -d $S390X ]] || return 0
	inside_check
	need_disk 2500 "the tree for s390x"
	cache_tmp
	cache_dir s390x
	fetch_tree "building a Debian $SUITE tree with an s390x kernel, its compiler and QEMU (2 minutes; log: $log)" "$log" 1800 s390x \
		--architectures=amd64,s390x --include="$(s390x_packages -v | paste -sd,)" \
		--customize-hook="copy-in $TOP/lab/chroot/s390x-tree /tmp" \
		--customize-hook="chroot \"\$1\" sh /tmp/s390x-tree $(s390x_packages -e | paste -sd' ')"
	cache_keep s390x "$key"
}

# s390x_run DIR LIMIT SCRIPT ARGUMENT…: a script of lab/chroot in the tree, with DIR as /mnt, for LIMIT seconds.
s390x_run() {
	local dir=$1 limit=$2 script=$3
	shift 3
	timeout --foreground -k 30 "$limit" mmdebstrap --unshare-helper sh -c "$(inside_script enter)" enter \
		"$S390X/tree" "$dir" sh -c "$(inside_script "$script")" "$script" "$@"
}

# Sets S390X_RUN: src, the sources that the modules need; guest, the files of the machine; and the
# products of the last build, so that the next one is short. The tree sees it as /mnt.
s390x_sources() {
	S390X_RUN=$CACHE/s390x-work
	if [[ ! -d $S390X_RUN ]]; then
		mkdir "$S390X_RUN"
		((EUID == 0)) || chmod 777 "$S390X_RUN"
	fi
	inside_rm "$S390X_RUN/src"
	inside_rm "$S390X_RUN/guest"
	mkdir "$S390X_RUN/src" "$S390X_RUN/guest"
	tar c -C "$TOP" core include kmod | tar x -C "$S390X_RUN/src" --no-same-owner
	cp "$TOP"/tests/s390x/* "$TOP"/tests/messages/* "$S390X_RUN/guest"
	chmod -R a+rX "$S390X_RUN/src" "$S390X_RUN/guest"
}

# Builds the modules and the initramfs of the test: S390X_RUN/initrd.
s390x_build() {
	s390x_run "$S390X_RUN" 900 s390x-build &&
		s390x_run "$S390X_RUN" 120 s390x-initrd /mnt/guest /mnt/initrd configfs vfio vfio_iommu_type1 \
			/mnt/ko/ap_host.ko /mnt/ko/ap_sim.ko /mnt/ko/vfio_ap.ko
} >"$1" 2>&1 </dev/null

# The test: tests/s390x/init is the first process of an emulated machine.
s390x_all() {
	local log=$CACHE/logs/s390x-test.log console=$CACHE/logs/s390x-console.log start=$SECONDS ok bad
	s390x_sources
	say "building the modules for s390x (log: $log) …"
	if ! s390x_build "$log"; then
		project_errors "$log"
		echo "FAIL s390x: does not build (log: $log)"
		FAILED=$((FAILED + 1))
		return
	fi
	say "booting s390x …"
	s390x_run "$S390X_RUN" 330 s390x-boot /mnt/initrd 300 </dev/null 2>&1 | tr -d '\r' >"$console" || true
	ok=$(grep -c '^ok ' "$console") || true
	bad=$(grep -c '^not ok ' "$console") || true
	s390x_verdict "$console" "$ok" "$bad" $((SECONDS - start))
}

# The console ends with the number of its results: a machine that stops before has failed.
s390x_verdict() {
	local console=$1 ok=$2 bad=$3
	if ! grep -q "^1\.\.$((ok + bad))\$" "$console"; then
		bad=$((bad + 1))
		echo "not ok - the machine came to its end" >>"$console"
	fi
	if ((bad)); then
		sed 's/^/    /' "$console" | tail -n 80
		echo "FAIL s390x: $ok passed, $bad failed, $4 s (log: $console)"
	else
		echo "PASS s390x: $ok passed, $4 s"
	fi
	PASSED=$((PASSED + ok)) FAILED=$((FAILED + bad))
}
