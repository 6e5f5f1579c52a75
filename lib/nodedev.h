/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A guest's matrix as libvirt's node device XML.
 */
#ifndef APMATRIX_NODEDEV_H
#define APMATRIX_NODEDEV_H

#include "guest.h"

/**
 * ApNodedevForm:
 * @AP_NODEDEV_ATTRS: libvirt's own <attr> elements: every libvirt takes that
 * @AP_NODEDEV_MATRIX: <ap:matrix>, for people, and for a libvirt with our driver
 */
typedef enum {
	AP_NODEDEV_ATTRS,
	AP_NODEDEV_MATRIX,
} ApNodedevForm;

AP_PUBLIC ApGuest *ap_nodedev_parse(const char *text, gsize len, const char *source,
				    GError **error);

AP_PUBLIC char *ap_nodedev_translate(const char *text, gsize len, const char *source,
				     ApGuest **guest, GError **error);

AP_PUBLIC char *ap_nodedev_to_xml(const ApGuest *guest, ApNodedevForm form);

AP_PUBLIC char *ap_nodedev_make_name(const char *uuid);

AP_PUBLIC char *ap_nodedev_read_name(const char *name);

#endif
