/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_JOURNAL_H
#define APMATRIX_JOURNAL_H

#include "apmatrix.h"

/* Of syslog(3). */
#define JOURNAL_ERROR 3
#define JOURNAL_WARNING 4
#define JOURNAL_NOTICE 5

/**
 * journal_send() - one entry of systemd's journal
 * @host: the host
 * @priority: one of those above
 * @message: the line that people see
 * @...: pairs of a field's name and its value, then NULL; a pair with value NULL is left out
 *
 * By its native protocol (systemd, docs/JOURNAL_NATIVE_PROTOCOL.md). Where nobody listens,
 * the entry is lost.
 */
void journal_send(const ApHost *host, int priority, const char *message,
		  ...) G_GNUC_NULL_TERMINATED;

#endif
