# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# ./run demo: lab/guest/demo in a lab of its own. It gets COLUMNS, and APMATRIX_TTY=1 when its
# output goes to a terminal (it has a pipe, so that stdout and stderr stay apart). With --guest it is
# lab/guest/demo-guest, with an s390x guest.

verb_demo() {
	local rc=0 tty='' columns=80 wrong script=demo limit=600
	if [[ -t 1 ]]; then
		tty=1
		columns=$(stty size 2>/dev/null </dev/tty | cut -d' ' -f2) || true
		[[ $columns =~ ^[1-9][0-9]*$ ]] || columns=80
	fi
	lab_own "demo-$$"
	if [[ ${1-} == --guest ]]; then
		shift
		lab_start "$NAME" warm bare yes
		script=demo-guest limit=3600
	else
		lab_start "$NAME" warm demo
	fi
	lab_exec "$NAME" "$limit" env "APMATRIX_TTY=$tty" "COLUMNS=$columns" "TERM=${TERM:-dumb}" "NO_COLOR=${NO_COLOR-}" \
		"/usr/lib/apmatrix/$script" "$@" </dev/null || rc=$?
	wrong=$(kernel_check "$NAME" "$TOP/lab/guest/$script") || {
		printf '%s\n' "$wrong" >&2
		[[ $LAB_DIED == yes ]] || lab_keep "$NAME" demo
		die "The kernel complained during the demo (kept: $KEPT)."
	}
	((rc == 0)) || {
		lab_keep "$NAME" demo
		say "The demo failed with status $rc (kept: $KEPT)."
	}
	exit $rc
}
