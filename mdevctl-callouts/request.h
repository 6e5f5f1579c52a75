/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_REQUEST_H
#define APMATRIX_REQUEST_H

#include <glib.h>

/**
 * struct request - what mdevctl asks for, from its command line
 * @type: type of the mediated device
 * @event: pre, post, live, get or notify
 * @action: start, stop, define, undefine, modify, attributes or capabilities
 * @state: none, or in post events success or failure
 * @uuid: the device's UUID
 * @parent: the device's parent
 *
 * %NULL when not given.
 */
struct request {
	const char *type;
	const char *event;
	const char *action;
	const char *state;
	const char *uuid;
	const char *parent;
};

/**
 * request_parse() - read the options of a callout
 * @argc: number of words
 * @argv: the options, each with its value
 * @req: the request
 * @error: AP_MATRIX_ERROR_INVALID; @req has whatever could be read, so that a caller
 *         still knows the type
 */
gboolean request_parse(int argc, char **argv, struct request *req, GError **error);

/**
 * request_check() - is the request complete?
 * @req: a request
 * @error: AP_MATRIX_ERROR_INVALID
 *
 * A UUID becomes part of paths; it is one after this.
 */
gboolean request_check(const struct request *req, GError **error);

#endif
