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

layer_all() {
	say "libvirtd with the layer …"
	layer_sources
	test_lines layer inside sh -c "$(inside_script overlay)" overlay "$BASE/tree" "$TOOLS_RUN" timeout -k 5 600 bash /mnt/native
	tools_end
}
