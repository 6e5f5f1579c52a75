# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# The debug lab: the same lab on another kernel, one that finds bugs (lab/debug.config). It is
# asked for by APMATRIX_KERNEL=debug, ./run lab --debug, or ./run test debug. Its products stand
# beside the others in the cache, with .debug in their names.

LAB_KERNEL=${APMATRIX_KERNEL-}

debug_on() { [[ $LAB_KERNEL == debug ]]; }

lab_kernel_check() {
	[[ -z $LAB_KERNEL || $LAB_KERNEL == debug ]] ||
		die "APMATRIX_KERNEL is '$LAB_KERNEL'; leave it empty for Debian's kernel, or set it to debug."
}

# kind PRODUCT: its name in the cache.
kind() { echo "$1${LAB_KERNEL:+.$LAB_KERNEL}"; }

# slow SECONDS: how long that may take here.
slow() { if debug_on; then echo $(($1 * 4)); else echo "$1"; fi; }

# The Debian tree that the lab of this kernel is made from.
tree_key() { if debug_on; then debug_key; else base_key; fi; }

tree_make() {
	base_make
	! debug_on || debug_make
}

# The kernel depends on nothing of the lab but its own configuration: it takes long to build.
kernel_key() {
	echo "$SUITE $(inside_mode)" | key_of lab/debug.config lab/debug-packages lab/chroot/kernel
}

debug_key() {
	{
		base_key
		kernel_key
	} | key_of lab/chroot/debug
}

# Sets KERNEL, a folder with boot/ and usr/ of the debug kernel; builds it when it is not there.
kernel_make() {
	local key log=$CACHE/logs/debug-kernel.log
	key=$(kernel_key)
	KERNEL=$CACHE/kernel-$key
	[[ ! -d $KERNEL ]] || return 0
	need_disk 6000 "the debug kernel's build"
	cache_tmp
	cache_dir tree
	cache_dir work
	cache_dir kernel
	fetch_tree "building a Debian $SUITE tree for building a kernel (1 minute; log: $log)" "$log" 1200 tree \
		--include="$(list_of "$TOP/lab/debug-packages" | paste -sd,)"
	cp "$TOP/lab/debug.config" "$TMP/work"
	step "building the debug kernel (10 minutes on 2 cores; log: $log)" "$log" 5400 \
		nice -n 10 mmdebstrap --unshare-helper sh -c "$(inside_script enter)" enter \
		"$TMP/tree/tree" "$TMP/work" sh -c "$(inside_script kernel)" || {
		project_errors "$log"
		die "The debug kernel does not build (log: $log)."
	}
	inside cp -a "$TMP/work/out/." "$TMP/kernel"
	cache_keep kernel "$key"
}

# Sets BASE anew, a copy of the stock tree with that kernel; makes it when it is not there. Needs
# BASE, the stock tree. Under cache_lock.
debug_make() {
	local key log=$CACHE/logs/debug-tree.log
	kernel_make
	key=$(debug_key)
	if [[ ! -d $CACHE/base.debug-$key ]]; then
		need_disk 1500 "the debug lab's tree"
		cache_tmp
		cache_dir base.debug
		step "making the debug lab's tree (log: $log)" "$log" 600 \
			mmdebstrap --unshare-helper sh -c "$(inside_script debug)" debug \
			"$BASE" "$TMP/base.debug" "$KERNEL" "$(inside_script enter)" ||
			die "The debug lab's tree could not be made (log: $log)."
		cache_keep base.debug "$key"
	fi
	BASE=$CACHE/base.debug-$key
}

# debug_check NAME leaks|…: what the debug kernel knows of a lab after its test: that lockdep has
# stopped looking and, when asked, leaks with our modules in their traces (or with code that is
# gone). Fails when there is any.
debug_check() {
	local dir said remote
	dir=$(lab_dir "$1")
	remote='grep -q "debug_locks: *1" /proc/lockdep_stats || echo "lockdep has stopped"'
	# kmemleak reports what is at least 5 s old, and not before its second scan.
	[[ $2 != leaks ]] || remote+='
		cd /sys/kernel/debug && echo scan >kmemleak && sleep 6 && echo scan >kmemleak && cat kmemleak'
	said=$(ssh_run "$dir" 600 "$remote" </dev/null 2>&1) || {
		echo "the lab cannot be asked for leaks"
		return 1
	}
	printf '%s\n' "$said" >"$dir/kmemleak.log"
	said=$(debug_leaks <<<"$said")
	[[ -n $said ]] || return 0
	printf 'debug: %s\n' "${said//$'\n'/$'\n'debug: }"
	return 1
}

# Of what kmemleak says: reports that are ours, and whatever came before the first report.
debug_leaks() {
	awk '/^unreferenced object/ { n++ }
		{ block[n + 0] = block[n + 0] $0 "\n" }
		/\[(ap_host|ap_sim|vfio_ap|apm_[a-z_]+)\]$/ || /\] 0x[0-9a-f]+$/ { ours[n + 0] = 1 }
		END { printf "%s", block[0]; for (i = 1; i <= n; i++) if (ours[i]) printf "%s", block[i] }'
}
