# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# A lab by name: started from what the cache holds, filled with the project, stopped.
# Its directory is labs/NAME: image (the path of what it runs on), project (the key of what was
# put in), fill.log, and the machine's files.

lab_dir() { echo "$CACHE/labs/$1"; }

lab_name_check() {
	[[ $1 =~ ^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$ ]] ||
		die "'$1' cannot name a lab: use letters, digits, '.', '_' and '-', at most 64."
}

lab_up() { machine_alive "$(lab_dir "$1")"; }

# This run's own lab: ended with it.
lab_own() {
	NAME=$1
	LAB_OWN=$1
}

# Everything that a start needs; sets BASE, IMAGE, WARM, PROJECT. Leaves the cache locked.
lab_prepare() {
	host_check
	cache_open
	cache_lock
	base_announce
	host_install
	inside_check
	tree_make
	image_make
	warm_make
	project_make
}

# lab_start NAME warm|cold demo|bare [yes]: with what s390x guests need
lab_start() {
	local name=$1 how=$2 fill=$3 guests=${4:-no} dir
	dir=$(lab_dir "$name")
	[[ $guests == no ]] || guest_prepare
	lab_prepare
	need_memory $(($(machine_mb) + 500))
	need_disk 1000 "a running lab"
	lab_take "$name" "$how"
	cache_unlock
	lab_boot "$dir" "$how" || lab_start_failed "$name" "its machine did not come up"
	lab_fill "$dir" "$fill" || lab_start_failed "$name" "the project could not be installed and loaded in it"
	[[ $guests == no ]] || guest_put "$name" || lab_start_failed "$name" "the guests' emulator could not be put in it"
	rm "$dir/starting"
}

# The lab's directory, with all that the start needs from the cache, which others may then change.
lab_take() {
	local dir pid
	dir=$(lab_dir "$1")
	! lab_up "$1" || die "The lab '$1' is up already."
	if { read -r pid <"$dir/starting"; } 2>/dev/null && grep -qsF /run "/proc/$pid/cmdline"; then
		die "Another run (process $pid) is starting the lab '$1'; wait for it, or use another --name."
	fi
	rm -rf "$dir"
	mkdir "$dir"
	echo $$ >"$dir/starting"
	echo "$IMAGE" >"$dir/image"
	echo "$PROJECT_KEY" >"$dir/project"
	cp "$PROJECT" "$dir/project.tar"
	if [[ $2 == cold ]]; then
		disk_new "$dir" "$IMAGE"
	else
		cp --reflink=auto "$WARM/disk.qcow2" "$dir/disk.qcow2"
	fi
}

lab_boot() {
	local dir=$1
	if [[ $2 == cold ]]; then
		machine_start "$dir" "$IMAGE" && machine_booted "$dir" "$(slow 180)" || return 1
	else
		machine_start "$dir" "$IMAGE" -loadvm warm || return 1
	fi
	ssh_open "$dir" "$IMAGE" "$(slow 60)"
}

# Written before anything of ours is loaded, with level warning so that it is among those lines.
KERNEL_LOG_BEGIN='lab: the log of the test begins here'

# The clock is the snapshot's, so it is set first. With `bare` nothing is loaded.
lab_fill() {
	local dir=$1 remote
	remote="date -u -s @$(date +%s.%N) >/dev/null
		echo '<4>$KERNEL_LOG_BEGIN' >/dev/kmsg
		tar x -C / --keep-directory-symlink --no-overwrite-dir -f - || exit
		systemctl daemon-reload && udevadm control --reload || exit"
	[[ $2 == bare ]] || remote+='
		! test -x /usr/lib/apmatrix/demo-host || /usr/lib/apmatrix/demo-host'
	ssh_run "$dir" "$(slow 120)" "$remote" <"$dir/project.tar" >"$dir/fill.log" 2>&1
}

# The machine ends at its reset (-no-reboot), and is started again with the same disk.
lab_reboot() {
	local dir i
	dir=$(lab_dir "$1")
	IMAGE=$(<"$dir/image")
	ssh_run "$dir" 30 'sync; systemctl reboot' </dev/null >"$dir/reboot.log" 2>&1 || true
	for ((i = 0; i < $(slow 60) * 10; i++)); do
		machine_alive "$dir" || break
		sleep 0.1
	done
	# One that does not shut down is ended: what it has written is written.
	machine_stop "$dir"
	ssh_close "$dir"
	rm -f "$dir/ctl"
	cp "$dir/console.log" "$dir/console-before.log"
	lab_boot "$dir" cold || return 1
	ssh_run "$dir" 60 "date -u -s @$(date +%s.%N) >/dev/null; echo '<4>$KERNEL_LOG_BEGIN' >/dev/kmsg" </dev/null >>"$dir/reboot.log" 2>&1
}

lab_start_failed() {
	lab_keep "$1" start
	kernel_complaint "$KEPT/console.log"
	cat "$KEPT"/{qemu,ssh,fill}.log 2>/dev/null | tail -n 12 | sed 's/^/    /' >&2
	lab_stop "$1"
	die "The lab '$1' did not start: $2 (console and logs: $KEPT)."
}

lab_stop() {
	local dir
	dir=$(lab_dir "$1")
	[[ -d $dir ]] || return 0
	if machine_alive "$dir"; then
		ssh_close "$dir"
		machine_stop "$dir"
	fi
	rm -rf "$dir"
}

# lab_keep NAME WHAT: puts what tells about a failure aside; sets KEPT, its path.
lab_keep() {
	local dir
	dir=$(lab_dir "$1")
	KEPT=$CACHE/logs/$2-$(date +%Y%m%d-%H%M%S)
	mkdir -p "$KEPT"
	cp "$dir"/*.log "$KEPT/" 2>/dev/null || true
	if machine_alive "$dir"; then
		ssh_run "$dir" 30 dmesg </dev/null >"$KEPT/dmesg.log" 2>&1 || true
		ssh_run "$dir" 30 'journalctl -b --no-pager' </dev/null >"$KEPT/journal.log" 2>&1 || true
	fi
	logs_prune
}

# Logs do not grow for ever: the 30 newest stay.
logs_prune() {
	find "$CACHE/logs" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' | sort -rn | tail -n +31 |
		cut -d' ' -f2- | xargs -r -d '\n' rm -rf
}

# A lab that was started from other sources tells lies about these.
lab_stale() {
	[[ -d $CACHE/$(kind base)-$(tree_key) ]] || return 0
	project_state
	[[ $(<"$(lab_dir "$1")/project") == "$PROJECT_KEY" ]] ||
		say "the sources have changed since the lab '$1' was started; refresh it with: ./run lab down; ./run lab up"
}
