# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What comes over the network. apt tries a broken connection again by itself, but not a mirror that hands
# out an index or a package of another moment than its Release file (a proxy does that for a while).

FETCH_TRIES=4
FETCH_PAUSE=20 # seconds before the second try; twice that before the third, and so on

# What apt and mmdebstrap say when the network or the mirror was at fault, in a log.
FETCH_FAULTS='Failed to fetch|[Ff]ailed to download|Hash Sum mismatch|unexpected size|Mirror sync in progress'
FETCH_FAULTS+='|Could not (connect|resolve|handshake)|Temporary failure|Connection (failed|timed out|reset)|Unable to connect'
FETCH_FAULTS+='|Clearsigned file isn.t valid|not signed|Undetermined Error|Error reading from server'

fetch_failed() { grep -qE "$FETCH_FAULTS" "$1"; }

# fetch_step TEXT LOG LIMIT NAME CMD…: a step that fills the folder NAME of TMP from the network. A try that
# failed for the network's sake is made again, in an empty folder.
fetch_step() {
	local text=$1 log=$2 limit=$3 name=$4 try rc pause=$FETCH_PAUSE
	shift 4
	for ((try = 1; ; try++)); do
		rc=0
		step "$text" "$log" "$limit" "$@" || rc=$?
		((rc && try < FETCH_TRIES)) && fetch_failed "$log" || return $rc
		say "  the network or the mirror was at fault; once more in $pause s:"
		grep -E "$FETCH_FAULTS" "$log" | head -n 2 | sed 's/^/    /' >&2
		sleep "$pause"
		pause=$((pause * 2))
		inside_rm "$TMP/$name"
		cache_dir "$name"
	done
}

# fetch_tree TEXT LOG LIMIT NAME ARGUMENT…: a Debian tree, NAME/tree of TMP; ARGUMENTs are further ones of
# mmdebstrap.
fetch_tree() {
	local text=$1 log=$2 limit=$3 name=$4 mirror opts
	shift 4
	mirror=$(host_mirror)
	mapfile -t opts < <(base_options)
	fetch_step "$text" "$log" "$limit" "$name" \
		mmdebstrap --mode="$(inside_mode)" --variant=apt --format=directory --dpkgopt=force-unsafe-io "${opts[@]}" \
		"$SUITE" "$TMP/$name/tree" "$mirror" "$@" || {
		grep -E '^(E:|W:|Err)' "$log" | tail -n 4 | sed 's/^/    /' >&2 || true
		die "No Debian tree could be built from $mirror (log: $log): check network, mirror and free disk, then run this again."
	}
}
