#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# fetch.sh LAB: what of the lab's making is tried again, and what is not.
set -u
LAB=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
# shellcheck disable=SC2034 # of the parts
XDG_CACHE_HOME=$dir TOP=$dir
for part in say cache inside fetch; do
	# shellcheck disable=SC1090
	. "$LAB/$part.sh"
done
# shellcheck disable=SC2034 # of fetch.sh
FETCH_PAUSE=0
TMP=$dir/tmp
mkdir "$TMP"

# The command under test: says LINE and fails with STATUS as often as FAULTS says; counts its runs, and
# those that did not find their folder empty.
# shellcheck disable=SC2317 # called by name
attempt() {
	echo run >>"$dir/runs"
	[[ -z $(ls -A "$TMP/tree") ]] || echo dirty >>"$dir/dirty"
	touch "$TMP/tree/half"
	(($(wc -l <"$dir/runs") > faults)) || {
		echo "$line"
		return "$status"
	}
}
# step runs it by timeout, which knows no functions.
# shellcheck disable=SC2317
timeout() { "${@:5}"; }

n=0
# try NAME FAULTS LINE STATUS-OF-IT RUNS STATUS
try() {
	local rc=0 runs faults=$2 line=$3 status=$4
	rm -rf "$dir/runs" "$dir/dirty" "$TMP/tree"
	mkdir "$TMP/tree"
	fetch_step "$1" "$dir/log" 60 tree attempt 2>/dev/null || rc=$?
	runs=$(wc -l <"$dir/runs")
	n=$((n + 1))
	if [[ $runs == "$5" && $rc == "$6" && ! -e $dir/dirty ]]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1: $runs runs, status $rc$([[ ! -e $dir/dirty ]] || echo ', folder not empty')"
	fi
}

try 'what works runs once' 0 '' 0 1 0
try 'an index of another moment is fetched again' 1 'E: Some index files failed to download. They have been ignored, or old ones used instead.' 25 2 0
try 'twice' 2 'E: Failed to fetch http://mirror/Packages.xz  Hash Sum mismatch' 25 3 0
try 'not for ever' 99 'E: Unable to connect to mirror:80' 25 4 25
try 'a fault of another kind is not' 99 'E: Unable to locate package no-such-package' 25 1 25
try 'nor a disk that is full' 99 'tar: ./usr: Cannot write: No space left on device' 2 1 2
echo "1..$n"
