# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Work inside the Debian tree, as its root. For an ordinary user that is the root of a user
# namespace (subordinate ids): the tree's files belong to ids that only `inside` can touch.

inside() { mmdebstrap --unshare-helper "$@"; }

inside_rm() {
	rm -rf "$1" 2>/dev/null && return
	inside rm -rf "$1" 2>/dev/null || true
	rm -rf "$1" || say "could not remove $1"
}

inside_mode() { if ((EUID == 0)); then echo root; else echo unshare; fi; }

# Scripts are passed as text: the ids of `inside` may not be able to read the source tree.
inside_script() { cat "$TOP/lab/chroot/$1"; }

# Tell an ordinary user what is missing, before mmdebstrap says it less plainly.
inside_check() {
	local me
	((EUID != 0)) || return 0
	me=$(id -un)
	grep -qs "^$me:" /etc/subuid && grep -qs "^$me:" /etc/subgid ||
		die "$me has no subordinate ids, which building the lab needs; as root run: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $me"
	inside true 2>/dev/null ||
		die "User namespaces do not work for $me here (mmdebstrap --unshare-helper true fails); as root allow them (sysctl kernel.unprivileged_userns_clone=1) or run this as root."
	inside test -x "$CACHE" 2>/dev/null ||
		die "Building the lab uses other user ids, which cannot reach $CACHE: make its parent folders searchable (chmod o+x), or set XDG_CACHE_HOME to a place that is."
}
