# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What tests of matrix devices share: where things are, and masks.

# shellcheck disable=SC2034
matrix=/sys/devices/vfio_ap/matrix
create=$matrix/mdev_supported_types/vfio_ap-passthrough/create

# mask ID…: 64 hexadecimal digits, id 0 leftmost.
mask() {
	local words=(0 0 0 0 0 0 0 0) id
	for id; do words[id / 32]=$((words[id / 32] | 1 << (31 - id % 32))); done
	printf '%08x' "${words[@]}"
}

# config "APID…" "APQI…" "CONTROL…": the text of ap_config.
config() {
	# shellcheck disable=SC2086
	printf '0x%s,0x%s,0x%s' "$(mask $1)" "$(mask $2)" "$(mask $3)"
}

# lines FILE: its lines in one.
lines() { paste -sd' ' "$1"; }

# mdev N: the UUID of test device N.
mdev() { printf '00000000-0000-4000-8000-%012x' "$1"; }

# new_mdev N: makes it, and prints its directory.
new_mdev() {
	apwrite "$create" "$(mdev "$1")" && echo "$matrix/$(mdev "$1")"
}

# settles SECONDS FILE EXPECTED: the lines of a file are so within that time.
settles() { wait_for "$1" _holds "$2" "$3"; }

_holds() { [[ $(lines "$1") == "$2" ]]; }

# settled: no queue of any device is being reset or waits for one that is.
settled() { ! grep -qs 'reset in progress\|waits for' $matrix/*/filtered; }
