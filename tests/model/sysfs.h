/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The world as it is in sysfs: names of its files, and what they say.
 */
#ifndef APMATRIX_TESTS_MODEL_SYSFS_H
#define APMATRIX_TESTS_MODEL_SYSFS_H

#include "world.h"

#define MATRIX "/sys/devices/vfio_ap/matrix"
#define BUS "/sys/bus/ap"
#define FAULTS "/sys/kernel/debug/ap_sim"
#define MACHINE "/sys/kernel/config/ap_sim/default"
#define UUID "00000000-0000-4000-8000-%012x"

/* The open device's file, or -1 */
extern int sysfs_vfio[DEVICES];

/* Anything that is no answer to an operation is trouble(). */
int sysfs_put(const char *path, const char *text);
void sysfs_must(const char *path, const char *text);
int sysfs_get(const char *path, char *buf, size_t size);
const char *sysfs_path(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
const char *sysfs_uuid(unsigned int device);
const char *sysfs_attr(unsigned int device, const char *name);
const char *sysfs_queue(unsigned int a, unsigned int d, const char *name);
const char *sysfs_mask(const bool *in);
const char *sysfs_config(const struct sets *s);
enum reset sysfs_queue_state(unsigned int a, unsigned int d);
void sysfs_guest(unsigned int device, struct sets *s);
void sysfs_start(void);
void sysfs_look(struct view *v);

#endif
