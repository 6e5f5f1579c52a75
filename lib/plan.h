/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The steps from one state of a host to another, and doing them.
 */
#ifndef APMATRIX_PLAN_H
#define APMATRIX_PLAN_H

#include "state.h"

/**
 * ApStepKind:
 * @AP_STEP_NAMES: keep the names of devices
 * @AP_STEP_RULE: write the masks for the next boot
 * @AP_STEP_MASKS: write the masks
 * @AP_STEP_STOP: remove an active device
 * @AP_STEP_UNDEFINE: remove a definition
 * @AP_STEP_DEFINE: make a definition
 * @AP_STEP_MODIFY: change a definition
 * @AP_STEP_LIVE: change an active device
 * @AP_STEP_COMMIT: change several active devices at once
 * @AP_STEP_START: make an active device
 */
typedef enum {
	AP_STEP_NAMES,
	AP_STEP_RULE,
	AP_STEP_MASKS,
	AP_STEP_STOP,
	AP_STEP_UNDEFINE,
	AP_STEP_DEFINE,
	AP_STEP_MODIFY,
	AP_STEP_LIVE,
	AP_STEP_COMMIT,
	AP_STEP_START,
} ApStepKind;

typedef struct ApPlan ApPlan;

/**
 * ApStep:
 * @kind: what is done
 * @uuid: (nullable): to which device
 * @label: (nullable): what to call it
 * @json: (nullable): the definition that is made; the one to start from, if that is not
 *   the one that mdevctl has
 * @from: the matrix or the masks before
 * @matrix: the matrix or the masks after
 * @nothing: for %AP_STEP_RULE, that there is no rule after it; for %AP_STEP_UNDEFINE, that
 *   there is nothing to be read in the definition
 * @members: (nullable) (element-type ApStep): the single changes of %AP_STEP_COMMIT
 * @names: (nullable): for %AP_STEP_NAMES, names by UUID
 */
typedef struct {
	ApStepKind kind;
	char *uuid;
	char *label;
	char *json;
	struct ap_matrix from;
	struct ap_matrix matrix;
	gboolean nothing;
	GPtrArray *members;
	GHashTable *names;
} ApStep;

/**
 * ApPlanOps:
 * @run: runs a program with @input as its standard input, to its end; an error with what
 *   it said if it did not succeed
 * @progress: (nullable): is told before each step: its number from 1, how many there are,
 *   and what it does
 * @stopped: (nullable): whether the user wants no further steps; what was done is undone
 * @read: (nullable): reads the host's state where its files are not at hand
 * @step: (nullable): does a step there
 * @patience: seconds for which what is read may lag behind what was done
 * @data: handed to them
 *
 * What a library cannot decide: how programs are run, and what the user sees.
 */
typedef struct {
	gboolean (*run)(gpointer data, const char *const *argv, const char *input, GError **error);
	void (*progress)(gpointer data, guint step, guint steps, const char *text);
	gboolean (*stopped)(gpointer data);
	ApState *(*read)(gpointer data, GError **error);
	gboolean (*step)(gpointer data, const ApStep *step, GError **error);
	guint patience;
	gpointer data;
} ApPlanOps;

AP_PUBLIC ApPlan *ap_plan_new(const ApState *now, const ApState *wanted);

AP_PUBLIC void ap_plan_free(ApPlan *plan);

AP_PUBLIC const GPtrArray *ap_plan_get_steps(const ApPlan *plan);

AP_PUBLIC gboolean ap_plan_is_empty(const ApPlan *plan);

AP_PUBLIC const char *ap_step_get_word(const ApStep *step);

AP_PUBLIC char *ap_step_describe(const ApStep *step);

AP_PUBLIC gboolean ap_step_run(const ApStep *step, const ApHost *host, const ApPlanOps *ops,
			       GError **error);

AP_PUBLIC char *ap_state_describe_difference(const ApState *wanted, const ApState *found);

AP_PUBLIC gboolean ap_plan_apply(const ApPlan *plan, const ApHost *host, const ApPlanOps *ops,
				 GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApPlan, ap_plan_free)

#endif
