# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# s390x guests of the lab, for the demo and for tests: their domains, and their consoles (qemu/guest/init).

examples=/usr/share/doc/apmatrix/examples
guest_image=/usr/share/apmatrix/guest
declare -A console=()

# define_domain NAME [HOSTDEV-XML]: like the example, with another name.
define_domain() {
	local hostdev=''
	[[ -z ${2-} ]] || hostdev=$(grep -v -e '^ *<!--' -e '-->$' -e '^  [A-Zv]' "$2")
	sed "s,<name>.*</name>,<name>$1</name>," "$examples/domain-guest-a.xml" |
		awk -v more="$hostdev" '/<\/devices>/ { print more } { print }' >"$1.xml"
	virsh define --validate "$1.xml"
}

# hostdev UUID: its XML, in a file whose name is printed
hostdev() {
	sed "s/uuid='[^']*'/uuid='$1'/" "$examples/hostdev-a.xml" >"hostdev-$1.xml"
	echo "hostdev-$1.xml"
}

# begin NAME: starts a domain and opens its console.
begin() {
	local tty fd
	virsh start "$1" || return
	tty=$(virsh ttyconsole "$1") || return
	stty -F "$tty" raw -echo
	exec {fd}<>"$tty"
	console[$1]=$fd
}

# console_until NAME SECONDS PATTERN: sets ANSWER (what had "> ") and LAST.
console_until() {
	local line='' part end=$((SECONDS + $2 * ${APMATRIX_SLOW:-1}))
	ANSWER='' LAST=''
	while ((SECONDS < end)); do
		# What came of a line before the time was over is part of it.
		IFS= read -r -t 5 -u "${console[$1]}" part || {
			line+=$part
			continue
		}
		line+=$part
		line=${line%$'\r'}
		case $line in
		'> '*) ANSWER+=${ANSWER:+$'\n'}${line#> } ;;
		'= '*)
			LAST=$line
			# shellcheck disable=SC2053 # a pattern
			[[ $line == $3 ]] && return
			;;
		*) [[ -z ${line//[[:space:]]/} ]] || echo "# $1: $line" ;;
		esac
		line=''
	done
	return 1
}

# ready NAME SECONDS: it has booted.
ready() { console_until "$1" "$2" '= ready'; }

# guest NAME SECONDS COMMAND: sets ANSWER; the status is the command's.
guest() {
	printf '%s\n' "$3" >&"${console[$1]}"
	console_until "$1" "$2" '= *' || return 255
	return "${LAST#= }"
}

# recover HEX: what an RSA signature of the guest is of. There is no openssl in the lab, but Python.
recover() {
	python3 - "$guest_image/key.pub" "$1" <<-'EOF'
		import base64, sys
		lines = open(sys.argv[1]).read().split('\n')
		der = base64.b64decode(''.join(x for x in lines if '-' not in x))
		modulus = int.from_bytes(der[der.index(b'\x02\x81\x81\x00') + 4:][:128], 'big')
		text = pow(int(sys.argv[2], 16), 3, modulus).to_bytes(128, 'big')
		assert text.startswith(b'\0\1\xff\xff')
		print(text[2:].lstrip(b'\xff')[1:].decode())
	EOF
}
