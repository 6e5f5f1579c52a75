# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What tests of definitions share: calls of mdevctl, short; see matrix.sh for mdev().

# shellcheck disable=SC2034
type=vfio_ap-passthrough
# shellcheck disable=SC2034
definitions=/etc/mdevctl.d/matrix
# shellcheck disable=SC2034
lock=/run/lock/s390apconfig.lock

json() { # json START ATTR=VALUE…
	local start=$1 pair sep=''
	shift
	printf '{"mdev_type":"%s","start":"%s","attrs":[' $type "$start"
	for pair; do
		printf '%s{"%s":"%s"}' "$sep" "${pair%%=*}" "${pair#*=}"
		sep=,
	done
	printf ']}'
}

define() { # define UUID START ATTR=VALUE…
	local uuid=$1
	shift
	json "$@" | mdevctl define --uuid "$uuid" --parent matrix --jsonfile /dev/stdin
}

start_json() {
	local uuid=$1
	shift
	json manual "$@" | mdevctl start --uuid "$uuid" --parent matrix --jsonfile /dev/stdin
}

live() { # live UUID ATTR=VALUE…
	local uuid=$1
	shift
	json manual "$@" | mdevctl modify --uuid "$uuid" --parent matrix --live --jsonfile /dev/stdin
}

attrs() { # attrs ACTIVE-OR-DEFINED UUID: as mdevctl tells them, in one line
	mdevctl list ${1:+$1} --uuid "$2" --dumpjson | tr -d ' \n' | sed -n 's/.*"attrs":\[\(.*\)\].*/\1/p'
}

# compact FILE: JSON in one line
compact() { tr -d ' \n' <"$1"; }

# unlocked: nobody has the AP configuration locked
unlocked() { [[ ! -e $lock ]]; }

# nothing_left: no definition, no device
nothing_left() {
	[[ -z $(find $definitions -type f 2>/dev/null) ]] && [[ $(mdevctl list --dumpjson | tr -d ' \n') == '[]' ]]
}

# remove_all: every device, every definition; files that mdevctl cannot read too
remove_all() {
	local path
	for path in "$matrix"/????????-*; do
		[[ ! -d $path ]] || echo 1 >"$path/remove"
	done
	rm -f $definitions/*
}
