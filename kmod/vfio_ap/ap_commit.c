// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes of several devices at once: each stages its new matrix, one write commits
 * them, validated against the final state, all or nothing.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include "vfio_ap.h"
#include "../../core/ap_text.h"

/**
 * struct commit_set - the devices of one commit
 * @m: devices, each with a reference that keeps its memory
 * @count: how many
 * @claims: scratch for the validation
 * @linger: some queue that a device gains is being reset
 */
struct commit_set {
	struct ap_mdev **m;
	unsigned int count;
	struct ap_claims *claims;
	bool linger;
};

/**
 * apv_stage() - keep a matrix aside for a later commit
 * @m: the device
 * @text: format of ap_config; nothing but a newline discards what is staged
 *
 * Return: 0; -EINVAL; -ENODEV above the host's limits.
 */
int apv_stage(struct ap_mdev *m, const char *text)
{
	struct ap_matrix staged = { .apm = APM_MASK_NONE };
	bool discard = !strcmp(text, "\n");
	int rc = discard ? 0 : apm_text_config(text, &staged);

	if (rc)
		return rc;
	guard(mutex)(&apv.lock);
	if (apm_matrix_overflow(&staged, &apv.max))
		return -ENODEV;
	m->staged = staged;
	m->has_staged = !discard;
	return 0;
}

static int add(struct commit_set *set, struct ap_mdev *m)
{
	lockdep_assert_held(&apv.lock);
	if (!m->has_staged)
		return -ENODATA;
	if (m->committing)
		return 0;
	m->committing = true;
	get_device(&m->vdev.device);
	set->m[set->count++] = m;
	return 0;
}

static struct ap_mdev *by_name(const char *name)
{
	struct ap_mdev *m;

	lockdep_assert_held(&apv.lock);
	list_for_each_entry(m, &apv.mdevs, node)
		if (!strcasecmp(dev_name(apv_dev(m)), name))
			return m;
	return NULL;
}

static int add_all(struct commit_set *set)
{
	struct ap_mdev *m;

	lockdep_assert_held(&apv.lock);
	list_for_each_entry(m, &apv.mdevs, node)
		if (m->has_staged)
			add(set, m);
	return 0;
}

/* @names: UUIDs between white space, or "all"; is taken apart */
static int collect(struct commit_set *set, char *names)
{
	struct ap_mdev *m;
	char *name;
	int rc;

	names = strim(names);
	if (!strcmp(names, "all"))
		return add_all(set);
	if (!*names)
		return -EINVAL;
	while ((name = strsep(&names, " \t\n"))) {
		if (!*name)
			continue;
		m = by_name(name);
		rc = m ? add(set, m) : -ENOENT;
		if (rc) {
			pr_info("vfio_ap: commit refused: %s %s\n", name,
				m ? "has nothing staged" : "is no matrix device");
			return rc;
		}
	}
	return 0;
}

/* What a device of @set or another would have in the end. */
static const struct ap_matrix *final_matrix(const struct ap_mdev *m)
{
	return m->committing ? &m->staged : &m->state.assigned;
}

/* One line a refusal, with the first device that would share queues. */
static void refuse_claim(struct ap_mdev *m, const struct ap_matrix *matrix)
{
	struct ap_matrix shared;
	struct ap_mdev *other;

	lockdep_assert_held(&apv.lock);
	list_for_each_entry(other, &apv.mdevs, node) {
		if (other == m || !apm_matrix_conflict(final_matrix(other), matrix, &shared))
			continue;
		dev_info(apv_dev(m),
			 "commit refused: %u queues would be %s's too, first %02x.%04x\n",
			 apm_matrix_queues(&shared), dev_name(apv_dev(other)),
			 apm_mask_next(&shared.apm, 0), apm_mask_next(&shared.aqm, 0));
		return;
	}
}

static int claim(struct commit_set *set, struct ap_mdev *m, const struct ap_matrix *matrix)
{
	unsigned int apid, apqi;

	if (apm_claims_add(set->claims, matrix, &apid, &apqi))
		return 0;
	refuse_claim(m, matrix);
	return -EADDRINUSE;
}

/* The final state: what is staged where the commit reaches, what is assigned elsewhere. */
static int validate(struct commit_set *set)
{
	struct ap_mdev *m;
	unsigned int i;
	int rc;

	lockdep_assert_held(&apv.lock);
	list_for_each_entry(m, &apv.mdevs, node)
		if (!m->committing && claim(set, m, &m->state.assigned))
			return -EADDRINUSE;
	for (i = 0; i < set->count; i++) {
		m = set->m[i];
		rc = apv_assign_allowed(m, &m->staged) ?: claim(set, m, &m->staged);
		if (rc)
			return rc;
	}
	return 0;
}

/*
 * Queues that leave a guest count as unclean from the start, so that another device of
 * the same commit waits for them, whichever is looked at first.
 */
static void apply(struct commit_set *set)
{
	struct ap_mdev *m;
	bool unclean;
	unsigned int i;

	lockdep_assert_held(&apv.lock);
	for (i = 0; i < set->count; i++) {
		m = set->m[i];
		swap(m->state.assigned, m->staged);
		m->has_staged = false;
		if (m->open)
			apv_quarantine_leaving(&m->guest.apcb, &m->state.assigned);
	}
	for (i = 0; i < set->count; i++) {
		m = set->m[i];
		unclean = apv_quarantine_gained(&m->staged, &m->state.assigned);
		apv_guest_expect(m, unclean);
		apv_guest_refilter(m);
		set->linger |= unclean;
	}
}

static unsigned int mdev_count(void)
{
	lockdep_assert_held(&apv.lock);
	return list_count_nodes(&apv.mdevs);
}

static int commit_locked(struct commit_set *set, char *names)
{
	unsigned int i;
	int rc;

	lockdep_assert_held(&apv.lock);
	set->m = kvcalloc(mdev_count() + 1, sizeof(*set->m), GFP_KERNEL);
	if (!set->m)
		return -ENOMEM;
	rc = collect(set, names) ?: validate(set);
	if (!rc)
		apply(set);
	for (i = 0; i < set->count; i++)
		set->m[i]->committing = false;
	return rc;
}

static void finish(struct commit_set *set)
{
	unsigned long end = apv_guest_linger_end();
	unsigned int i;

	for (i = 0; i < set->count; i++) {
		if (set->linger)
			apv_guest_linger(set->m[i], end);
		put_device(&set->m[i]->vdev.device);
	}
	kvfree(set->m);
}

/**
 * apv_commit() - make the staged matrices of several devices the assigned ones
 * @text: UUIDs between white space, or "all" for every device with a staged matrix
 *
 * All or nothing. Lingers, without any lock, for the resets of what this commit assigns.
 *
 * Return: 0; -ENOENT for an unknown device; -ENODATA for one with nothing staged; -EINVAL
 * for an empty list; -ENODEV, -EADDRNOTAVAIL and -EADDRINUSE as apv_assign(), for the final
 * state; -ENOMEM. Then nothing changed, and what was staged stays staged.
 */
int apv_commit(const char *text)
{
	struct ap_claims *claims __free(kfree) = kzalloc(sizeof(*claims), GFP_KERNEL);
	char *names __free(kfree) = kstrdup(text, GFP_KERNEL);
	struct commit_set set = { .claims = claims };
	int rc;

	if (!claims || !names)
		return -ENOMEM;
	apv.host->perms_lock();
	scoped_guard(mutex, &apv.lock)
		rc = commit_locked(&set, names);
	apv.host->perms_unlock();
	finish(&set);
	return rc;
}
