// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * apwrite PATH VALUE: exactly one write(2) of exactly VALUE's bytes, as tests of sysfs need it.
 * A shell's echo adds a newline, may split the write, and hides the errno.
 * Prints the errno's name (EADDRINUSE …) and ends with 1 when the write, or the close, fails;
 * prints SHORT and ends with 1 when less was taken. With "-" as VALUE the bytes come from stdin.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char input[1 << 20];

static int failed(const char *path, const char *what)
{
	const char *name = strerrorname_np(errno);

	printf("%s\n", name ? name : "unknown errno");
	fprintf(stderr, "apwrite: %s %s: %m\n", what, path);
	return 1;
}

static ssize_t read_input(void)
{
	size_t len = 0;
	ssize_t n;

	while ((n = read(0, input + len, sizeof(input) - len)) > 0)
		len += n;
	return n < 0 ? n : (ssize_t)len;
}

int main(int argc, char **argv)
{
	const char *value;
	ssize_t len, done;
	int fd;

	if (argc != 3) {
		fprintf(stderr, "usage: apwrite PATH VALUE|-\n");
		return 2;
	}
	value = argv[2];
	len = strlen(value);
	if (!strcmp(value, "-")) {
		value = input;
		len = read_input();
		if (len < 0)
			return failed("stdin", "read");
	}
	fd = open(argv[1], O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return failed(argv[1], "open");
	done = write(fd, value, len);
	if (done < 0)
		return failed(argv[1], "write");
	if (close(fd))
		return failed(argv[1], "close");
	if (done == len)
		return 0;
	printf("SHORT\n");
	fprintf(stderr, "apwrite: %s took %zd of %zd bytes\n", argv[1], done, len);
	return 1;
}
