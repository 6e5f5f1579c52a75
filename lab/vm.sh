# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The VM suite: each tests/vm/TEST-NN-NAME runs in a fresh lab. What it prints is counted by line
# ("ok - …", "not ok - …", "ok - … # SKIP why"), and then the lab is asked what went wrong unseen.
# Comment lines of a test that say something here:
#   # lab: cold bare      boot instead of the snapshot; load nothing
#   # lab: host           run here, not in the lab: "$RUN" lab exec … is the fresh lab
#   # lab: guest          with the emulator and the images of s390x guests; on demand (./run test guest)
#   # lab: debug          only on the debug kernel; not there with: stock
#   # lab: leaks          on the debug kernel, ask it for leaks afterwards: that takes a minute or two
#   # timeout: SECONDS    instead of 300
#   # kernel-log: REGEX   an expected kernel line of level warning or worse

# Lines that any out-of-tree, unsigned module gives, and one of a slow emulator on a busy host.
KERNEL_LOG_ALLOWED='loading out-of-tree module taints kernel|module verification failed|hrtimer: interrupt took [0-9]+ ns'

# What a suite sets in the environment of its tests, as NAME=VALUE words.
VM_ENV=''

# vm_tests PART [guest]: the tests with PART in their names that this kernel can run, one a line; not those
# with an s390x guest, unless these are asked for, or one by its name.
vm_tests() {
	local path other=debug notes
	! debug_on || other=stock
	for path in "$TOP"/tests/vm/TEST-*; do
		[[ ${path##*/} == *"$1"* && -f $path && -x $path ]] || continue
		notes=" $(vm_note "$path" lab | paste -sd' ') "
		[[ $notes != *" $other "* ]] || continue
		case ${2-}:$notes in
		guest:*' guest '*) ;;
		guest:*) continue ;;
		*' guest '*) [[ $1 != TEST- ]] || continue ;;
		esac
		echo "$path"
	done
}

# vm_note TEST KEY: the values of its comment lines, one a line.
vm_note() { sed -nE "s/^# $2: *//p" "$1"; }

vm_test() {
	local test=$1 name start=$SECONDS dir ok bad skip
	name=${test##*/}
	dir=$CACHE/logs/.running-$$
	rm -rf "$dir"
	mkdir -p "$dir"
	say "$name …"
	# In a process of its own: a lab that does not start ends that, not the tests after it.
	(
		trap at_exit EXIT
		vm_run "$test" "$dir"
	) || echo "the lab did not start, see above" >>"$dir/wrong"
	ok=$(grep -cE '^ok\b' "$dir/output" 2>/dev/null) || true
	skip=$(grep -cE '^ok\b.*# SKIP' "$dir/output" 2>/dev/null) || true
	bad=$(grep -cE '^not ok\b' "$dir/output" 2>/dev/null) || true
	vm_report "$name" "$dir" $((ok - skip)) "${bad:-0}" "${skip:-0}" $((SECONDS - start))
	rm -rf "$dir"
}

# Whatever went wrong beside the test's own lines makes one failure more.
vm_report() {
	local name=$1 dir=$2 ok=$3 bad=$4 skip=$5 time=$6
	((ok + bad + skip)) || echo "it printed no result" >>"$dir/wrong"
	if [[ -s $dir/wrong ]]; then
		bad=$((bad + 1))
	fi
	PASSED=$((PASSED + ok)) FAILED=$((FAILED + bad)) SKIPPED=$((SKIPPED + skip))
	if ((bad)); then
		sed 's/^/    /' "$dir/output" 2>/dev/null || true
		sed 's/^/    ! /' "$dir/wrong" 2>/dev/null || true
		echo "FAIL $name: $ok passed, $bad failed, $time s$([[ ! -f $dir/kept ]] || echo " (kept: $(<"$dir/kept"))")"
	else
		echo "PASS $name: $ok passed, $time s"
	fi
}

# Runs one test; leaves DIR/output, DIR/wrong (reasons beside "not ok") and DIR/kept.
vm_run() {
	local test=$1 dir=$2 name=${1##*/} how=warm fill=demo where=lab guest=no leaks=no notes limit rc=0
	notes=" $(vm_note "$test" lab | paste -sd' ') "
	[[ $notes != *" cold "* ]] || how=cold
	[[ $notes != *" bare "* ]] || fill=bare
	[[ $notes != *" host "* ]] || where=host
	[[ $notes != *" leaks "* ]] || leaks=leaks
	[[ $notes != *" guest "* ]] || guest=yes
	limit=$(vm_note "$test" timeout | head -n 1)
	limit=$(slow "${limit:-300}")
	: >"$dir/output"
	lab_own "$name-$$"
	lab_start "$LAB_OWN" "$how" "$fill" "$guest"
	lab_put "$LAB_OWN" "$test" "$TOP"/tests/vm/*.sh "$TOP"/tests/messages/* /root/tests
	"vm_in_$where" "$test" "$limit" </dev/null >"$dir/output" 2>&1 || rc=$?
	case $rc in
	0) ;;
	124) echo "it took longer than $limit s" >>"$dir/wrong" ;;
	*) echo "it ended with status $rc" >>"$dir/wrong" ;;
	esac
	kernel_check "$LAB_OWN" "$test" >>"$dir/wrong" || true
	! debug_on || debug_check "$LAB_OWN" $leaks >>"$dir/wrong" || true
	if [[ -s $dir/wrong ]] || ! grep -qE '^ok\b' "$dir/output" || grep -qE '^not ok\b' "$dir/output"; then
		lab_keep "$LAB_OWN" "$name"
		cp "$dir/output" "$KEPT/output"
		echo "$KEPT" >"$dir/kept"
	fi
}

vm_in_lab() {
	lab_exec "$LAB_OWN" "$2" "cd /root/tests && $VM_ENV APMATRIX_SLOW=$(slow 1) APMATRIX_KILLS=${APMATRIX_KILLS-} exec ./${1##*/}"
}

vm_in_host() {
	(cd "$TOP/tests/vm" && RUN=$TOP/run APMATRIX_LAB=$LAB_OWN APMATRIX_KERNEL=$LAB_KERNEL APMATRIX_SLOW=$(slow 1) exec timeout --foreground -k 5 "$2" "$1")
}

# kernel_check NAME [SCRIPT]: prints the kernel's lines of level warning or worse since the lab was
# filled, without those allowed always or by SCRIPT's notes; fails when there are some.
kernel_check() {
	local dir log allowed=$KERNEL_LOG_ALLOWED note
	dir=$(lab_dir "$1")
	if [[ ${2-} ]]; then
		while IFS= read -r note; do
			[[ -z $note ]] || allowed+="|$note"
		done < <(vm_note "$2" kernel-log)
	fi
	log=$(ssh_run "$dir" 60 'dmesg --level emerg,alert,crit,err,warn' </dev/null 2>/dev/null) || {
		echo "the lab is dead, or does not answer"
		return 1
	}
	[[ $log == *"$KERNEL_LOG_BEGIN"* ]] || {
		echo "the kernel log has lost its beginning"
		return 1
	}
	! sed "1,/$KERNEL_LOG_BEGIN/d" <<<"$log" | grep -vE "$allowed" | sed 's/^/kernel: /' | grep .
}
