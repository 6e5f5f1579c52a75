// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * replay DIRECTORY…: each file once through a fuzz target, without libFuzzer, and again with
 * each of its bytes left out. TAP.
 */
#include "fuzz.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

static void replay(const char *path)
{
	g_autofree char *text = NULL;
	g_autofree char *less = NULL;
	gsize len, i;

	g_assert_true(g_file_get_contents(path, &text, &len, NULL));
	LLVMFuzzerTestOneInput((const uint8_t *)text, len);
	less = g_malloc(len + 1);
	for (i = 0; i < len && len < 4096; i++) {
		memcpy(less, text, i);
		memcpy(less + i, text + i + 1, len - i - 1);
		LLVMFuzzerTestOneInput((const uint8_t *)less, len - 1);
	}
}

int main(int argc, char **argv)
{
	const char *name;
	guint n = 0;
	int i;

	for (i = 1; i < argc; i++) {
		g_autoptr(GDir) dir = g_dir_open(argv[i], 0, NULL);

		g_assert_nonnull(dir);
		while ((name = g_dir_read_name(dir))) {
			g_autofree char *path = g_build_filename(argv[i], name, NULL);

			if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
				continue;
			replay(path);
			printf("ok %u - %s\n", ++n, name);
		}
	}
	printf("1..%u\n", n);
	return 0;
}
