# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The lab's disk: a copy of the Debian tree with lab/overlay and throw-away ssh keys, as an ext4
# image; beside it the kernel, the initrd and the keys' other halves.

image_key() {
	tree_key | key_of lab/overlay lab/chroot/setup lab/chroot/image lab/init.c lab/apwrite.c lab/image.sh
}

# Sets IMAGE; makes it when it is not there. Needs BASE. Under cache_lock.
image_make() {
	local key out log=$CACHE/logs/image.log
	key=$(image_key)
	IMAGE=$CACHE/$(kind image)-$key
	[[ ! -d $IMAGE ]] || return 0
	need_disk 3000 "the lab's disk image"
	cache_tmp
	out=$TMP/$(kind image)
	cache_dir "$(kind image)"
	image_keys "$out"
	image_payload "$TMP/payload" "$out"
	step "making the lab's disk image (about 30 s; log: $log)" "$log" 600 \
		mmdebstrap --unshare-helper sh -c "$(inside_script image)" image \
		"$BASE" "$out" "$TMP/payload.tar" "$(inside_script enter)" || {
		tail_of "$log"
		die "The lab's disk image could not be made (log: $log)."
	}
	cache_keep "$(kind image)" "$key"
}

# One key pair for the client, one for the lab: known_hosts is pinned, and nobody else has them.
image_keys() {
	ssh-keygen -q -t ed25519 -N '' -C apmatrix-lab -f "$1/id"
	ssh-keygen -q -t ed25519 -N '' -C lab -f "$1/host"
	printf 'lab %s\n' "$(<"$1/host.pub")" >"$1/known_hosts"
}

image_payload() {
	local dir=$1 keys=$2
	mkdir -p "$dir/root/.ssh" "$dir/etc/ssh" "$dir/lab"
	cp -r "$TOP/lab/overlay/." "$dir"
	cp "$TOP/lab/chroot/setup" "$TOP/lab/init.c" "$TOP/lab/apwrite.c" "$dir/lab"
	cp "$keys/id.pub" "$dir/root/.ssh/authorized_keys"
	mv "$keys/host" "$dir/etc/ssh/ssh_host_ed25519_key"
	mv "$keys/host.pub" "$dir/etc/ssh/ssh_host_ed25519_key.pub"
	chmod -R u=rwX,go=rX "$dir"
	tar c -C "$dir" -f "$dir.tar" .
	chmod 644 "$dir.tar"
}
