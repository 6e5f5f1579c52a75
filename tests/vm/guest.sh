# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What tests with s390x guests share.

# shellcheck source=lab/guest/guests
. /usr/lib/apmatrix/guests

# begins NAME TEXT: not by `ok`, whose commands are in a process of their own.
begins() {
	if begin "$1" >begin.log 2>&1; then
		_result ok "$2"
	else
		_result 'not ok' "$2"
		_diag <begin.log
	fi
}

# lists NAME UUID TEXT: the guest's own AP bus has what guest_matrix of its device has, within 60 seconds.
lists() {
	local want start=$SECONDS
	want=$(paste -sd, "$matrix/$2/guest_matrix" 2>/dev/null)
	if guest "$1" 300 "queues_are '$want' 60"; then
		_result ok "$3 ($((SECONDS - start)) s)"
	else
		_result 'not ok' "$3"
		printf 'guest_matrix: %s\nthe guest: %s\n' "$want" "${ANSWER//$'\n'/,}" | _diag
	fi
}
