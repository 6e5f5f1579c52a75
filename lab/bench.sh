# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# ./run bench: the programs in tests/bench, each in a fresh lab. A program prints figures for
# people; with --json FILE it writes one JSON object, which becomes the member with its name.

BENCH_LIMIT=1500

# verb_bench [--json FILE] [NAME…]
verb_bench() {
	local json='' names=() name sep=''
	while (($#)); do
		case $1 in
		--json)
			json=${2-}
			[[ $json ]] || die "'--json' needs a file; usage: ./run bench [--json FILE] [NAME…]"
			shift
			;;
		-*) die "'./run bench' has no option $1; usage: ./run bench [--json FILE] [NAME…]" ;;
		*) names+=("$1") ;;
		esac
		shift
	done
	((${#names[@]})) || mapfile -t names < <(bench_names)
	for name in "${names[@]}"; do
		[[ -x $TOP/tests/bench/$name ]] || die "There is no benchmark '$name'; there are: $(bench_names | paste -sd' ')."
	done
	[[ ! $json ]] || : >"$json" || die "Cannot write to $json."
	for name in "${names[@]}"; do
		say "$name …"
		echo "$name"
		bench_one "$name" "$CACHE/bench.json" | sed 's/^/  /' || die "The benchmark '$name' failed."
		[[ ! $json ]] || printf '%s"%s": %s' "${sep:-{}" "$name" "$(<"$CACHE/bench.json")" >>"$json"
		sep=$',\n '
	done
	[[ ! $json ]] || echo '}' >>"$json"
}

bench_names() {
	local path
	for path in "$TOP"/tests/bench/*; do
		[[ -f $path && -x $path ]] && echo "${path##*/}"
	done
}

# In a process of its own, so that its lab ends with it.
bench_one() (
	trap at_exit EXIT
	lab_own "bench-$1-$$"
	lab_start "$LAB_OWN" warm bare
	lab_put "$LAB_OWN" "$TOP/tests/bench/$1" /root/bench
	lab_exec "$LAB_OWN" "$BENCH_LIMIT" "cd /root/bench && ./$1 --json figures.json" </dev/null &&
		lab_exec "$LAB_OWN" 60 cat /root/bench/figures.json </dev/null >"$2"
)
