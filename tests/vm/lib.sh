# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# For tests that run in the lab: each call prints one result, "ok - TEXT" or "not ok - TEXT", and
# what is known about a failure after it, as lines with "# ". See docs/lab.md.

_result() {
	printf '%s - %s\n' "$1" "$2"
}

_diag() { sed 's/^/# /'; }

# ok TEXT CMD…: CMD succeeds.
ok() {
	local text=$1 out rc=0
	shift
	out=$("$@" 2>&1) || rc=$?
	if ((rc == 0)); then
		_result ok "$text"
		return
	fi
	_result 'not ok' "$text"
	printf '%s\nended with status %d: %s\n' "$out" "$rc" "$*" | _diag
}

# not_ok TEXT CMD…: CMD fails, but neither is it missing nor killed.
not_ok() {
	local text=$1 out rc=0
	shift
	out=$("$@" 2>&1) || rc=$?
	if ((rc > 0 && rc < 126)); then
		_result ok "$text"
		return
	fi
	_result 'not ok' "$text"
	printf '%s\nshould have failed, ended with status %d: %s\n' "$out" "$rc" "$*" | _diag
}

# refused TEXT REGEX CMD…: CMD fails, and says why.
refused() {
	local text=$1 regex=$2 out rc=0
	shift 2
	out=$("$@" 2>&1) || rc=$?
	if ((rc > 0 && rc < 126)) && grep -qE -- "$regex" <<<"$out"; then
		_result ok "$text"
		return
	fi
	_result 'not ok' "$text"
	printf '%s\nshould have failed with /%s/, ended with status %d: %s\n' "$out" "$regex" "$rc" "$*" | _diag
}

# is EXPECTED ACTUAL TEXT
is() {
	if [[ $1 == "$2" ]]; then
		_result ok "$3"
		return
	fi
	_result 'not ok' "$3"
	printf 'expected:\n%s\ngot:\n%s\n' "$1" "$2" | _diag
}

# like REGEX ACTUAL TEXT: some line of ACTUAL matches.
like() {
	if grep -qE -- "$1" <<<"$2"; then
		_result ok "$3"
		return
	fi
	_result 'not ok' "$3"
	printf 'expected a line with /%s/, got:\n%s\n' "$1" "$2" | _diag
}

# writes TEXT PATH VALUE: one write(2) of exactly VALUE succeeds.
writes() {
	ok "$1" apwrite "$2" "$3"
}

# fails_with ERRNO TEXT PATH VALUE: one write(2) of exactly VALUE fails with that errno, by name.
fails_with() {
	local got rc=0
	got=$(apwrite "$3" "$4" 2>/dev/null) || rc=$?
	if ((rc == 1)) && [[ $got == "$1" ]]; then
		_result ok "$2"
		return
	fi
	_result 'not ok' "$2"
	printf 'writing "%s" to %s: expected %s, got %s\n' "$4" "$3" "$1" "${got:-success}" | _diag
}

# raw_fails ERRNO TEXT PATH FORMAT: as fails_with, of what printf makes of FORMAT; '' succeeds
raw_fails() {
	local got
	# shellcheck disable=SC2059
	got=$(printf "$4" | python3 -c '
import errno, os, sys
try:
    os.write(os.open(sys.argv[1], os.O_WRONLY), sys.stdin.buffer.read())
except OSError as e:
    print(errno.errorcode[e.errno])' "$3" 2>&1)
	is "$1" "$got" "$2"
}

# skip TEXT WHY
skip() { _result ok "$1 # SKIP $2"; }

# rounds N: how often, on the debug kernel a fifth of that: it is to find what is wrong in the kernel.
rounds() { echo $((${APMATRIX_SLOW:-1} > 1 ? ($1 + 4) / 5 : $1)); }

# wait_for SECONDS CMD…: until CMD succeeds; fails when it does not in that time (four times that
# on the debug kernel).
wait_for() {
	local end=$((SECONDS + $1 * ${APMATRIX_SLOW:-1}))
	shift
	until "$@" >/dev/null 2>&1; do
		((SECONDS < end)) || return 1
		sleep 0.1
	done
}
