/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * What core/ needs from its surroundings: fixed-width types, errno numbers and
 * memcpy/memset. The same files compile in the kernel and in user space.
 */
#ifndef APMATRIX_AP_CORE_H
#define APMATRIX_AP_CORE_H

#include <linux/types.h>

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/string.h>
#else
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#endif

/*
 * Architectural limits: adapter (APID), usage domain (APQI) and control domain
 * numbers are 8 bits wide in the AP queue number, and QCI reports 256-bit masks
 * (Linux, arch/s390/include/asm/ap.h: ap_qid_t, struct ap_config_info).
 */
#define AP_IDS 256
#define AP_ID_MAX (AP_IDS - 1)

#endif
