# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The cache: everything that is made, under names that tell what it was made from.
#
#   base-KEY/      the Debian tree                   lab/packages
#   image-KEY/     its disk image, kernel, ssh keys  lab/overlay, lab/chroot
#   warm-KEY/      a booted machine, as a snapshot   lab/machine.sh, lab/warm.sh
#   work-KEY/      the project, built in the tree
#   kernel-KEY/    the debug lab's kernel            lab/debug.config
#   labs/NAME/     a running lab
#   logs/          what failures left
#
# A product is made in tmp.*, then renamed: what has its final name is whole.

CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/apmatrix

cache_open() {
	local err
	err=$(mkdir -p "$CACHE" "$CACHE/labs" "$CACHE/logs" 2>&1) ||
		die "The cache $CACHE cannot be made (${err##*: }); set XDG_CACHE_HOME to a writable place."
	# Searchable for the user ids that the Debian tree is built under, but not to be listed: see cache_tmp.
	chmod 711 "$CACHE" 2>/dev/null && [[ -w $CACHE ]] ||
		die "The cache $CACHE is not yours to write; set XDG_CACHE_HOME to a place that is."
}

# key_of FILE… : a key over their names and contents, and over the text on stdin.
key_of() {
	{
		cat
		(cd "$TOP" && find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum)
	} | sha256sum | cut -c1-16
}

# One maker at a time. Descriptor 8 is the lock; daemons are started with it closed.
cache_lock() {
	exec 8>"$CACHE/lock"
	flock -n 8 && return
	say "waiting for another run that uses $CACHE …"
	flock -w 1800 8 ||
		die "Another run has held $CACHE/lock for half an hour; stop it (fuser $CACHE/lock names it), then run this again."
}

cache_unlock() { exec 8>&-; }

# Sets TMP, a place to make something in. Only under cache_lock: leftovers are nobody's work then.
# Its name cannot be guessed, because an ordinary user must open it to the ids of `inside`.
cache_tmp() {
	local old
	for old in "$CACHE"/tmp.*; do
		[[ ! -e $old ]] || inside_rm "$old"
	done
	TMP=$CACHE/tmp.$(od -An -N12 -tx1 /dev/urandom | tr -d ' ')
	mkdir "$TMP"
	((EUID == 0)) || chmod 777 "$TMP"
}

cache_tmp_end() {
	[[ -z $TMP ]] || inside_rm "$TMP"
	TMP=''
}

# cache_dir NAME: a folder in TMP that `inside` may write to.
cache_dir() {
	mkdir "$TMP/$1"
	((EUID == 0)) || chmod 777 "$TMP/$1"
}

# cache_keep NAME KEY: the folder made in TMP gets its final name; what older sources gave goes.
cache_keep() {
	chmod 755 "$TMP/$1"
	mv -T "$TMP/$1" "$CACHE/$1-$2"
	cache_tmp_end
	cache_drop_old "$1" "$2"
}

cache_drop_old() {
	local old
	for old in "$CACHE/$1"-*; do
		[[ -e $old && $old != "$CACHE/$1-$2" ]] || continue
		cache_in_use "$old" || inside_rm "$old"
	done
}

# A running lab goes on reading its image.
cache_in_use() {
	local lab
	for lab in "$CACHE"/labs/*/; do
		[[ -f $lab/image && $(<"$lab/image") == "$1" ]] && return 0
	done
	return 1
}

free_mb() { df -Pm "$1" | awk 'NR == 2 { print $4 }'; }

need_disk() {
	local have
	have=$(free_mb "$CACHE")
	((have >= $1)) ||
		die "Not enough disk for $2: $CACHE has $have MB free, $1 MB are needed. Free some, or set XDG_CACHE_HOME to a bigger disk."
}
