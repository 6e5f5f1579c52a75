/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_QUOTE_H
#define APMATRIX_QUOTE_H

#include <glib.h>

/**
 * ap_quote:
 * @text: text from outside
 *
 * For messages: foreign text ends up in terminals and logs, so it is cut to a length
 * that leaves the message readable, and everything but printable ASCII is escaped.
 *
 * Returns: (transfer full): @text in single quotes
 */
char *ap_quote(const char *text);

#endif
