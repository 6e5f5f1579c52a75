#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# validate.sh SCHEMAS HOSTDEV.RNG NODEDEV.RNG HOST.RNG EXAMPLE...
# Each example against libvirt's own schema, or what ours adds to it. TAP; skipped where libvirt is not installed.
set -u

schemas=$1 hostdev=$2 nodedev=$3 host=$4
shift 4

if ! command -v xmllint >/dev/null; then
	echo "1..0 # SKIP xmllint is not installed"
	exit 0
elif [ ! -e "$schemas/nodedev.rng" ]; then
	echo "1..0 # SKIP no libvirt schemas in $schemas"
	exit 0
fi

echo "1..$#"
n=0
for example; do
	n=$((n + 1))
	case ${example##*/} in
	domain-*) schema=$schemas/domain.rng ;;
	hostdev-*) schema=$hostdev ;;
	host*) schema=$host ;;
	matrix-*) schema=$nodedev ;;
	*) schema=$schemas/nodedev.rng ;;
	esac
	if out=$(xmllint --nonet --noout --relaxng "$schema" "$example" 2>&1); then
		echo "ok $n - ${example##*/}"
	else
		echo "$out" | sed 's/^/# /'
		echo "not ok $n - ${example##*/}"
	fi
done
