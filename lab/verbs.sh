# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# ./run lab VERB: what people type.

# shellcheck disable=SC2016 # shown as it is
LAB_HELP='usage: ./run lab [--debug] [--name NAME] VERB …
  up [--cold] [--bare] [--guest]
                            start a lab and leave it (--cold: boot it; --bare: load nothing;
                            --guest: with what s390x guests need)
  exec [--keep] [--cold] [--bare] [--timeout SECONDS] [--] CMD…
                            run CMD in it; without one, in a lab of its own (--keep leaves that)
  shell                     a terminal in it
  put FILE… FOLDER          copy into it
  reboot                    shut it down and boot it again, with its disk
  log                       its kernel log (the console, when it is dead)
  status                    which labs are up
  down [--all]              end it; its disk is thrown away
One argument as CMD is a shell command line; several are a command and its arguments.
The name is "default", or $APMATRIX_LAB. --debug, or APMATRIX_KERNEL=debug, is the lab on the
kernel that finds bugs; its name is "debug".'

verb_lab() {
	local name verb
	if [[ ${1-} == --debug ]]; then
		LAB_KERNEL=debug
		shift
	fi
	name=${APMATRIX_LAB:-${LAB_KERNEL:-default}}
	case ${1-} in
	--name) name=${2-} && shift 2 ;;
	--name=*) name=${1#*=} && shift ;;
	esac
	lab_name_check "$name"
	verb=${1-help}
	shift || true
	[[ -d $CACHE/labs ]] || cache_open
	case $verb in
	up | exec | shell | put | reboot | log | status | down) "lab_verb_$verb" "$name" "$@" ;;
	help | --help | -h) echo "$LAB_HELP" ;;
	*) die "There is no './run lab $verb'; './run lab help' lists what there is." ;;
	esac
}

# Reads the options that up and exec share; sets HOW FILL KEEP LIMIT NAME and REST.
lab_options() {
	HOW=warm FILL=demo GUESTS=no KEEP=no LIMIT=600 NAME=$1
	shift
	while (($#)); do
		case $1 in
		--cold) HOW=cold ;;
		--warm) HOW=warm ;;
		--bare) FILL=bare ;;
		--guest) GUESTS=yes ;;
		--keep) KEEP=yes ;;
		--timeout) LIMIT=${2-} && shift ;;
		--timeout=*) LIMIT=${1#*=} ;;
		--name) NAME=${2-} && shift ;;
		--name=*) NAME=${1#*=} ;;
		--) shift && break ;;
		-*) die "There is no option $1 here; './run lab help' lists what there is." ;;
		*) break ;;
		esac
		shift || die "The last option needs a value; './run lab help' lists what there is."
	done
	[[ $LIMIT =~ ^[1-9][0-9]{0,5}$ ]] || die "'$LIMIT' is no number of seconds."
	lab_name_check "$NAME"
	REST=("$@")
}

lab_verb_up() {
	local start=$SECONDS
	lab_options "$@"
	if lab_up "$NAME"; then
		say "the lab '$NAME' is up already"
		lab_stale "$NAME"
		return
	fi
	lab_start "$NAME" "$HOW" "$FILL" "$GUESTS"
	say "the lab '$NAME' is up after $((SECONDS - start)) s; try: ./run lab exec uname -a"
}

lab_verb_exec() {
	local rc=0
	lab_options "$@"
	((${#REST[@]})) || die "No command given; usage: ./run lab exec [--] CMD…"
	if lab_up "$NAME"; then
		KEEP=yes
		lab_stale "$NAME"
	else
		# One of its own has a name of its own: others may want one at the same time.
		[[ $KEEP == yes ]] || lab_own "exec-$$"
		lab_start "$NAME" "$HOW" "$FILL" "$GUESTS"
	fi
	lab_exec "$NAME" "$LIMIT" "${REST[@]}" || rc=$?
	[[ $LAB_DIED == no || $rc -ne 0 ]] || rc=1
	exit $rc
}

lab_must_be_up() {
	lab_up "$1" || die "The lab '$1' is not up; start it with: ./run lab up"
}

lab_verb_shell() {
	lab_must_be_up "$1"
	lab_stale "$1"
	cd "$(lab_dir "$1")" && exec ssh -F ssh_config -t lab
}

lab_verb_put() {
	(($# >= 3)) || die "usage: ./run lab put FILE… FOLDER"
	lab_must_be_up "$1"
	lab_put "$@" || die "The files could not be copied into the lab '$1'."
}

lab_verb_reboot() {
	local start=$SECONDS
	lab_must_be_up "$1"
	lab_reboot "$1" || lab_start_failed "$1" "it did not come up again"
	say "the lab '$1' is up again after $((SECONDS - start)) s"
}

lab_verb_log() {
	local dir
	dir=$(lab_dir "$1")
	if lab_up "$1"; then
		ssh_run "$dir" 60 dmesg </dev/null && return
		say "the lab '$1' does not answer; its console says:"
	fi
	[[ -f $dir/console.log ]] || die "There is no lab '$1', up or dead; kept logs are in $CACHE/logs."
	cat "$dir/console.log"
}

lab_verb_status() {
	local dir name
	for dir in "$CACHE"/labs/*/; do
		[[ -d $dir ]] || continue
		name=$(basename "$dir")
		if lab_up "$name"; then
			echo "$name up"
		else
			echo "$name dead (console: ${dir}console.log; ./run lab --name $name down removes it)"
		fi
	done
}

lab_verb_down() {
	local dir
	if [[ ${2-} == --all ]]; then
		for dir in "$CACHE"/labs/*/; do
			[[ ! -d $dir ]] || lab_stop "$(basename "$dir")"
		done
		return
	fi
	lab_stop "$1"
}
