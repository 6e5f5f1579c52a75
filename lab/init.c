// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The lab's initrd is this program and a few modules: load them in the order of /modules, mount
 * the disk, hand over to systemd. Debian's own initrd costs several seconds more under TCG.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MODULE_TRIES 200 /* of 20 ms: the disk appears shortly after its driver */

static int fail(const char *what)
{
	fprintf(stderr, "lab init: %s: %m\n", what);
	sleep(1);
	return 1; /* init gone: the kernel panics, and QEMU ends */
}

static int load_module(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return -1;
	rc = syscall(SYS_finit_module, fd, "", 0);
	close(fd);
	return rc;
}

static int load_modules(void)
{
	FILE *list = fopen("/modules", "re");
	char path[256];

	if (!list)
		return -1;
	while (fgets(path, sizeof(path), list)) {
		path[strcspn(path, "\n")] = '\0';
		if (load_module(path))
			return fail(path);
	}
	fclose(list);
	return 0;
}

static int mount_disk(void)
{
	for (int i = 0; i < MODULE_TRIES; i++) {
		if (!mount("/dev/vda", "/root", "ext4", MS_NOATIME, NULL))
			return 0;
		usleep(20000);
	}
	return -1;
}

int main(void)
{
	char *const argv[] = { "/sbin/init", NULL };

	mkdir("/dev", 0755);
	mkdir("/root", 0755);
	if (mount("devtmpfs", "/dev", "devtmpfs", 0, NULL))
		return fail("devtmpfs");
	if (load_modules())
		return fail("modules");
	if (mount_disk())
		return fail("/dev/vda");
	if (mount("/dev", "/root/dev", NULL, MS_MOVE, NULL) || chdir("/root") ||
	    mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") || chdir("/"))
		return fail("switch to the disk");
	execv(argv[0], argv);
	return fail(argv[0]);
}
