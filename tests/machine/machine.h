/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A small machine for tests: adapters 3 (accelerator), 5 (CCA), 10 (EP11), domains 4 and 71.
 */
#ifndef APMATRIX_TESTS_MACHINE_H
#define APMATRIX_TESTS_MACHINE_H

#include <glib.h>
#include "ap_machine.h"

#define Q(apid, apqi) ((apid) << 8 | (apqi))
#define MS 1000000ULL

static struct ap_machine_adapter adapters[3];
static struct ap_fault faults[3][AP_IDS];
static struct ap_machine machine;
static __u64 now;

static const struct ap_caller host = { NULL, &machine };

static inline void plug(int i, unsigned int apid, enum ap_mode mode)
{
	memset(&adapters[i], 0, sizeof(adapters[i]));
	memset(faults[i], 0, sizeof(faults[i]));
	adapters[i].type = AP_TYPE_CEX8;
	adapters[i].mode = mode;
	adapters[i].depth = 2;
	adapters[i].fault = faults[i];
	ap_machine_plug(&machine, apid, &adapters[i]);
}

static inline void make_machine(void)
{
	struct ap_mask domains = APM_MASK_NONE;

	apm_mask_set(&domains, 4);
	apm_mask_set(&domains, 71);
	now = 1;
	ap_machine_init(&machine);
	plug(0, 3, AP_MODE_ACCEL);
	plug(1, 5, AP_MODE_CCA);
	plug(2, 10, AP_MODE_EP11);
	ap_machine_domains(&machine, &domains, &domains);
}

static inline struct ap_exec run(const struct ap_caller *by, enum ap_insn_code insn,
				 unsigned int qid)
{
	struct ap_exec x = { .insn = insn, .qid = qid };

	ap_machine_execute(&machine, by, &x, now);
	return x;
}

static inline unsigned int rc_of(struct ap_exec x)
{
	return AP_STATUS_RC(x.status);
}

/* Resets a queue and sees the end of it. */
static inline void clean(unsigned int qid)
{
	g_assert_cmpuint(rc_of(run(&host, AP_INSN_ZAPQ, qid)), ==, 0);
	now += 3 * MS;
	g_assert_cmpuint(rc_of(run(&host, AP_INSN_TAPQ, qid)), ==, 0);
}

static inline struct ap_matrix matrix_of(unsigned int apid, unsigned int apqi)
{
	struct ap_matrix m = { .apm = APM_MASK_NONE };

	apm_mask_set(&m.apm, apid);
	apm_mask_set(&m.aqm, apqi);
	return m;
}

#endif
