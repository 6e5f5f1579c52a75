# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What tests of many guests share: definitions of up to 20 with a queue each, and whether they hold.
# After matrix.sh.
# shellcheck disable=SC2154 # of that

guests=20

# 18 queues that the host has, and two that it does not: a definition may be ahead of the hardware.
queues=()
for a in 05 06 0a; do for d in 0004 0006 0047 00ab; do queues+=("$a.$d"); done; done
for a in 03 0b; do for d in 0004 0047 00ab; do queues+=("$a.$d"); done; done
queues+=(10.0004 11.0004)

# host N SHIFT: a definition of N guests; SHIFT moves each queue that many guests further.
host() {
	local i q
	echo "<ap:host xmlns:ap='urn:apmatrix:xml:1'>"
	echo "<ap:reserve><ap:adapter id='5-6'/><ap:adapter id='10'/><ap:adapter id='0x10-0x11'/>"
	echo "<ap:domain id='4'/><ap:domain id='0x47'/><ap:domain id='0xab'/></ap:reserve>"
	for ((i = 0; i < $1; i++)); do
		q=${queues[(i + $2) % guests]}
		echo "<ap:matrix name='guest-$i' uuid='$(mdev $((i + 1)))'><ap:adapter id='0x${q%.*}'/><ap:domain id='0x${q#*.}'/></ap:matrix>"
	done
	echo '</ap:host>'
}

# holds N SHIFT: sysfs and mdevctl's files say the same as the definition, read without apmatrix.
holds() {
	local i q uuid
	[[ $(find "$matrix" -maxdepth 1 -name '????????-*' | wc -l) == "$1" ]] || return 1
	[[ $(find /etc/mdevctl.d/matrix -type f 2>/dev/null | wc -l) == "$1" ]] || return 1
	for ((i = 0; i < $1; i++)); do
		q=${queues[(i + $2) % guests]} uuid=$(mdev $((i + 1)))
		[[ $(<"$matrix/$uuid/matrix") == "$q" ]] || return 1
		grep -q "\"assign_adapter\": \"0x${q%.*}\"" "/etc/mdevctl.d/matrix/$uuid" || return 1
		grep -q "\"assign_domain\": \"0x${q#*.}\"" "/etc/mdevctl.d/matrix/$uuid" || return 1
	done
}
