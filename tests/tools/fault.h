/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef APMATRIX_TESTS_FAULT_H
#define APMATRIX_TESTS_FAULT_H

#include <stdbool.h>

int step_fail(const char *n);
void fault_begin(void);
void fault_end(void);
bool fault_injected(void);
int step_write(const char *arg);
int step_read(const char *path);
/* A checksum of all that step_read() has read. */
unsigned int fault_sum(void);
int step_watch(const char *path);
int step_notified(int ms);
int step_insmod(const char *arg);

#endif
