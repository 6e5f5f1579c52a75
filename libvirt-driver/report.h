/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/**
 * apmatrixReportError:
 * @error: what libapmatrix says
 *
 * Reports it as libvirt's, with the code that fits.
 */
void
apmatrixReportError(const GError *error);

/**
 * apmatrixReportWarnings:
 * @warnings: (element-type utf8): texts for the log
 */
void
apmatrixReportWarnings(const GPtrArray *warnings);
