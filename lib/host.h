/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A host as its files show it: the AP bus, active mediated devices, mdevctl's definitions.
 */
#ifndef APMATRIX_HOST_H
#define APMATRIX_HOST_H

#include "definition.h"
#include "public.h"

typedef struct ApHost ApHost;

/**
 * ApDevice:
 * @uuid: UUID of an active mediated device
 * @matrix: its assigned matrix
 */
typedef struct {
	char *uuid;
	struct ap_matrix matrix;
} ApDevice;

AP_PUBLIC ApHost *ap_host_new(const char *root);

AP_PUBLIC void ap_host_free(ApHost *host);

AP_PUBLIC void ap_device_free(ApDevice *device);

AP_PUBLIC char *ap_host_path(const ApHost *host, const char *path);

AP_PUBLIC gboolean ap_host_has_parent(const ApHost *host);

AP_PUBLIC gboolean ap_host_get_limits(const ApHost *host, struct ap_limits *limits, GError **error);

AP_PUBLIC gboolean ap_host_get_reserved(const ApHost *host, struct ap_matrix *reserved,
					GError **error);

AP_PUBLIC gboolean ap_host_get_config(const ApHost *host, const char *uuid,
				      struct ap_matrix *matrix, GError **error);

AP_PUBLIC gboolean ap_host_set_config(const ApHost *host, const char *uuid,
				      const struct ap_matrix *matrix, GError **error);

AP_PUBLIC gboolean ap_host_get_guest_listing(const ApHost *host, const char *uuid,
					     struct ap_matrix *matrix);

AP_PUBLIC gboolean ap_host_set_masks(const ApHost *host, const struct ap_matrix *masks,
				     GError **error);

AP_PUBLIC gboolean ap_host_has_driver_override(const ApHost *host);

AP_PUBLIC GPtrArray *ap_host_list_active(const ApHost *host, GPtrArray *warnings);

AP_PUBLIC ApDefinition *ap_host_load_definition(const ApHost *host, const char *uuid,
						GError **error);

AP_PUBLIC GPtrArray *ap_host_list_definitions(const ApHost *host, GPtrArray *warnings);

AP_PUBLIC GPtrArray *ap_host_list_definitions_and_broken(const ApHost *host, GPtrArray *broken,
							 GPtrArray *warnings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApHost, ap_host_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApDevice, ap_device_free)

#endif
