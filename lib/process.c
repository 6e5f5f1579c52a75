// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Fields of proc/PID/stat: proc_pid_stat(5).
 */
#include "process.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "quote.h"

#define TEXT_MAX 4096

/* Fields of stat after the name, counted from 0. */
#define FIELD_STATE 0
#define FIELD_START 19

static char *read_proc(const ApHost *host, pid_t pid, const char *name)
{
	g_autofree char *below = g_strdup_printf("proc/%d/%s", pid, name);
	g_autofree char *path = ap_host_path(host, below);

	return ap_file_read(path, TEXT_MAX, NULL, NULL);
}

/* The name, in parentheses, may have spaces and parentheses itself. */
static char *read_field(const ApHost *host, pid_t pid, guint field)
{
	g_autofree char *text = read_proc(host, pid, "stat");
	const char *after = text ? strrchr(text, ')') : NULL;
	g_auto(GStrv) words = NULL;

	if (!after || !after[1])
		return NULL;
	words = g_strsplit(after + 2, " ", -1);
	return g_strv_length(words) > field ? g_strdup(words[field]) : NULL;
}

gboolean ap_process_is_alive(const ApHost *host, pid_t pid)
{
	g_autofree char *state = NULL;

	if (pid <= 0 || (kill(pid, 0) && errno == ESRCH))
		return FALSE;
	state = read_field(host, pid, FIELD_STATE);
	return !state || !strchr("ZX", *state);
}

char *ap_process_describe(const ApHost *host, pid_t pid)
{
	g_autofree char *name = read_proc(host, pid, "comm");
	g_autofree char *quoted = NULL;

	if (!name)
		return g_strdup_printf("process %d", pid);
	quoted = ap_quote(g_strchomp(name));
	return g_strdup_printf("%s (process %d)", quoted, pid);
}

char *ap_process_stamp(const ApHost *host, pid_t pid)
{
	g_autofree char *path = ap_host_path(host, "proc/sys/kernel/random/boot_id");
	g_autofree char *boot = ap_file_read(path, TEXT_MAX, NULL, NULL);
	g_autofree char *start = read_field(host, pid, FIELD_START);

	return g_strdup_printf("%d %s %s", pid, start ? start : "-", boot ? g_strchomp(boot) : "-");
}

gboolean ap_process_stamp_is_alive(const ApHost *host, const char *stamp)
{
	pid_t pid = stamp ? atoi(stamp) : 0;
	g_autofree char *now = NULL;

	if (!ap_process_is_alive(host, pid))
		return FALSE;
	now = ap_process_stamp(host, pid);
	return g_str_equal(now, stamp);
}
