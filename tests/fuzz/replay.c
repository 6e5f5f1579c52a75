// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Gives the files of a corpus to a fuzzer, without libFuzzer: replay DIRECTORY
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include "fuzz.h"

static int replay(const char *dir, const char *name)
{
	static uint8_t data[1 << 16];
	char path[4096];
	size_t size;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "rb");
	if (!f) {
		perror(path);
		return 1;
	}
	size = fread(data, 1, sizeof(data), f);
	fclose(f);
	return LLVMFuzzerTestOneInput(data, size);
}

int main(int argc, char **argv)
{
	struct dirent *entry;
	int bad = 0, n = 0;
	DIR *dir;

	dir = argc == 2 ? opendir(argv[1]) : NULL;
	if (!dir) {
		fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
		return 2;
	}
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		bad |= replay(argv[1], entry->d_name);
		n++;
	}
	closedir(dir);
	printf("%d inputs\n", n);
	return bad || !n;
}
