# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Commands in a lab, by ssh. One connection is kept open (the control master), so that each
# command costs a fraction of a second.

# ssh_open DIR IMAGE LIMIT: the master connection; retried, because QEMU accepts before sshd does.
ssh_open() {
	local dir=$1 image=$2 end=$((SECONDS + $3))
	ssh_config "$dir" "$image" "$(machine_port "$dir")"
	while machine_alive "$dir" && ((SECONDS < end)); do
		(cd "$dir" && timeout -k 2 30 ssh -F ssh_config -o ControlMaster=yes -o ControlPersist=yes -fN lab \
			</dev/null >>ssh.log 2>&1 8>&-) && return
		sleep 0.3
	done
	return 1
}

# ControlPath is relative (ssh runs in DIR): a socket's name has at most 107 characters.
ssh_config() {
	cat >"$1/ssh_config" <<-END
		Host lab
		HostName 127.0.0.1
		Port $3
		User root
		IdentityFile $2/id
		IdentitiesOnly yes
		UserKnownHostsFile $2/known_hosts
		GlobalKnownHostsFile /dev/null
		HostKeyAlias lab
		StrictHostKeyChecking yes
		BatchMode yes
		LogLevel ERROR
		ConnectTimeout 20
		ServerAliveInterval 30
		ServerAliveCountMax 10
		ControlPath ctl
		ControlMaster no
	END
}

ssh_close() {
	(cd "$1" && ssh -F ssh_config -O exit lab >/dev/null 2>&1) || true
}

# ssh_run DIR LIMIT REMOTE [SSH-OPTION…]: REMOTE is a shell command line. The limit holds even
# when the machine hangs.
ssh_run() {
	local dir=$1 limit=$2 remote=$3
	shift 3
	(cd "$dir" && exec timeout --foreground -k 5 "$limit" ssh -F ssh_config "$@" lab "$remote")
}
