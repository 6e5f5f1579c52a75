# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The instructions, by a program without an operating system (bare/).

MODEL='ap-model,adapters=5:CEX8C\,6:CEX8A\,255:CEX8P,domains=4\,0x47\,255'

# bare WHAT COMMAND-LINE ARGUMENT…: its results are ours.
bare() {
	local what=$1 words=$2 rc=0 results
	shift 2
	DIR=$(mktemp -d)
	emulate -kernel /mnt/bare.elf -append "$words" "$@" >"$DIR/out" || rc=$?
	tr -d '\r' <"$DIR/out" | sed -n "s/^ok - /&$what: /p; s/^not ok - /FAIL - $what: /p; /^#/p"
	results=$(grep -cE '^(not )?ok - ' "$DIR/out")
	if ! grep -q "^1\.\.$results" "$DIR/out" || ((!results)); then
		not_ok "$what: the program comes to its end"
	fi
	emulator_said "$rc" "$what: the emulator ends, without leaks"
}

test_queues() {
	bare "no device" "every-queue queues=0" -cpu max
	bare "9 queues" "every-queue queues=9" -cpu max -device "${MODEL//\\/,}"
}

test_exceptions() {
	bare "exceptions" "exceptions" -cpu max
	bare "exceptions, with a device" "exceptions" -cpu max -device "${MODEL//\\/,}"
	bare "no QCI" "exceptions no-apqci" -cpu max,apqci=off
	bare "no T bit" "exceptions no-apft" -cpu max,apft=off
	bare "no AQIC" "exceptions no-apqi" -cpu max,apqi=off
	bare "no AP" "exceptions no-ap" -cpu max,ap=off,apqci=off,apft=off,apqi=off
}

test_messages() {
	bare "messages" "messages adapter=6 domain=4" -cpu max -device "${MODEL//\\/,}"
	bare "slow messages" "messages adapter=6 domain=4" -cpu max -device "${MODEL//\\/,},reset-ms=20"
}

# fuzz COUNT
test_fuzz() {
	bare "${1:-1000000} random instructions" "fuzz=${1:-1000000} seed=${2:-4711} adapter=6 domain=4" -cpu max \
		-device "${MODEL//\\/,}"
}
