/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A guest's matrix with what belongs to it: name, UUID, when it starts.
 */
#ifndef APMATRIX_GUEST_H
#define APMATRIX_GUEST_H

#include "public.h"

/**
 * ApGuest:
 * @name: (nullable): what people call it; see ap_guest_name_is_valid()
 * @uuid: (nullable): UUID of its mediated device, in lower case
 * @autostart: whether the device is started when the host boots
 * @overlap: whether other definitions may have its queues too; only without @autostart
 * @line: the line of the document that it comes from; 0 if from none
 * @matrix: what it is assigned
 */
typedef struct {
	char *name;
	char *uuid;
	gboolean autostart;
	gboolean overlap;
	long line;
	struct ap_matrix matrix;
} ApGuest;

AP_PUBLIC ApGuest *ap_guest_new(const char *name, const char *uuid);

AP_PUBLIC void ap_guest_free(ApGuest *guest);

AP_PUBLIC gboolean ap_guest_name_is_valid(const char *name);

AP_PUBLIC char *ap_guest_make_uuid(const char *name);

AP_PUBLIC char *ap_guest_to_json(const ApGuest *guest);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApGuest, ap_guest_free)

#endif
