# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The project, built in the Debian tree and packed as a tar that is unpacked over the lab's root.
# work-KEY/ holds src.tar (what the lab needs of the sources), in/ (belongs to `inside`: the
# unpacked sources, meson's build, project.tar) and key.

# Not the tests that run in the lab, nor the host's side of it: they change without a rebuild.
project_sources() {
	tar c -C "$TOP" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 \
		--exclude-vcs --exclude=./tests/vm --exclude=./docs --exclude='./lab/*.*' --exclude=./lab/overlay \
		--exclude=./lab/chroot --exclude=./run --exclude=./.ci --exclude='./*.md' --exclude='*~' --exclude='.*.swp' .
}

# Sets PROJECT_KEY, which tells the state of the sources.
project_state() {
	PROJECT_KEY=$({
		tree_key
		cat "$TOP/lab/chroot/build"
		project_sources
	} | sha256sum | cut -c1-16)
}

# Sets PROJECT, the tar; builds when a source changed. Needs BASE. Under cache_lock.
project_make() {
	local work log=$CACHE/logs/build.log
	work=$CACHE/$(kind work)-$(tree_key)
	[[ -d $work ]] || project_work "$(kind work)" "$(tree_key)"
	PROJECT=$work/in/project.tar
	project_state
	[[ ! -f $work/key || $(<"$work/key") != "$PROJECT_KEY" ]] || return 0
	rm -f "$work/key"
	project_sources >"$work/src.tar"
	chmod 644 "$work/src.tar"
	step "building the project (log: $log)" "$log" 900 \
		mmdebstrap --unshare-helper sh -c "$(inside_script enter)" enter \
		"$BASE/tree" "$work" sh -c "$(inside_script build)" || {
		project_errors "$log"
		die "The project does not build (log: $log)."
	}
	echo "$PROJECT_KEY" >"$work/key"
}

project_work() {
	cache_tmp
	cache_dir "$1"
	inside mkdir "$TMP/$1/in"
	cache_keep "$1" "$2"
}

project_errors() {
	if grep -qE 'error:|ERROR:|FAILED:' "$1"; then
		grep -E -A3 'error:|ERROR:|FAILED:' "$1" | head -n 30 | sed 's/^/    /' >&2
	else
		tail_of "$1"
	fi
}
