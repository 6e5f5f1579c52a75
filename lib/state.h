/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A host at one moment, or as it is wanted to be: masks, active devices, definitions.
 */
#ifndef APMATRIX_STATE_H
#define APMATRIX_STATE_H

#include "host.h"
#include "hostdef.h"
#include "override.h"

/**
 * ApFeatures:
 * @AP_FEATURE_AP_CONFIG: devices have ap_config
 * @AP_FEATURE_GUEST_CONFIG: devices have guest_config
 * @AP_FEATURE_FILTERED: devices have filtered
 * @AP_FEATURE_COMMIT: devices have staged_config, their parent commit
 * @AP_FEATURE_DRIVER_OVERRIDE: queues have driver_override, which the masks do not overrule
 */
typedef enum {
	AP_FEATURE_AP_CONFIG = 1 << 0,
	AP_FEATURE_GUEST_CONFIG = 1 << 1,
	AP_FEATURE_FILTERED = 1 << 2,
	AP_FEATURE_COMMIT = 1 << 3,
	AP_FEATURE_DRIVER_OVERRIDE = 1 << 4,
} ApFeatures;

/**
 * ApScope:
 * @AP_SCOPE_LIVE: active devices, the masks now
 * @AP_SCOPE_CONFIG: definitions, the masks after a boot
 */
typedef enum {
	AP_SCOPE_LIVE = 1 << 0,
	AP_SCOPE_CONFIG = 1 << 1,
	AP_SCOPE_BOTH = AP_SCOPE_LIVE | AP_SCOPE_CONFIG,
} ApScope;

/**
 * ApEntry:
 * @uuid: UUID of a device
 * @name: (nullable): its name, if it was made from a host definition
 * @defined: whether mdevctl has a definition of it
 * @broken: whether that cannot be read; the rest of it is empty then
 * @autostart: whether the definition says so
 * @json: (nullable): the definition as mdevctl reads it
 * @definition: the matrix that it defines
 * @active: whether the device is there
 * @matrix: its assigned matrix
 * @has_guest: whether the effective matrix is known
 * @guest: the effective matrix
 * @filtered: (nullable): the kernel's reasons for the difference, a line each
 */
typedef struct {
	char *uuid;
	char *name;
	gboolean defined;
	gboolean broken;
	gboolean autostart;
	char *json;
	struct ap_matrix definition;
	gboolean active;
	struct ap_matrix matrix;
	gboolean has_guest;
	struct ap_matrix guest;
	char *filtered;
} ApEntry;

typedef struct ApState ApState;

AP_PUBLIC ApState *ap_state_read(const ApHost *host, GPtrArray *warnings, GError **error);

AP_PUBLIC ApState *ap_state_read_entry(const ApHost *host, const char *uuid, GError **error);

AP_PUBLIC ApState *ap_state_new(void);

AP_PUBLIC ApState *ap_state_copy(const ApState *state);

AP_PUBLIC void ap_state_free(ApState *state);

AP_PUBLIC ApFeatures ap_state_get_features(const ApState *state);

AP_PUBLIC gboolean ap_state_has_bus(const ApState *state);

AP_PUBLIC gboolean ap_state_has_parent(const ApState *state);

AP_PUBLIC void ap_state_set_parent(ApState *state, gboolean parent);

AP_PUBLIC const struct ap_limits *ap_state_get_limits(const ApState *state);

AP_PUBLIC const struct ap_matrix *ap_state_get_masks(const ApState *state);

AP_PUBLIC void ap_state_set_masks(ApState *state, const struct ap_matrix *masks);

AP_PUBLIC const struct ap_matrix *ap_state_get_rule(const ApState *state);

AP_PUBLIC void ap_state_set_rule(ApState *state, const struct ap_matrix *masks);

AP_PUBLIC const ApOverrides *ap_state_get_overrides(const ApState *state);

AP_PUBLIC const GPtrArray *ap_state_get_entries(const ApState *state);

AP_PUBLIC ApEntry *ap_state_find(const ApState *state, const char *name);

AP_PUBLIC ApEntry *ap_state_add(ApState *state, const char *uuid);

AP_PUBLIC const char *ap_entry_get_label(const ApEntry *entry);

AP_PUBLIC gboolean ap_state_want(ApState *state, const ApHostDef *def, ApScope scope,
				 GError **error);

AP_PUBLIC void ap_state_want_reserve(ApState *state, const struct ap_matrix *reserve,
				     ApScope scope);

AP_PUBLIC gboolean ap_state_check(const ApState *state, const ApState *now, GError **error);

AP_PUBLIC ApHostDef *ap_state_export(const ApState *state, GPtrArray *warnings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApState, ap_state_free)

#endif
