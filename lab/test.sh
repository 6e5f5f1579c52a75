# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# ./run test: all tests, and one line at the end that counts them.

PASSED=0 FAILED=0 SKIPPED=0

# verb_test [debug] [NAME…]: unit, vm, or a part of the name of a test in tests/vm; without one, all.
verb_test() {
	local units=no selected=() name
	if [[ ${1-} == debug ]]; then
		LAB_KERNEL=debug
		shift
	fi
	if ! (($#)); then
		debug_on || set -- unit
		set -- "$@" vm
	fi
	for name in "$@"; do
		case $name in
		unit | core) units=yes ;;
		vm) mapfile -t -O "${#selected[@]}" selected < <(vm_tests TEST-) ;;
		-*) die "'./run test' has no option $name; usage: ./run test [unit|vm|TEST-NN…]" ;;
		*) test_select "$name" ;;
		esac
	done
	test_prepare "${#selected[@]}"
	[[ $units == no ]] || unit_all
	for name in "${selected[@]}"; do
		vm_test "$name"
	done
	test_total
}

# Sees the caller's `selected`.
test_select() {
	local found
	mapfile -t found < <(vm_tests "$1")
	((${#found[@]})) || die "There is no test '$1': it is neither unit, vm, nor part of a name in tests/vm that this kernel can run (./run test debug $1)."
	selected+=("${found[@]}")
}

# The lab's own steps first: a failure there is no test's.
test_prepare() {
	if (($1)); then
		lab_prepare
	else
		host_check
		cache_open
		cache_lock
		host_install
	fi
	cache_unlock
}

test_total() {
	local skipped=''
	((SKIPPED == 0)) || skipped=", $SKIPPED skipped"
	printf '%d passed, %d failed%s\n' "$PASSED" "$FAILED" "$skipped"
	((FAILED == 0 && PASSED > 0))
}
