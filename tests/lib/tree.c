// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tree.h"

#include <glib/gstdio.h>

static char *root;

void tree_put(const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(root, name, NULL);
	g_autofree char *dir = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(dir, 0755), ==, 0);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void remove_all(const char *path)
{
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && !g_file_test(path, G_FILE_TEST_IS_SYMLINK) && (name = g_dir_read_name(dir))) {
		g_autofree char *child = g_build_filename(path, name, NULL);

		remove_all(child);
	}
	g_remove(path);
}

ApHost *tree_new(void)
{
	g_assert_null(root);
	root = g_dir_make_tmp("apmatrix-tree-XXXXXX", NULL);
	return ap_host_new(root);
}

void tree_free(ApHost *host)
{
	ap_host_free(host);
	remove_all(root);
	g_clear_pointer(&root, g_free);
}
