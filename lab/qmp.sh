# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# One command to QEMU's human monitor by QMP, as socat and bash can do it.

# qmp_hmp DIR LIMIT COMMAND…: prints the monitor's answer; fails when there is none.
qmp_hmp() {
	local dir=$1 limit=$2 line answer='' rc=1
	shift 2
	coproc QMP { cd "$dir" && exec socat -t 1 - UNIX-CONNECT:qmp 2>/dev/null; }
	local pid=$QMP_PID out=${QMP[0]} in=${QMP[1]}
	{
		printf '{"execute":"qmp_capabilities"}\n'
		printf '{"execute":"human-monitor-command","arguments":{"command-line":"%s"},"id":"hmp"}\n' "$*"
	} 1>&"$in" || true
	while IFS= read -r -t "$limit" -u "$out" line; do
		[[ $line == *'"id": "hmp"'* ]] || continue
		[[ $line == *'"error"'* ]] || rc=0
		answer=${line#*'"return": "'}
		printf '%b' "${answer%'", "id"'*}"
		break
	done
	kill "$pid" 2>/dev/null || true
	wait "$pid" 2>/dev/null || true
	return $rc
}
