/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A definition that a client sent, checked and translated.
 */
#pragma once

#include "apmatrix.h"
#include "internal.h"

typedef enum {
    APMATRIX_CHECK_CONFIG = 1 << 0, /* it is going to be kept */
    APMATRIX_CHECK_LIVE = 1 << 1, /* it is going to be in force */
} apmatrixCheckScope;

typedef struct _apmatrixCheck apmatrixCheck;
struct _apmatrixCheck {
    char *xml; /* what the stock driver understands */
    char *uuid; /* NULL if the XML has none */
    bool autostart; /* it has a definition with autostart, which is kept */
};

void
apmatrixCheckFree(apmatrixCheck *check);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(apmatrixCheck, apmatrixCheckFree);

/**
 * apmatrixCheckXML:
 * @xml: XML of an AP mediated device
 * @uuid: (nullable): UUID of the device; the one in @xml if NULL
 * @scope: apmatrixCheckScope
 *
 * Schema, libapmatrix' own checks, limits of the host, other owners of its queues.
 *
 * Returns the definition, NULL with an error reported.
 */
apmatrixCheck *
apmatrixCheckXML(const char *xml,
                 const char *uuid,
                 unsigned int scope);

/**
 * apmatrixCheckStart:
 * @uuid: UUID of a device that is defined
 *
 * Returns 0 if it may be started, -1 with an error reported.
 */
int
apmatrixCheckStart(const char *uuid);
