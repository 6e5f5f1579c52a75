# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# A Debian tree with the tools of proofs and fuzzing, made when one of them is asked for.

# Where a run's sources are; removed when it ends.
TOOLS_RUN=''

tools_key() {
	echo "$SUITE $(inside_mode)" | key_of lab/tools-packages
}

# Sets TOOLS; makes it when it is not there. Under cache_lock.
tools_make() {
	local key log=$CACHE/logs/tools.log
	key=$(tools_key)
	TOOLS=$CACHE/tools-$key
	[[ ! -d $TOOLS ]] || return 0
	inside_check
	need_disk 2000 "the tree with the tools"
	cache_tmp
	cache_dir tools
	fetch_tree "building a Debian $SUITE tree for proofs and fuzzing (1 minute; log: $log)" "$log" 1200 tools \
		--include="$(list_of "$TOP/lab/tools-packages" | paste -sd,)"
	cache_keep tools "$key"
}

# The sources that the tools need, where the tree sees them as /mnt.
tools_sources() {
	TOOLS_RUN=$(mktemp -d "$CACHE/run.XXXXXXXXXXXXXXXX")
	((EUID == 0)) || chmod 777 "$TOOLS_RUN"
	tar c -C "$TOP" core lib examples tests/proofs tests/fuzz | tar x -C "$TOOLS_RUN" --no-same-owner
	chmod -R a+rX "$TOOLS_RUN"
}

tools_run() {
	inside sh -c "$(inside_script enter)" enter "$TOOLS/tree" "$TOOLS_RUN" "$@"
}

tools_end() {
	[[ -z $TOOLS_RUN ]] || inside_rm "$TOOLS_RUN"
	TOOLS_RUN=''
}

# tools_test NAME CMD… : its lines "ok …" and "FAIL …" are shown and counted.
tools_test() {
	local name=$1 line ok=0 bad=0 start=$SECONDS
	shift
	tools_sources
	while IFS= read -r line; do
		case $line in
		'ok '*) ok=$((ok + 1)) ;;
		'FAIL '*) bad=$((bad + 1)) ;;
		esac
		echo "$line"
	done < <(tools_run "$@" </dev/null 2>&1)
	tools_end
	if ((ok + bad == 0)); then
		bad=1
		echo "FAIL $name: nothing ran"
	fi
	say "$name: $((SECONDS - start)) s"
	PASSED=$((PASSED + ok)) FAILED=$((FAILED + bad))
}

# What each claims stands in tests/proofs, the sum of it in docs/verification.md.
proofs_all() { tools_test proofs /mnt/tests/proofs/prove /mnt; }

# Every proof fails on its seeded faults.
mutants_all() { tools_test mutants /mnt/tests/proofs/prove --mutants /mnt; }

# fuzz_all SECONDS: each fuzzer for so long.
fuzz_all() { tools_test fuzz /mnt/tests/fuzz/fuzz /mnt "$1"; }
