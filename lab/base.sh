# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The Debian tree that the lab's disk is made from and the project is built in.

SUITE=trixie

base_key() {
	echo "$SUITE $(inside_mode)" | key_of lab/packages lab/base.sh lab/chroot/sources
}

# Before anything is installed or made: what it will take, and whether that is there.
base_announce() {
	[[ ! -d $CACHE/base-$(base_key) ]] || return 0
	say "First run: makes a Debian machine for tests, in about 3 minutes on 2 cores and a fast network. It needs"
	say "  4 GB of disk in $CACHE (2 GB stay), 2.5 GB of memory while a lab runs,"
	say "  about 300 MB of downloads, and these packages here: $(host_packages | paste -sd' ')"
	need_disk 4000 "the lab's first build"
	need_memory 2500
}

# Sets BASE; makes it when it is not there. Under cache_lock.
base_make() {
	local key
	key=$(base_key)
	BASE=$CACHE/base-$key
	[[ ! -d $BASE ]] || return 0
	cache_tmp
	cache_dir base
	base_bootstrap "$CACHE/logs/base.log"
	cache_keep base "$key"
}

# Most drivers are of no use here and make depmod slow: the folders of path-include stay.
base_drivers() {
	local lib='/usr/lib/modules/*/kernel' keep
	printf -- '--dpkgopt=path-exclude=%s\n' "$lib/drivers/*" "$lib/sound/*" "$lib/net/vmw_vsock/*"
	for keep in vfio virtio vhost block/virtio_blk net/net_failover net/virtio_net char/hw_random crypto/ccp; do
		printf -- '--dpkgopt=path-include=%s\n' "$lib/drivers/$keep*"
	done
}

base_options() {
	local opt
	printf -- '--dpkgopt=path-exclude=/usr/share/%s/*\n' man doc locale
	base_drivers
	for opt in 'Apt::Install-Recommends "false";' 'Acquire::Retries "3";' 'Acquire::http::Timeout "30";'; do
		printf -- '--aptopt=%s\n' "$opt"
	done
	host_apt_options | sed 's/^/--aptopt=/'
}

base_bootstrap() {
	# Where the ids of `inside` can read it.
	inside_script sources >"$TMP/sources"
	chmod 644 "$TMP/sources"
	# INITRD=No: the lab has an initrd of its own.
	INITRD=No fetch_tree "building a Debian $SUITE tree (1 to 3 minutes; log: $1)" "$1" 2400 base \
		--include="$(list_of "$TOP/lab/packages" | paste -sd,)" "deb-src $(host_mirror) $SUITE main" \
		--customize-hook="chroot \"\$1\" sh -s <'$TMP/sources'"
}
