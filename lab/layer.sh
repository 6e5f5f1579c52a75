# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# libvirtd with the layer on this machine, in the Debian tree over a made up sysfs: what needs no
# kernel of ours, at its full speed, and under valgrind.

# Under cache_lock; sets BASE and PROJECT.
layer_prepare() {
	base_announce
	inside_check
	base_make
	project_make
}

layer_sources() {
	TOOLS_RUN=$(mktemp -d "$CACHE/run.XXXXXXXXXXXXXXXX")
	((EUID == 0)) || chmod 777 "$TOOLS_RUN"
	cp "$PROJECT" "$TOOLS_RUN/project.tar"
	cp "$TOP"/tests/libvirt/{native,sysfs} "$TOP"/tests/vm/{lib,matrix,layer}.sh "$TOOLS_RUN"
	chmod -R a+rX "$TOOLS_RUN"
	"$TOOLS_RUN/sysfs" "$TOOLS_RUN/sys"
}

# Its lines "ok - …" and "not ok - …" are counted; all are shown when one fails.
layer_all() {
	local ok bad log=$CACHE/logs/layer.log start=$SECONDS
	say "libvirtd with the layer …"
	layer_sources
	inside sh -c "$(inside_script overlay)" overlay "$BASE/tree" "$TOOLS_RUN" \
		timeout -k 5 600 bash /mnt/native >"$log" 2>&1 </dev/null || echo "not ok - it ended with status $?" >>"$log"
	tools_end
	ok=$(grep -cE '^ok\b' "$log") || true
	bad=$(grep -cE '^not ok\b' "$log") || true
	((ok + bad)) || bad=1
	if ((bad)); then
		sed 's/^/    /' "$log"
		echo "FAIL layer: $ok passed, $bad failed, $((SECONDS - start)) s (log: $log)"
	else
		echo "PASS layer: $ok passed, $((SECONDS - start)) s"
	fi
	PASSED=$((PASSED + ok)) FAILED=$((FAILED + bad))
}
