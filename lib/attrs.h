/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The attributes of mdevctl and libvirt: pairs of a sysfs attribute's name and a value,
 * which mdevctl writes one by one to start a device.
 */
#ifndef APMATRIX_ATTRS_H
#define APMATRIX_ATTRS_H

#include "public.h"

/**
 * ApAttr:
 * @name: name of the attribute, assign_adapter for example
 * @value: what is written to it
 */
typedef struct {
	char *name;
	char *value;
} ApAttr;

AP_PUBLIC ApAttr *ap_attr_new(const char *name, const char *value);

AP_PUBLIC void ap_attr_free(ApAttr *attr);

AP_PUBLIC gboolean ap_attrs_apply(struct ap_matrix *matrix, const char *name, const char *value,
				  GError **error);

AP_PUBLIC gboolean ap_attrs_to_matrix(const GPtrArray *attrs, struct ap_matrix *matrix,
				      GError **error);

AP_PUBLIC GPtrArray *ap_attrs_from_matrix(const struct ap_matrix *matrix);

AP_PUBLIC char *ap_attrs_to_json(const GPtrArray *attrs);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApAttr, ap_attr_free)

#endif
