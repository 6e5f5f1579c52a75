/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A guest without KVM: opens a matrix device and executes AP instructions by ioctl.
 */
#ifndef APMATRIX_TESTS_GUEST_H
#define APMATRIX_TESTS_GUEST_H

#include <linux/types.h>
#include "../../include/uapi/ap_insn.h"
#include "../../include/uapi/ap_vfio.h"

/* An open matrix device: its container, group and itself. */
struct guest {
	int container, group, fd;
};

int guest_enter(struct guest *g, const char *uuid);
void guest_leave(struct guest *g);
int guest_open(const char *uuid);
int guest_insn(int fd, struct vfio_ap_insn *a);
int guest_pqap(int fd, unsigned int fc, unsigned int qid, __u64 gr1, struct vfio_ap_insn *a);
int guest_nqap(int fd, unsigned int qid, __u64 psmid, const void *msg, unsigned int len,
	       struct vfio_ap_insn *a);
int guest_dqap(int fd, unsigned int qid, void *buf, unsigned int len, struct vfio_ap_insn *a);
int guest_fetch(int fd, unsigned int qid, void *buf, unsigned int len, struct vfio_ap_insn *a);

#endif
