/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_STATEIMPL_H
#define APMATRIX_STATEIMPL_H

#include "state.h"

/* Makes the device @uuid in @state what it is in @from; empty if it is not there. */
void ap_state_take(ApState *state, const ApState *from, const char *uuid);

/* By UUID, as those of a host that was read are. */
void ap_state_sort(ApState *state);

/* Why the names of devices are not known; NULL if they are. */
const char *ap_state_get_names_problem(const ApState *state);

/* Why the rule of the masks, which is there, was not understood; NULL if it was. */
const char *ap_state_get_rule_problem(const ApState *state);

#endif
