/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a machine is to be: the text formats of module parameters and configfs.
 */
#ifndef APMATRIX_AP_PROFILE_H
#define APMATRIX_AP_PROFILE_H

#include "../../core/ap_matrix.h"
#include "ap_message.h"

#define AP_DEPTH_DEFAULT 8

/**
 * struct ap_card_spec - what an adapter is to be
 * @type: AP_TYPE_*, CEX3C also for a CEX3 accelerator
 * @mode: firmware
 * @depth: messages a queue holds
 * @deconfigured: comes up configured off
 * @checkstopped: comes up broken
 */
struct ap_card_spec {
	__u8 type;
	__u8 depth;
	enum ap_mode mode;
	bool deconfigured;
	bool checkstopped;
};

/**
 * struct ap_profile - what a machine is to be
 * @max: highest numbers
 * @config: adapters, usage domains, control domains
 * @reset_ms: how long a reset takes
 * @card: for each member of @config.apm
 */
struct ap_profile {
	struct ap_limits max;
	struct ap_matrix config;
	unsigned int reset_ms;
	struct ap_card_spec card[AP_IDS];
};

int ap_profile_type(const char *text, __u8 *type);
int ap_profile_mode(const char *text, enum ap_mode *mode);
int ap_profile_model(const char *text, struct ap_card_spec *spec);
const char *ap_profile_mode_name(enum ap_mode mode);
enum ap_mode ap_profile_mode_of(__u32 facilities);
int ap_profile_list(const char *text, unsigned int max, struct ap_mask *set);
int ap_profile_domains(const char *text, unsigned int max, struct ap_mask *set);
bool ap_profile_fits(const struct ap_profile *p);

#endif
