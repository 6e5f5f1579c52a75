#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Builds the modules with a kernel's own build system, beside a copy of the sources, so that
# the source tree stays clean. Kbuild decides what is out of date.
# usage: kbuild.sh SOURCE-ROOT KERNEL-BUILD-DIR WORK-DIR OUTPUT-DIR
set -eu
src=$1 kdir=$2 work=$3 out=$4

mkdir -p "$work"
work=$(cd "$work" && pwd)
(cd "$src" && find core include kmod -type f \( -name '*.[ch]' -o -name Kbuild \)) | while read -r f; do
	mkdir -p "$work/$(dirname "$f")"
	cmp -s "$src/$f" "$work/$f" || cp "$src/$f" "$work/$f"
done
# What left the sources leaves the copy.
(cd "$work" && find core include kmod -name '*.[ch]' ! -name '*.mod.c') | while read -r f; do
	[ -e "$src/$f" ] || rm "$work/$f"
done
make -s -C "$kdir" "M=$work/kmod" modules
cp "$work"/kmod/*.ko "$out/"
