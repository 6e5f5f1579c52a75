/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between kernels. Reference: 6.12.
 */
#ifndef APMATRIX_AP_COMPAT_H
#define APMATRIX_AP_COMPAT_H

#include <linux/device.h>
#include <linux/version.h>
#include <linux/vfio.h>

/* The match callback of a bus takes a const driver since 6.11. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
#define apm_const const
#else
#define apm_const
#endif

/* Binary attributes: the callback's attribute is const since 6.16. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#define apm_bin_const const
#else
#define apm_bin_const
#endif

/*
 * The configuration-changed interrupt came with Linux 7.2, as index 1 (include/uapi/
 * linux/vfio.h); a number of our own, since an enumerator cannot be tested for.
 */
#define APM_VFIO_REQ_IRQ VFIO_AP_REQ_IRQ_INDEX
#define APM_VFIO_CFG_IRQ 1
#define APM_VFIO_IRQS 2

#endif
