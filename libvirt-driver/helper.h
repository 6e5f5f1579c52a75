/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the helper and what it makes are. "apmatrix doctor" reads libvirt.state and
 * libvirt.crashed, systemd libvirt.env.
 */
#pragma once

#include <stdbool.h>

#define RUN_DIR "/run/apmatrix"
#define LINK_DIR RUN_DIR "/drivers"
#define LINK_DIR_NEW LINK_DIR ".new"
#define ENV_FILE RUN_DIR "/libvirt.env"
#define STATE_FILE RUN_DIR "/libvirt.state"
#define CRASHED_FILE RUN_DIR "/libvirt.crashed"

#define MODULE "libvirt_driver_nodedev.so"

/**
 * helperRefuse:
 * @what: what could not be done, or is not so
 * @path: to what
 *
 * Says it, with errno's text if that is set, in the journal and in the state file.
 *
 * Returns false.
 */
bool
helperRefuse(const char *what,
             const char *path);

/* A directory like libvirt's own of its modules, with our shim in it, as LINK_DIR_NEW. */
bool
linkdirBuild(void);

/* LINK_DIR_NEW becomes LINK_DIR in one step. */
bool
linkdirSwap(void);

/* Neither of them is there any more. */
void
linkdirRemove(void);

/* Whether the module of LINK_DIR_NEW, loaded into a process of its own, puts the layer in. */
bool
trialRun(void);
