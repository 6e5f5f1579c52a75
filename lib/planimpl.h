/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_PLANIMPL_H
#define APMATRIX_PLANIMPL_H

#include "plan.h"

struct ApPlan {
	GPtrArray *steps;
	ApState *now;
	ApState *wanted;
};

#endif
