# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# ./run test: all tests, and one line at the end that counts them.

PASSED=0 FAILED=0 SKIPPED=0

# verb_test [debug] [NAME…]: unit, vm, or a part of the name of a test in tests/vm; without one,
# these all. On demand only: proofs, mutants, fuzz [SECONDS], s390x, qemu, guest, stress.
verb_test() {
	local units=no s390x=no qemu=no stress=no labs=0 selected=() tools=() seconds=60 last='' name
	if [[ ${1-} == debug ]]; then
		LAB_KERNEL=debug
		shift
	fi
	if ! (($#)); then
		debug_on || set -- unit
		set -- "$@" vm
	fi
	for name in "$@"; do
		case $last:$name in
		fuzz:[1-9]*) seconds=$name && continue ;;
		esac
		last=$name
		case $name in
		unit | core) units=yes ;;
		proofs | mutants | fuzz) tools+=("$name") ;;
		s390x) s390x=yes ;;
		stress) stress=yes ;;
		qemu) qemu=yes ;;
		vm) mapfile -t -O "${#selected[@]}" selected < <(vm_tests TEST-) ;;
		guest) mapfile -t -O "${#selected[@]}" selected < <(vm_tests TEST- guest) ;;
		-*) die "'./run test' has no option $name; usage: ./run test [unit|vm|TEST-NN…|proofs|mutants|fuzz [SECONDS]|s390x|qemu|guest|stress]" ;;
		*) test_select "$name" ;;
		esac
	done
	[[ $seconds =~ ^[1-9][0-9]{0,5}$ ]] || die "'./run test fuzz' takes seconds, not '$seconds'."
	[[ $stress == no ]] || labs=1
	test_prepare $((labs + ${#selected[@]})) "${#tools[@]}" "$s390x" "$qemu"
	[[ $units == no ]] || unit_all
	[[ $s390x == no ]] || s390x_all
	[[ $qemu == no ]] || qemu_all
	for name in "${tools[@]}"; do
		"${name}_all" "$seconds"
	done
	for name in "${selected[@]}"; do
		vm_test "$name"
	done
	[[ $stress == no ]] || stress_all
	test_total
}

# Sees the caller's `selected`.
test_select() {
	local found
	mapfile -t found < <(vm_tests "$1")
	((${#found[@]})) || die "There is no test '$1': it is neither unit, vm, proofs, mutants, fuzz, s390x, qemu, guest, stress, nor part of a name in tests/vm that this kernel can run (./run test debug $1)."
	selected+=("${found[@]}")
}

# test_prepare VM-TESTS TOOLS S390X QEMU: the lab's own steps first: a failure there is no test's.
test_prepare() {
	if (($1)); then
		lab_prepare
	else
		host_check
		cache_open
		cache_lock
		host_install
	fi
	(($2 == 0)) || tools_make
	[[ $3 == no ]] || s390x_make
	[[ $4 == no ]] || qemu_prepare model
	cache_unlock
}

test_total() {
	local skipped=''
	((SKIPPED == 0)) || skipped=", $SKIPPED skipped"
	printf '%d passed, %d failed%s\n' "$PASSED" "$FAILED" "$skipped"
	((FAILED == 0 && PASSED > 0))
}
