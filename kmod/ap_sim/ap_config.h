/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the configfs front end share.
 */
#ifndef APMATRIX_AP_CONFIG_H
#define APMATRIX_AP_CONFIG_H

#include <linux/configfs.h>
#include "ap_sim.h"

/* Milliseconds that a reset may take: an hour */
#define AP_CONFIG_RESET_MAX 3600000

/**
 * struct ap_config_machine - a machine in configfs
 * @group: its folder
 * @adapters: the folder of its adapters
 * @profile: what it is to be; under ap_sim_live_mutex
 * @made: adapters that have a folder; under ap_sim_live_mutex
 */
struct ap_config_machine {
	struct config_group group;
	struct config_group adapters;
	struct ap_profile profile;
	struct ap_mask made;
};

/* ap_config.c */
bool ap_config_is_live(const struct ap_config_machine *m);

/* ap_config_adapter.c */
extern const struct config_item_type ap_config_adapters_type;
int ap_config_bool(const char *page, int *on);
int ap_config_add_default(struct ap_config_machine *m, unsigned int apid);

#endif
