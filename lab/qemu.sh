# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# QEMU with AP instructions for emulated s390x machines (qemu/), built when it is asked for, in a copy of
# the Debian tree. qemu-KEY/ holds tree/ and in/ (belongs to `inside`: Debian's sources, builds, results).
# There are two: "ap", which the lab runs, and "model", with sanitizers and the machine's model compiled in.

# What QEMU is built from there, of this project
qemu_sources() {
	tar c -C "$TOP" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --exclude='*~' --exclude='.*.swp' \
		core include kmod qemu tests/qemu
}

qemu_key() {
	base_key | key_of lab/qemu-packages lab/chroot/qemu-tree lab/chroot/qemu-source
}

# Sets QEMU; makes the tree and fetches Debian's sources when they are not there. Needs BASE. Under cache_lock.
qemu_tree() {
	local key log=$CACHE/logs/qemu-tree.log
	key=$(qemu_key)
	QEMU=$CACHE/qemu-$key
	[[ ! -d $QEMU ]] || return 0
	say "First time: QEMU's emulator of s390x is built from Debian's sources, in 5 to 15 minutes on 2 cores. It"
	say "  needs 5 GB of disk in $CACHE (2.5 GB stay, with the guest for it)."
	need_disk 5000 "QEMU's build"
	cache_tmp
	cache_dir qemu
	list_of "$TOP/lab/qemu-packages" >"$TMP/qemu-packages"
	fetch_step "fetching QEMU's sources of Debian $SUITE (1 minute; log: $log)" "$log" 1200 qemu \
		mmdebstrap --unshare-helper sh -c "$(inside_script qemu-tree)" qemu-tree \
		"$BASE" "$TMP/qemu" "$TMP" "$(inside_script enter)" "$(inside_script qemu-source)" || {
		tail_of "$log" 6
		die "QEMU's sources could not be had from $(host_mirror) (log: $log): check network, mirror and free disk, then run this again."
	}
	cache_keep qemu "$key"
}

# qemu_make ap|model: sets QEMU_BUILT, the emulator; builds when a source changed. Needs QEMU. Under cache_lock.
qemu_make() {
	local kind=$1 log=$CACHE/logs/qemu-$1.log key
	QEMU_BUILT=$QEMU/in/$kind/qemu-system-s390x-ap
	key=$({
		inside_script qemu-build
		qemu_sources
	} | sha256sum | cut -c1-16)
	[[ ! -f $QEMU/$kind.key || $(<"$QEMU/$kind.key") != "$key" ]] || return 0
	rm -f "$QEMU/$kind.key"
	qemu_sources >"$QEMU/project.tar"
	chmod 644 "$QEMU/project.tar"
	step "building QEMU ($kind; 4 to 8 minutes the first time; log: $log)" "$log" 3600 \
		mmdebstrap --unshare-helper sh -c "$(inside_script enter)" enter "$QEMU/tree" "$QEMU" \
		nice -n 5 sh -c "$(inside_script qemu-build)" qemu-build "$kind" || {
		project_errors "$log"
		die "QEMU does not build (log: $log)."
	}
	echo "$key" >"$QEMU/$kind.key"
}

# qemu_run DIR CMD…: in QEMU's tree, with DIR as /mnt.
qemu_run() {
	local dir=$1
	shift
	inside sh -c "$(inside_script enter)" enter "$QEMU/tree" "$dir" "$@"
}

# qemu_prepare ap|model: all that tests of the emulator need. Under cache_lock.
qemu_prepare() {
	inside_check
	base_make
	qemu_tree
	qemu_make "$1"
	s390x_make
	guest_make
}

# The emulator with the machine's model compiled in and sanitizers, on this machine: tests/qemu.
qemu_all() {
	local run=$CACHE/run.qemu-$$
	say "the s390x emulator …"
	mkdir -p "$run/tests"
	((EUID == 0)) || chmod -R 777 "$run"
	cp "$QEMU_BUILT" "$run/emulator"
	cp "$GUEST"/* "$run"
	cp "$TOP"/tests/qemu/* "$run/tests" 2>/dev/null || true
	chmod -R a+rX "$run"
	test_lines qemu qemu_run "$run" timeout -k 5 1800 bash /mnt/tests/run
	inside_rm "$run"
}
