# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# ./run test: all tests, and one line at the end that counts them.

PASSED=0 FAILED=0 SKIPPED=0

# What has no place in tests/vm, each a function NAME_all; all but qemu on demand only.
SUITES=(layer proofs mutants fuzz s390x stress qemu)

# verb_test [debug] [NAME…]: unit, vm, guest (those of vm with an s390x guest), one of SUITES (after fuzz a
# number of seconds), or a part of the name of a test in tests/vm; without one, unit, vm and qemu, and
# on the debug kernel vm and stress.
verb_test() {
	local units=no selected=() suites=() seconds=60 last='' name
	if [[ ${1-} == debug ]]; then
		LAB_KERNEL=debug
		shift
	fi
	if ! (($#)); then
		set -- unit vm qemu
		! debug_on || set -- vm stress
	fi
	for name in "$@"; do
		case $last:$name in
		fuzz:[1-9]*) seconds=$name && continue ;;
		esac
		last=$name
		case " ${SUITES[*]} " in
		*" $name "*) suites+=("$name") && continue ;;
		esac
		case $name in
		unit | core) units=yes ;;
		vm) mapfile -t -O "${#selected[@]}" selected < <(vm_tests TEST-) ;;
		guest) mapfile -t -O "${#selected[@]}" selected < <(vm_tests TEST- guest) ;;
		-*) die "'./run test' has no option $name; usage: ./run test [unit|vm|guest|TEST-NN…|$(test_suites '|')]" ;;
		*) test_select "$name" ;;
		esac
	done
	[[ $seconds =~ ^[1-9][0-9]{0,5}$ ]] || die "'./run test fuzz' takes seconds, not '$seconds'."
	test_prepare "${#selected[@]}" "${suites[@]}"
	[[ $units == no ]] || unit_all
	for name in "${selected[@]}"; do
		vm_test "$name"
	done
	for name in "${suites[@]}"; do
		"${name}_all" "$seconds"
	done
	test_total
}

# test_suites SEPARATOR
test_suites() {
	local text
	text=$(printf "%s$1" "${SUITES[@]}")
	echo "${text%"$1"}"
}

# Sees the caller's `selected`.
test_select() {
	local found
	mapfile -t found < <(vm_tests "$1")
	((${#found[@]})) || die "There is no test '$1': it is neither unit, vm, guest, $(test_suites ', '), nor part of a name in tests/vm that this kernel can run (./run test debug $1)."
	selected+=("${found[@]}")
}

# test_prepare VM-TESTS SUITE…: the lab's own steps first: a failure there is no test's.
test_prepare() {
	local labs=$1 name
	shift
	if ((labs)) || [[ " $* " == *' stress '* ]]; then
		lab_prepare
	else
		host_check
		cache_open
		cache_lock
		host_install
	fi
	for name; do
		case $name in
		layer) layer_prepare ;;
		proofs | mutants | fuzz) tools_make ;;
		s390x) s390x_make ;;
		qemu) qemu_prepare model ;;
		esac
	done
	cache_unlock
}

# test_lines NAME CMD…: its lines "ok …" are passes, "not ok …" and "FAIL …" failures; all are shown when there is one.
test_lines() {
	local name=$1 log=$CACHE/logs/$1.log start=$SECONDS ok bad
	shift
	"$@" >"$log" 2>&1 </dev/null || echo "not ok - it ended with status $?" >>"$log"
	ok=$(grep -cE '^ok\b' "$log") || true
	bad=$(grep -cE '^(not ok|FAIL)\b' "$log") || true
	((ok + bad)) || bad=1
	if ((bad)); then
		sed 's/^/    /' "$log"
		echo "FAIL $name: $ok passed, $bad failed, $((SECONDS - start)) s (log: $log)"
	else
		echo "PASS $name: $ok passed, $((SECONDS - start)) s"
	fi
	PASSED=$((PASSED + ok)) FAILED=$((FAILED + bad))
}

test_total() {
	local skipped=''
	((SKIPPED == 0)) || skipped=", $SKIPPED skipped"
	printf '%d passed, %d failed%s\n' "$PASSED" "$FAILED" "$skipped"
	((FAILED == 0 && PASSED > 0))
}
