/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The masks over reboots: the udev rule that chzdev of s390-tools writes and reads.
 */
#ifndef APMATRIX_RULE_H
#define APMATRIX_RULE_H

#include "host.h"

/**
 * ap_rule_load:
 * @host: a host
 * @masks: (out): what the rule sets apmask and aqmask to; all ones for one that it leaves
 * @error: G_FILE_ERROR_NOENT without a rule; G_FILE_ERROR, AP_MATRIX_ERROR_INVALID
 *
 * Returns: whether there is a rule
 */
gboolean ap_rule_load(const ApHost *host, struct ap_matrix *masks, GError **error);

/**
 * ap_rule_save:
 * @host: a host
 * @masks: (nullable): what apmask and aqmask are to be after a boot; %NULL removes the rule
 * @error: G_FILE_ERROR
 *
 * Returns: whether it succeeded
 */
gboolean ap_rule_save(const ApHost *host, const struct ap_matrix *masks, GError **error);

#endif
