/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the parts of apbench share.
 */
#ifndef APMATRIX_TESTS_BENCH_H
#define APMATRIX_TESTS_BENCH_H

#include <stddef.h>
#include <sys/types.h>
#include "ap_text.h"

#define MATRIX "/sys/devices/vfio_ap/matrix"
#define CREATE MATRIX "/mdev_supported_types/vfio_ap-passthrough/create"
#define FAULTS "/sys/kernel/debug/ap_sim"
#define UUID "00000000-0000-4000-8000-%012x"
#define UUID_2 "00000000-0000-4000-8000-000000000002\n"
/* Of the usual host */
#define ADAPTERS 16
#define DOMAINS 85

/* An apvfio process that holds a device open */
struct guest {
	pid_t pid;
	int in;
};

/* bench_host.c */
_Noreturn void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
double now_ns(void);
int put(const char *path, const char *text);
void must(const char *path, const char *text);
char *get(const char *path, char *buf, size_t size);
const char *attr(unsigned int dev, const char *name);
void create(unsigned int dev);
void destroy(unsigned int dev);
struct ap_matrix block(unsigned int a, unsigned int na, unsigned int d, unsigned int nd);
const char *config(const struct ap_matrix *m);
void assign(unsigned int dev, const struct ap_matrix *m);
void stage(unsigned int dev, const struct ap_matrix *m);
void settle_to(unsigned int dev, const struct ap_matrix *m);
void settle(unsigned int dev);
void wait_settled(unsigned int dev);
struct guest start_guest(unsigned int dev);
void end_guest(struct guest *g);
long long counter(const char *name);
long resets_of(const struct ap_matrix *m);
long long guest_commits(unsigned int dev);
double quantile(double *v, int n, double q);

/* Each prints members of a JSON object. */
void run_counts(void);
void run_latency(void);
void run_cost(int n, char **counts);
void run_host(const char *name);
void run_large(void);

#endif
