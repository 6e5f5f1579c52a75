// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The callout that mdevctl runs for AP mediated devices.
 *
 * mdevctl takes a callout that is killed by a signal for one that agreed (1.4.0,
 * src/callouts.rs, Callout::callout), so everything that could end this program by a
 * signal counts as a security bug.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "event.h"

#define WARNINGS_SHOWN 10

/* Exit statuses that mdevctl knows (its manual, CALLOUT SCRIPTS). */
enum {
	STATUS_DONE = 0,
	STATUS_REFUSED = 1,
	STATUS_NOT_MINE = 2,
};

/* With one of them closed, a message could go into the next file that is opened. */
static gboolean open_standard_files(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0)
		return FALSE;
	close(fd);
	return TRUE;
}

static void print_warnings(const GPtrArray *warnings)
{
	guint i;

	for (i = 0; i < warnings->len && i < WARNINGS_SHOWN; i++)
		fprintf(stderr, "warning: %s\n", (const char *)warnings->pdata[i]);
	if (i < warnings->len)
		fprintf(stderr, "warning: and %u more like these\n", warnings->len - i);
}

static int run(int argc, char **argv, const char *root)
{
	g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(ApHost) host = ap_host_new(root);
	g_autoptr(GError) error = NULL;
	struct request req;
	gboolean ok;

	ok = request_parse(argc, argv, &req, &error);
	if (req.type && !g_str_equal(req.type, AP_MDEV_TYPE))
		return STATUS_NOT_MINE;
	if (ok && request_check(&req, &error))
		ok = event_run(&req, host, warnings, &error);
	print_warnings(warnings);
	if (error)
		fprintf(stderr, "%s\n", error->message);
	return error ? STATUS_REFUSED : STATUS_DONE;
}

int main(int argc, char **argv)
{
	const char *root = NULL;

	signal(SIGPIPE, SIG_IGN);
	if (!open_standard_files())
		return STATUS_REFUSED;
#ifdef APMATRIX_TEST_ROOT
	/* Only in the program that the tests build: --root DIR comes first. */
	if (argc > 2 && g_str_equal(argv[1], "--root")) {
		root = argv[2];
		argc -= 2;
		argv += 2;
	}
#endif
	return run(MAX(argc, 1) - 1, argv + 1, root);
}
