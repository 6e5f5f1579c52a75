# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# User space on this machine: meson's tests, plain and with sanitizers.

unit_all() {
	unit_run plain
	unit_run sanitized -Db_sanitize=address,undefined -Db_lundef=false
}

# unit_run NAME MESON-OPTION…
unit_run() {
	local name=$1 dir log start=$SECONDS
	shift
	dir=$CACHE/unit/$(printf %s "$TOP" | sha256sum | cut -c1-8)-$name
	log=$CACHE/logs/unit-$name.log
	if ! unit_build "$dir" "$log" "$@"; then
		project_errors "$log"
		FAILED=$((FAILED + 1))
		echo "FAIL unit ($name): does not build (log: $log)"
		return
	fi
	timeout --foreground -k 10 900 meson test -C "$dir" --no-rebuild --print-errorlogs >"$log" 2>&1 </dev/null || true
	unit_count "$name" "$dir/meson-logs/testlog.json" "$log" $((SECONDS - start))
}

# The first build's options stay: another set of them is another NAME.
unit_build() {
	local dir=$1 log=$2 opts=("${@:3}")
	local schemas
	schemas=$CACHE/base-$(base_key)/tree/usr/share/libvirt/schemas
	# Of the lab's Debian: the host's libvirt, if there is one, may be older.
	[[ ! -d $schemas ]] || opts+=("-Dlibvirt_schemas=$schemas")
	say "building and running the unit tests (${dir##*-}) …"
	if [[ ! -f $dir/build.ninja ]]; then
		rm -rf "$dir"
		mkdir -p "$dir"
		timeout --foreground -k 10 300 meson setup "$dir" "$TOP" -Dkmod=disabled "${opts[@]}" >"$log" 2>&1 </dev/null || {
			rm -rf "$dir"
			return 1
		}
	fi
	rm -f "$dir/meson-logs/testlog.json"
	timeout --foreground -k 10 900 ninja -C "$dir" >"$log" 2>&1 </dev/null
}

# Each line of the log is one test; quotes inside its output are escaped, so this finds the result only.
unit_count() {
	local name=$1 json=$2 log=$3 time=$4 result ok=0 bad=0 skip=0
	[[ -f $json ]] && while IFS= read -r result; do
		case $result in
		OK | EXPECTEDFAIL) ok=$((ok + 1)) ;;
		SKIP) skip=$((skip + 1)) ;;
		*) bad=$((bad + 1)) ;;
		esac
	done < <(grep -oE '"result": "[A-Z]+"' "$json" | cut -d'"' -f4)
	if ((ok + bad + skip == 0)); then
		bad=1
		echo "FAIL unit ($name): no test ran"
	fi
	if ((bad)); then
		sed 's/^/    /' "$log" | tail -n 80
		echo "FAIL unit ($name): $ok passed, $bad failed, $time s (log: $log)"
	else
		echo "PASS unit ($name): $ok passed, $time s"
	fi
	PASSED=$((PASSED + ok)) FAILED=$((FAILED + bad)) SKIPPED=$((SKIPPED + skip))
}
