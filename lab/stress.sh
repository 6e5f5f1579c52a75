# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# ./run test stress: what takes too long for each run of all tests. Each part has a lab of its own, and
# says its seed, so that it can be repeated. The debug kernel gets a tenth of the calls, and as many
# operations as `vm` has elsewhere.

# Random calls of the instruction ioctl, ten million in all.
STRESS_FUZZ_RUNS=5
STRESS_FUZZ_CALLS=2000000
# Random operations on modules and reference model side by side.
STRESS_MODEL_OPERATIONS=100000
STRESS_MODEL_OPERATIONS_DEBUG=20000

stress_all() {
	local run calls=$STRESS_FUZZ_CALLS operations=$STRESS_MODEL_OPERATIONS
	! debug_on || calls=$((calls / 10)) operations=$STRESS_MODEL_OPERATIONS_DEBUG
	for ((run = 0; run < STRESS_FUZZ_RUNS; run++)); do
		stress_run TEST-43-FUZZ AP_FUZZ_CALLS=$calls AP_FUZZ_SEED
	done
	stress_run TEST-18-MODEL AP_MODEL_OPERATIONS=$operations AP_SEED
}

# stress_run TEST NAME=COUNT SEED-NAME
stress_run() {
	VM_ENV="$2 $3=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')"
	say "$VM_ENV"
	vm_test "$TOP/tests/vm/$1"
	# shellcheck disable=SC2034 # of lab/vm.sh
	VM_ENV=''
}
