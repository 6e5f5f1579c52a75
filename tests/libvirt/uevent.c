// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * uevent NAME=VALUE...: sends an event with these properties as udev does, to those who
 * listen in this network namespace. Format: systemd 257, src/libsystemd/sd-device/
 * device-monitor.c, monitor_netlink_header; listeners without a filter skip the hashes.
 */
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define UDEV_GROUP 2
#define UDEV_MAGIC 0xfeedcafe

struct header {
	char prefix[8];
	uint32_t magic;
	uint32_t header_size;
	uint32_t properties_offset;
	uint32_t properties_size;
	uint32_t hashes[4];
};

int main(int argc, char **argv)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK, .nl_groups = UDEV_GROUP };
	struct header header = {
		.prefix = "libudev",
		.magic = htonl(UDEV_MAGIC),
		.header_size = sizeof(header),
		.properties_offset = sizeof(header),
	};
	struct iovec iov[64] = { { &header, sizeof(header) } };
	struct msghdr msg = {
		.msg_name = &to,
		.msg_namelen = sizeof(to),
		.msg_iov = iov,
		.msg_iovlen = argc,
	};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	int i;

	if (argc < 2 || argc > 64) {
		fprintf(stderr, "usage: uevent NAME=VALUE...\n");
		return 2;
	}
	for (i = 1; i < argc; i++) {
		iov[i] = (struct iovec){ argv[i], strlen(argv[i]) + 1 };
		header.properties_size += iov[i].iov_len;
	}
	if (fd < 0 || sendmsg(fd, &msg, 0) < 0) {
		perror("uevent");
		return 1;
	}
	return 0;
}
