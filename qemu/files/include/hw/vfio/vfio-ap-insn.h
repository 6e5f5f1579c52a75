/*
 * AP instructions by a vfio-ap device whose host emulates the AP bus
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef HW_VFIO_VFIO_AP_INSN_H
#define HW_VFIO_VFIO_AP_INSN_H

#include "hw/vfio/vfio-common.h"

typedef struct VFIOAPInsn VFIOAPInsn;

VFIOAPInsn *vfio_ap_insn_new(VFIODevice *vdev, Error **errp);
void vfio_ap_insn_free(VFIOAPInsn *v);

#endif
