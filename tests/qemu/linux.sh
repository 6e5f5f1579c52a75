# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Linux on it: Debian's s390x kernel, with its own AP bus and zcrypt.

ADAPTERS=5:CEX8C,6:CEX8A,9:CEX7A
DOMAINS=4,0x47

test_linux() {
	machine_start
	guest queues
	is "$ANSWER" "" "without a device the guest's AP bus has no queue"
	guest 'cat /sys/bus/ap/features'
	like "$ANSWER" '*APXA*' "the guest has found QCI"
	linux_plug
	linux_crypto
	linux_changes
	linux_reset
	linux_unplug
	machine_end "the emulator ends, without leaks"
}

linux_plug() {
	device_add $ADAPTERS $DOMAINS || not_ok "a device is plugged"
	lists "05.0004 05.0047 06.0004 06.0047 09.0004 09.0047" "hot plugged: the guest lists its queues"
	guest 'online 20' && ok "zcrypt binds all of them" || not_ok "zcrypt binds all of them"
	guest 'cat /sys/bus/ap/devices/card*/type /sys/bus/ap/ap_interrupts'
	is "${ANSWER//$'\n'/ }" "CEX8C CEX8A CEX7A 1" "the guest knows the cards, and has interrupts"
	guest 'cat /sys/bus/ap/devices/06.0004/interrupt'
	is "$ANSWER" "Interrupts enabled." "a queue's interrupts are on"
	device_add 7:CEX8A 4 second
	like "$REPLY_QMP" '*a guest has one AP device: detach the other*' "a second device is refused, and it is said why"
	lists "05.0004 05.0047 06.0004 06.0047 09.0004 09.0047" "and the first one works on"
}

linux_crypto() {
	local signature
	guest 'cat /sys/class/misc/hw_random/rng_current'
	is "$ANSWER" zcrypt "zcrypt gives random numbers"
	guest 'head -c 64 /dev/hwrng | od -An -tx1 | tr -d " \n" | wc -c'
	is "$ANSWER" 128 "64 bytes of /dev/hwrng"
	guest 'apguest rsa 200' || not_ok "RSA runs"
	is "$ANSWER" "right 200 wrong 0 refused 0" "200 RSA operations by /dev/z90crypt"
	guest 'apguest sign "a queue signs"'
	signature=$ANSWER
	is "$(recover "$signature")" "a queue signs" "a signature of the guest is right outside"
	guest 'cat /sys/bus/ap/devices/06.*/request_count /sys/bus/ap/devices/09.*/request_count | grep -vc "^0$"'
	is "$ANSWER" 4 "all queues of accelerators have worked"
}

# recover HEX: what an RSA signature is of, by OpenSSL
recover() {
	printf %s "$1" | sed 's/../\\x&/g' | xargs -0 printf %b >"$DIR/signature"
	openssl pkeyutl -verifyrecover -pubin -inkey /mnt/key.pub -in "$DIR/signature" 2>&1
}

linux_changes() {
	matrix "5 6" "4 71"
	lists "05.0004 05.0047 06.0004 06.0047" "an adapter is taken away"
	matrix "5 6 9" "4"
	lists "05.0004 06.0004 09.0004" "an adapter comes back, a domain goes"
	guest 'online 20; apguest rsa 100'
	is "$ANSWER" "right 100 wrong 0 refused 0" "RSA runs on what is left"
	device_set off '"9"'
	guest 'echo 1 >/sys/bus/ap/scans; sleep 1; cat /sys/bus/ap/devices/card09/config'
	is "$ANSWER" 0 "an adapter that is configured off is seen to be"
	guest 'apguest rsa 100'
	like "$ANSWER" "right 100 wrong 0 *" "RSA runs on the other"
	device_set off '""'
	matrix "5 6 9" "4 71"
	lists "05.0004 05.0047 06.0004 06.0047 09.0004 09.0047" "all is as before"
	guest 'echo 1 >/sys/bus/ap/scans; sleep 1; cat /sys/bus/ap/devices/card09/config'
	is "$ANSWER" 1 "also that adapter"
}

# What the host does to the guest, as long as the file is there
changes() {
	local n=0
	while [[ -e $1 ]]; do
		case $((n++ % 6)) in
		0) matrix "5 6" "4 71" ;;
		1) matrix "5 6 9" "4" ;;
		2) device_set off '"9"' ;;
		3) matrix "5 6 9" "4 71" ;;
		4) device_set off '""' ;;
		5) matrix "6 9" "71" ;;
		esac
		sleep 0.5
	done
	device_set off '""'
	matrix "5 6 9" "4 71"
	echo "# $n changes"
}

# 10,000 operations by four at a time, while queues come and go, a card is off, and the guest resets queues
linux_torture() {
	local LIMIT=900
	: >"$DIR/changing"
	changes "$DIR/changing" &
	guest '(while sleep 1; do for q in /sys/bus/ap/devices/06.*/reset; do echo 1 >$q; done; done) 2>/dev/null & p=$!; for i in 1 2 3 4; do apguest rsa 2500 30 >/tmp/r$i & w="$w $!"; done; wait $w; kill $p; cat /tmp/r?'
	rm "$DIR/changing"
	wait $!
	echo "# ${ANSWER//$'\n'/; }"
	is "$(grep -c '^right 2500 wrong 0 refused [0-9]*$' <<<"$ANSWER")" 4 "10,000 RSA operations are right while all changes"
}

# With one CPU: on two, a removed queue is polled while its driver is going (docs/guest.md).
test_torture() {
	local SMP=${SMP:-1}
	machine_start -device "ap-model,id=ap,adapters=${ADAPTERS//,/,,},domains=${DOMAINS//,/,,}"
	lists "05.0004 05.0047 06.0004 06.0047 09.0004 09.0047" "cold plugged: the guest lists its queues"
	guest 'online 20'
	linux_torture
	lists "05.0004 05.0047 06.0004 06.0047 09.0004 09.0047" "afterwards the guest lists its queues"
	guest 'online 40; apguest rsa 100'
	like "$ANSWER" "right 100 wrong 0 *" "and they work"
	machine_end "the emulator ends, without leaks"
}

linux_reset() {
	qmp '{"execute":"system_reset"}'
	machine_ready
	lists "05.0004 05.0047 06.0004 06.0047 09.0004 09.0047" "after a reset the guest lists its queues"
	guest 'online 20; apguest rsa 100'
	is "$ANSWER" "right 100 wrong 0 refused 0" "and they work"
	guest_begin 'reboot -f'
	machine_ready
	lists "05.0004 05.0047 06.0004 06.0047 09.0004 09.0047" "after a reboot the guest lists its queues"
}

linux_unplug() {
	device_del || not_ok "the device is unplugged"
	lists "" "unplugged: the guest has no queue"
	guest 'apguest rsa 1 0.1'
	like "$ANSWER" "right 0 wrong 0 refused * ended by No such device" "RSA ends with an error"
	device_add $ADAPTERS 5 || not_ok "a device is plugged again"
	lists "05.0005 06.0005 09.0005" "plugged again: the guest lists its queues"
	guest 'online 20; apguest rsa 100'
	is "$ANSWER" "right 100 wrong 0 refused 0" "and they work"
}

test_bad() {
	local said
	said=$($EMULATOR -machine s390-ccw-virtio -accel tcg -cpu max,ap=off,apqci=off,apft=off,apqi=off -nodefaults \
		-display none -kernel /mnt/bare.elf -device ap-model 2>&1 </dev/null) && not_ok "a CPU without AP takes no device"
	like "$said" "*use 'max'*" "a CPU without AP takes no device, and it is said why"
	said=$($EMULATOR -machine s390-ccw-virtio -accel tcg -cpu max -nodefaults -display none -kernel /mnt/bare.elf \
		-device ap-model -device ap-model 2>&1 </dev/null) && not_ok "there is room for one device"
	like "$said" "*a guest has one AP device*" "there is room for one device, and it is said what to do"
}
