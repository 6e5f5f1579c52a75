# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# ./run bench: the programs in tests/bench, each in a fresh lab. A program prints figures for
# people, or with --json one JSON object, which becomes the member with its name.

BENCH_LIMIT=1500

# verb_bench [--json FILE] [NAME…]
verb_bench() {
	local json='' names=() name object sep=''
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
		object=$(bench_one "$name" "${json:+--json}") || die "The benchmark '$name' failed."
		if [[ $json ]]; then
			printf '%s"%s": %s' "${sep:-{}" "$name" "$object" >>"$json"
			sep=$',\n '
		else
			printf '%s\n%s\n' "$name" "$object"
		fi
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
	lab_exec "$LAB_OWN" "$BENCH_LIMIT" "/root/bench/$1" ${2:+"$2"} </dev/null
)
