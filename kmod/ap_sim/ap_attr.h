/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The texts of attributes, from numbers and back. Formats: Linux, drivers/s390/crypto.
 *
 * Pure: what sysfs is given and gives passes through here, also in user space.
 */
#ifndef APMATRIX_AP_ATTR_H
#define APMATRIX_AP_ATTR_H

#include "../../core/ap_core.h"

/* Enough for each of these texts, with NUL */
#define AP_ATTR_TEXT 64

int ap_attr_hwtype(__u64 info, char *buf);
int ap_attr_depth(__u64 info, char *buf);
int ap_attr_functions(__u64 info, char *buf);
int ap_attr_modalias(__u64 info, char *buf);
int ap_attr_max_msg_size(__u64 info, char *buf);
int ap_attr_type(__u64 info, char *buf);
int ap_attr_features(__u32 flags, char *buf);
int ap_attr_bindings(unsigned int bound, unsigned int queues, bool scanned, char *buf);
int ap_attr_reset(__u32 status, char *buf);
int ap_attr_interrupt(__u32 status, char *buf);
int ap_attr_read_switch(const char *text, bool *on);
int ap_attr_read_config_time(const char *text, unsigned int *seconds);
int ap_attr_read_poll_timeout(const char *text, __u64 *ns);

#endif
