# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Commands of people and tests in a lab: output and status come back as they are.

# exec_line CMD…: one argument is a shell command line, several are a command and its arguments.
exec_line() {
	if (($# == 1)); then
		printf 'bash -c %q' "$1"
	else
		printf '%q ' "$@"
	fi
}

# lab_exec NAME SECONDS CMD…: the limit is kept inside, and, should the machine hang, outside.
lab_exec() {
	local dir limit=$2 rc=0 line
	dir=$(lab_dir "$1")
	# A shell stays above: ssh has no status for a command that a signal ended. What that shell
	# says about it is not the command's.
	line="exec 3>&2 2>/dev/null; timeout -k 5 $limit $(exec_line "${@:3}") 2>&3 3>&-; exit \$?"
	ssh_run "$dir" $((limit + 20)) "$line" || rc=$?
	exec_check "$1" "$limit" "$rc"
	return $rc
}

# Tell a command's own failure from the end of the machine, of the connection, or of the time.
exec_check() {
	local dir
	dir=$(lab_dir "$1")
	if ! machine_alive "$dir"; then
		lab_keep "$1" died
		kernel_complaint "$KEPT/console.log"
		say "The lab '$1' died while the command ran (console: $KEPT/console.log)."
		LAB_DIED=yes
	elif (($3 == 124)); then
		say "The command took longer than $2 seconds and was stopped (--timeout sets the limit), or ended with status 124 itself."
	elif (($3 == 255)) && ! ssh_run "$dir" 20 true </dev/null >/dev/null 2>&1; then
		lab_keep "$1" hung
		kernel_complaint "$KEPT/console.log"
		say "The lab '$1' does not answer any more (console: $KEPT/console.log); end it with: ./run lab down"
		LAB_DIED=yes
	fi
}

# lab_put NAME FILE… DEST: files and folders into the lab, with their modes.
lab_put() {
	local name=$1 dest=${*: -1} file
	local files=("${@:2:$#-2}")
	for file in "${files[@]}"; do
		[[ -e $file ]] || die "There is no $file to put into the lab."
	done
	# Relative to each file's own folder, so that DEST gets the names without the way to them.
	put_tar "${files[@]}" |
		ssh_run "$(lab_dir "$name")" 300 "mkdir -p $(printf %q "$dest") && tar x -C $(printf %q "$dest") --no-same-owner -f -"
}

put_tar() {
	local args=() file
	for file in "$@"; do
		file=$(realpath -s "$file")
		args+=(-C "$(dirname "$file")" "$(basename "$file")")
	done
	tar c -f - "${args[@]}"
}
