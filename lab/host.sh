# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The machine ./run is started on: its packages, its memory, its apt.

list_of() { sed 's/#.*//; /^[[:space:]]*$/d' "$1"; }

host_packages() {
	list_of "$TOP/lab/host-packages"
	((EUID == 0)) || echo uidmap
}

host_missing() {
	local pkg
	for pkg in $(host_packages); do
		[[ $(dpkg-query -W -f '${db:Status-Status}' "$pkg" 2>/dev/null) == installed ]] || echo "$pkg"
	done
}

host_apt() {
	DEBIAN_FRONTEND=noninteractive timeout --foreground -k 30 1200 apt-get -q -y \
		-o Acquire::Retries=3 -o Acquire::http::Timeout=30 -o DPkg::Lock::Timeout=120 "$@" </dev/null
}

host_install() {
	local missing log=$CACHE/logs/apt.log try
	mapfile -t missing < <(host_missing)
	((${#missing[@]})) || return 0
	((EUID == 0)) ||
		die "Packages are missing; as root run: apt-get update && apt-get install --no-install-recommends ${missing[*]}"
	say "installing packages that are missing here (log: $log): ${missing[*]} …"
	for ((try = 1; ; try++)); do
		# A mirror of some third party may fail to update: only the install has to work.
		host_apt update >"$CACHE/logs/apt-update.log" 2>&1 || true
		host_apt install --no-install-recommends "${missing[@]}" >"$log" 2>&1 && return
		((try < FETCH_TRIES)) && fetch_failed "$log" || break
		sleep "$FETCH_PAUSE"
	done
	tail_of "$log" 6
	die "apt-get could not install ${missing[*]} (log: $log): mend its package sources or the network, then run this again."
}

host_check() {
	[[ $(uname -m) == x86_64 ]] ||
		die "The lab needs an x86_64 machine; this one is $(uname -m)."
	command -v apt-get >/dev/null && command -v dpkg-query >/dev/null ||
		die "The lab needs Debian (or a relative with apt); there is no apt-get here."
}

need_memory() {
	local have
	have=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
	((have >= $1)) ||
		die "Not enough memory for a lab: $have MB are available, $1 MB are needed. Stop something, then try again."
}

# The Debian mirror that the host's apt uses, so that a local mirror or cache serves the lab too.
# shellcheck disable=SC2016 # apt-get expands the $(…)
host_mirror() {
	local uri origin label component url=
	while IFS='|' read -r uri origin label component; do
		[[ $uri == http*://* || $uri == file:* ]] || continue
		[[ $component == main && $uri != *security* ]] || continue
		if [[ $origin == Debian && $label == Debian ]]; then
			url=$uri
			break
		fi
		# Before the first apt-get update there is no origin to go by.
		[[ -z $origin && $uri == */debian/ && -z $url ]] && url=$uri
	done < <(apt-get indextargets --format '$(REPO_URI)|$(ORIGIN)|$(LABEL)|$(COMPONENT)' \
		'Created-By: Packages' 2>/dev/null)
	echo "${url:-http://deb.debian.org/debian}"
}

# The host's proxies for apt, as options.
host_apt_options() {
	apt-config dump 2>/dev/null |
		grep -iE '^Acquire::(http|https)::(Proxy|Verify|CaInfo|ProxyAutoDetect|Proxy-Auto-Detect|Proxy::[^ ]+) "[^"]+";$' || true
}
