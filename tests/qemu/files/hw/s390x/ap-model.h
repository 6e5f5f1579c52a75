/*
 * The arithmetic of the modelled adapters
 *
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#ifndef HW_S390X_AP_MODEL_H
#define HW_S390X_AP_MODEL_H

#include "../../apmatrix/kmod/ap_sim/ap_message.h"

extern const struct ap_firmware ap_model_firmware;

#endif
