# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# ./run test stress: what takes too long for each run of all tests. Each part has a lab of its own, and
# says its seed, so that it can be repeated.

# Ten million random calls of the instruction ioctl.
STRESS_FUZZ_RUNS=5
STRESS_FUZZ_CALLS=2000000

stress_all() {
	local run
	for ((run = 0; run < STRESS_FUZZ_RUNS; run++)); do
		VM_ENV="AP_FUZZ_CALLS=$STRESS_FUZZ_CALLS AP_FUZZ_SEED=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')"
		say "$VM_ENV"
		vm_test "$TOP/tests/vm/TEST-43-FUZZ"
	done
	# shellcheck disable=SC2034 # of lab/vm.sh
	VM_ENV=''
}
