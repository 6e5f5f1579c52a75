#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# insert.sh INSERT INSERTIONS: what goes into a source tree, and what stops it. TAP.
set -u
insert=$1 insertions=$2
dir=$(mktemp -d) || exit
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit
n=0

result() {
	n=$((n + 1))
	echo "$1 $n - $2"
}

check() {
	text=$1
	shift
	if "$@"; then result ok "$text"; else result 'not ok' "$text"; fi
}

tree() {
	rm -rf tree
	mkdir -p tree/d
	printf 'one\ntwo\nthree\ntwo\nfour\n' >tree/d/file
	printf 'alpha\n' >tree/other
}

run() { awk -f "$insert" TREE=tree "$@" >out 2>&1; }

# says TEXT: it fails with this in its message, and the tree is as it was
refused() {
	! run hunks && grep -qF -- "$1" out && [ "$(cat tree/d/file)" = "$before" ] && [ "$(cat tree/other)" = alpha ] &&
		[ "$(find tree -type f | wc -l)" = 2 ]
}

echo 1..11
tree
before=$(cat tree/d/file)
cat >hunks <<'EOF'
# a remark

@@ d/file
+zero
 one
 two
-three
+3
+3a

@@ other
 alpha
+beta

@@ d/file
 3a
 two
+2
EOF
check 'hunks go in' run hunks
check 'where they belong' [ "$(paste -sd' ' tree/d/file)" = 'zero one two 3 3a two 2 four' ]
check 'into each file' [ "$(paste -sd' ' tree/other)" = 'alpha beta' ]

tree
printf '@@ other\n alpha\n+beta\n@@ d/file\n six\n+seven\n' >hunks
check 'an anchor that is gone, with its file' refused 'd/file has no more the anchor that begins with: six'
printf '@@ other\n alpha\n+beta\n@@ d/file\n two\n+seven\n' >hunks
check 'an anchor that is there twice' refused 'd/file has 2 times the anchor that begins with: two'
printf '@@ other\n alpha\n+beta\n@@ d/file\n two\n four\n+five\n@@ d/file\n one\n three\n' >hunks
check 'lines that do not follow each other' refused 'd/file has no more the anchor that begins with: one'
printf '@@ other\n alpha\n@@ d/none\n one\n+two\n' >hunks
check 'a file that is gone' refused 'there is no d/none'
printf '@@ d/file\n+two\n' >hunks
check 'a hunk without an anchor' refused 'has no anchor'
printf '@@ d/file\n one\n+two\nwhat\n' >hunks
check 'a line that is no part of a hunk' refused 'line 4 is no part of a hunk'

# Ours: in a tree of only its anchors, each hunk has its place.
rm -rf tree
sed -n 's/^@@ //p' "$insertions" | sort -u | while IFS= read -r file; do
	mkdir -p "tree/$(dirname "$file")"
	awk -v "file=$file" '/^@@ / { on = $2 == file; next } on && /^[ -]/ { print substr($0, 2) }' "$insertions" >"tree/$file"
done
check 'the insertions have no mistakes of form' run "$insertions"
check 'and add the instructions' grep -q 'F(0xb2af, PQAP' tree/target/s390x/tcg/insn-data.h.inc
