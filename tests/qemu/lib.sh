# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# An emulated s390x machine, its console and its monitor. Runs in QEMU's tree; /mnt holds emulator, kernel,
# initrd and bare.elf.

# shellcheck disable=SC2086 # of more than one word
EMULATOR="/mnt/emulator -L /usr/share/qemu"
LIMIT=120 # seconds for one answer of a guest; the sanitizers make it slow

# Leaks are looked for when the emulator ends; what is freed is kept for a while, but not for long.
export ASAN_OPTIONS=detect_leaks=1:quarantine_size_mb=16:exitcode=99
export LSAN_OPTIONS=suppressions=/mnt/tests/leaks:print_suppressions=0

ok() { echo "ok - $*"; }

not_ok() {
	echo "FAIL - $*"
	FAILED=yes
}

# is GOT WANTED WHAT
is() {
	if [[ $1 == "$2" ]]; then
		ok "$3"
	else
		not_ok "$3"
		printf '#   is:     %q\n#   wanted: %q\n' "$1" "$2"
	fi
}

like() {
	if [[ $1 == $2 ]]; then # shellcheck disable=SC2053 # a pattern
		ok "$3"
	else
		not_ok "$3"
		printf '#   is:        %q\n#   wanted as: %q\n' "$1" "$2"
	fi
}

# emulate ARGUMENT…: the machine without an operating system; its console is stdout.
emulate() {
	timeout -k 5 1200 $EMULATOR -machine s390-ccw-virtio -accel tcg -m 64 -nodefaults -display none -monitor none \
		-no-reboot -device sclpconsole,chardev=console -chardev stdio,id=console,signal=off "$@" </dev/null 2>"$DIR/stderr"
}

# machine_start ARGUMENT…: Linux; answers by guest and qmp. It is ready when this returns.
machine_start() {
	local name
	DIR=$(mktemp -d)
	mkfifo "$DIR"/{console,monitor}.{in,out}
	exec {CONSOLE_IN}<>"$DIR/console.in" {CONSOLE_OUT}<>"$DIR/console.out"
	exec {MONITOR_IN}<>"$DIR/monitor.in" {MONITOR_OUT}<>"$DIR/monitor.out"
	$EMULATOR -machine s390-ccw-virtio -accel tcg,thread=multi -cpu max -smp "${SMP:-2}" -m 512 -nodefaults -display none \
		-chardev pipe,id=console,path="$DIR/console" -device sclpconsole,chardev=console \
		-chardev pipe,id=monitor,path="$DIR/monitor" -mon chardev=monitor,mode=control \
		-kernel /mnt/kernel -initrd /mnt/initrd -append "console=ttysclp0 loglevel=4 panic=-1 ${MORE-}" "$@" \
		</dev/null >"$DIR/stdout" 2>"$DIR/stderr" &
	MACHINE=$!
	qmp '{"execute":"qmp_capabilities"}' || not_ok "the monitor answers"
	machine_ready
}

machine_ready() {
	console_until '= ready' || {
		not_ok "the guest boots"
		sed 's/^/# /' "$DIR/stderr"
		exit 1
	}
}

# Reads the console; sets ANSWER (what had "> ") and LAST. What else the guest says is shown.
console_until() {
	local line='' part end=$((SECONDS + LIMIT))
	ANSWER='' LAST=''
	while ((SECONDS < end)) && kill -0 "$MACHINE" 2>/dev/null; do
		# What came of a line before the time was over is part of it.
		IFS= read -r -t 1 -u "$CONSOLE_OUT" part || {
			line+=$part
			continue
		}
		line+=$part
		line=${line%$'\r'}
		case $line in
		'> '*) ANSWER+=${ANSWER:+$'\n'}${line#> } ;;
		'= '*)
			LAST=$line
			# shellcheck disable=SC2053
			[[ $line == $1 ]] && return
			;;
		*) [[ -z ${line//[[:space:]]/} ]] || echo "# guest: $line" ;;
		esac
		line=''
	done
	return 1
}

# guest COMMAND: sets ANSWER; the status is that of the command.
guest() {
	printf '%s\n' "$1" >&"$CONSOLE_IN"
	console_until '= *' || {
		not_ok "the guest answers '$1'"
		return 255
	}
	return "${LAST#= }"
}

# guest_begin COMMAND, guest_end: the same in two parts.
guest_begin() { printf '%s\n' "$1" >&"$CONSOLE_IN"; }
guest_end() {
	console_until '= *' || return 255
	return "${LAST#= }"
}

# qmp JSON: sets REPLY_QMP. Fails when it is an error.
qmp() {
	local line='' part end=$((SECONDS + 60))
	REPLY_QMP=''
	printf '%s\n' "$1" >&"$MONITOR_IN"
	while ((SECONDS < end)) && kill -0 "$MACHINE" 2>/dev/null; do
		IFS= read -r -t 1 -u "$MONITOR_OUT" part || {
			line+=$part
			continue
		}
		line+=$part
		case $line in
		*'"return"'*)
			REPLY_QMP=$line
			return 0
			;;
		*'"error"'*)
			REPLY_QMP=$line
			return 1
			;;
		esac
		line=''
	done
	not_ok "the monitor answers '$1'"
	return 1
}

# device_add ADAPTERS DOMAINS [ID]
device_add() { qmp '{"execute":"device_add","arguments":{"driver":"ap-model","id":"'"${3-ap}"'","adapters":"'"$1"'","domains":"'"$2"'"}}'; }
device_del() { qmp '{"execute":"device_del","arguments":{"id":"ap"}}'; }
device_set() { qmp '{"execute":"qom-set","arguments":{"path":"/machine/peripheral/ap","property":"'"$1"'","value":'"$2"'}}'; }

# mask ID… : as in sysfs
mask() {
	local id digits=() i
	for ((i = 0; i < 64; i++)); do
		digits[i]=0
	done
	for id; do
		digits[id / 4]=$((digits[id / 4] | 8 >> id % 4))
	done
	printf 0x
	printf %x "${digits[@]}"
}

# matrix "ADAPTER…" "DOMAIN…": what the guest is to have from now on
# shellcheck disable=SC2086 # lists
matrix() { device_set matrix "\"$(mask $1),$(mask $2),$(mask)\""; }

# lists QUEUES TEXT: what the guest lists becomes this within 10 seconds: without a configuration-changed event
# it would take up to 30.
lists() {
	local want=${1// /,} start=$SECONDS
	if guest "queues_are '$want' 10"; then
		ok "$2 ($((SECONDS - start)) s)"
	else
		not_ok "$2"
		printf '#   wanted: %s\n#   is:     %s\n' "$want" "${ANSWER//$'\n'/ }"
	fi
}

# The emulator ends as it should: without a word of the sanitizers.
machine_end() {
	local rc=0
	qmp '{"execute":"quit"}' || true
	wait "$MACHINE" || rc=$?
	exec {CONSOLE_IN}<&- {CONSOLE_OUT}<&- {MONITOR_IN}<&- {MONITOR_OUT}<&-
	emulator_said "$rc" "$1"
}

emulator_said() {
	if (($1)) || grep -qE 'AddressSanitizer|LeakSanitizer|runtime error|Assertion|ERROR' "$DIR/stderr"; then
		not_ok "$2"
		echo "# status $1"
		head -n 60 "$DIR/stderr" | sed 's/^/# /'
	else
		ok "$2"
	fi
	rm -r "$DIR"
}
