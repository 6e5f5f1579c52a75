# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Messages and bounded steps. All of it goes to stderr: stdout belongs to the commands people run.

say() { printf 'apmatrix: %s\n' "$*" >&2; }

die() {
	say "$*"
	exit 1
}

# step TEXT LOG LIMIT CMD…: a long step, announced at its start and timed at its end.
# --foreground: so that Ctrl-C reaches CMD.
step() {
	local text=$1 log=$2 limit=$3 start=$SECONDS rc=0
	shift 3
	say "$text …"
	timeout --foreground -k 30 "$limit" "$@" >"$log" 2>&1 </dev/null || rc=$?
	case $rc in
	0) say "  done in $((SECONDS - start)) s" ;;
	124 | 137) say "  stopped: not done after $((SECONDS - start)) s (limit $limit s)" ;;
	*) say "  failed after $((SECONDS - start)) s (status $rc)" ;;
	esac
	return $rc
}

# The end of a log, for the person who has just been told that something failed.
tail_of() {
	[[ -s $1 ]] || return 0
	tail -n "${2:-15}" "$1" | sed 's/\r$//; s/^/    /' >&2
}

# What a console says about a kernel's trouble: from its first oops on, else its end.
kernel_complaint() {
	local first
	[[ -s $1 ]] || return 0
	first=$(grep -nE -m 1 'BUG:|Oops|WARNING:|kernel BUG|Kernel panic|UBSAN|general protection' "$1" | cut -d: -f1)
	if [[ $first ]]; then
		tail -n "+$first" "$1" | head -n 40 | sed 's/\r$//; s/^/    /' >&2
	else
		tail_of "$1" 20
	fi
}
