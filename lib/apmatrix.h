/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libapmatrix: AP matrices of guests as definitions, on a host, and in conflict.
 */
#ifndef APMATRIX_APMATRIX_H
#define APMATRIX_APMATRIX_H

#include "attrs.h"
#include "conflict.h"
#include "definition.h"
#include "describe.h"
#include "error.h"
#include "guest.h"
#include "hardware.h"
#include "host.h"
#include "hostdef.h"
#include "ids.h"
#include "live.h"
#include "lock.h"
#include "nodedev.h"
#include "override.h"
#include "plan.h"
#include "state.h"
#include "user.h"

#endif
