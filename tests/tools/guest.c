// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Interface: docs/ioctl.md; Linux, Documentation/driver-api/vfio.rst (group and container).
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "guest.h"

static int open_group(const char *uuid)
{
	char path[PATH_MAX], target[PATH_MAX];
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/iommu_group", uuid);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return -1;
	target[n] = '\0';
	snprintf(path, sizeof(path), "/dev/vfio/%.20s", basename(target));
	return open(path, O_RDWR | O_CLOEXEC);
}

static int join(struct guest *g, const char *uuid)
{
	if (g->container < 0 || g->group < 0 ||
	    ioctl(g->group, VFIO_GROUP_SET_CONTAINER, &g->container) < 0 ||
	    ioctl(g->container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU) < 0)
		return -1;
	return ioctl(g->group, VFIO_GROUP_GET_DEVICE_FD, uuid);
}

/* The device's file, or -1 with errno; then nothing is open. */
int guest_enter(struct guest *g, const char *uuid)
{
	int saved;

	g->container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	g->group = open_group(uuid);
	g->fd = join(g, uuid);
	if (g->fd < 0) {
		saved = errno;
		guest_leave(g);
		errno = saved;
	}
	return g->fd;
}

void guest_leave(struct guest *g)
{
	if (g->fd >= 0)
		close(g->fd);
	if (g->group >= 0)
		close(g->group);
	if (g->container >= 0)
		close(g->container);
}

/* The group and its container stay open as long as the process lives. */
int guest_open(const char *uuid)
{
	struct guest g;

	return guest_enter(&g, uuid);
}

int guest_insn(int fd, struct vfio_ap_insn *a)
{
	a->argsz = sizeof(*a);
	a->version = VFIO_AP_INSN_VERSION;
	return ioctl(fd, VFIO_AP_INSN, a);
}

int guest_pqap(int fd, unsigned int fc, unsigned int qid, __u64 gr1, struct vfio_ap_insn *a)
{
	*a = (struct vfio_ap_insn){
		.opcode = AP_OP_PQAP,
		.gr0 = fc << 24 | qid,
		.gr1 = gr1,
	};
	return guest_insn(fd, a);
}

int guest_nqap(int fd, unsigned int qid, __u64 psmid, const void *msg, unsigned int len,
	       struct vfio_ap_insn *a)
{
	*a = (struct vfio_ap_insn){
		.opcode = AP_OP_NQAP,
		.gr0 = AP_GR0_LAST | qid,
		.psmid = psmid,
		.buf = (unsigned long)msg,
		.len = len,
	};
	return guest_insn(fd, a);
}

int guest_dqap(int fd, unsigned int qid, void *buf, unsigned int len, struct vfio_ap_insn *a)
{
	*a = (struct vfio_ap_insn){
		.opcode = AP_OP_DQAP,
		.gr0 = AP_GR0_FIRST | qid,
		.buf = (unsigned long)buf,
		.len = len,
	};
	return guest_insn(fd, a);
}

/* Polls for a reply for up to a minute. */
int guest_fetch(int fd, unsigned int qid, void *buf, unsigned int len, struct vfio_ap_insn *a)
{
	int i, rc;

	for (i = 0; i < 60000; i++) {
		rc = guest_dqap(fd, qid, buf, len, a);
		if (rc || AP_STATUS_RC(a->gr1) != AP_RC_NO_REPLY)
			return rc;
		usleep(1000);
	}
	errno = ETIMEDOUT;
	return -1;
}
