// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes of several devices at once: each stages its new matrix, one write commits
 * them, validated against the final state, all or nothing.
 */
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uuid.h>
#include "vfio_ap.h"
#include "../../core/ap_text.h"

/**
 * struct commit_set - the devices of one commit
 * @each: who waits for what it brings to a device, with a reference that keeps the device's memory
 * @count: how many
 * @room: for how many there is memory
 * @claims: scratch for the validation
 */
struct commit_set {
	struct ap_linger *each;
	unsigned int count;
	unsigned int room;
	struct ap_claims *claims;
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
	struct ap_matrix staged = APM_MATRIX_NONE;
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
	if (set->count == set->room)
		return -EAGAIN;
	m->committing = true;
	get_device(&m->vdev.device);
	set->each[set->count++] = (struct ap_linger){ .m = m, .over = true };
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
	int rc = 0;

	lockdep_assert_held(&apv.lock);
	list_for_each_entry(m, &apv.mdevs, node)
		if (!rc && m->has_staged)
			rc = add(set, m);
	return rc;
}

static bool is_all(const char *names)
{
	return !strcmp(names, "all");
}

/* @names: UUIDs between white space, none around them, or "all"; is taken apart */
static int collect(struct commit_set *set, char *names)
{
	struct ap_mdev *m;
	char *name;
	int rc;

	if (is_all(names))
		return add_all(set);
	if (!*names)
		return -EINVAL;
	while ((name = strsep(&names, " \t\n"))) {
		if (!*name)
			continue;
		m = by_name(name);
		rc = m ? add(set, m) : -ENOENT;
		if (rc == -EAGAIN)
			return rc;
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
		m = set->each[i].m;
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
	unsigned int i;

	lockdep_assert_held(&apv.lock);
	for (i = 0; i < set->count; i++) {
		m = set->each[i].m;
		swap(m->state.assigned, m->staged);
		m->has_staged = false;
		if (m->open)
			apv_quarantine_left(&m->guest.apcb, &m->state.assigned);
	}
	for (i = 0; i < set->count; i++) {
		m = set->each[i].m;
		apv_guest_expect(m, &m->staged, &m->state.assigned);
		apv_guest_refilter(m);
		apv_linger_begin(&set->each[i], m, &m->staged, &m->state.assigned);
	}
}

static int commit_locked(struct commit_set *set, char *names)
{
	unsigned int i;
	int rc;

	lockdep_assert_held(&apv.lock);
	rc = collect(set, names) ?: validate(set);
	if (!rc)
		apply(set);
	for (i = 0; i < set->count; i++)
		set->each[i].m->committing = false;
	return rc;
}

static void finish(struct commit_set *set)
{
	unsigned long end = apv_linger_end();
	unsigned int i;

	for (i = 0; i < set->count; i++) {
		apv_linger(&set->each[i], end);
		put_device(&set->each[i].m->vdev.device);
	}
	kvfree(set->each);
	set->each = NULL;
	set->count = 0;
}

/* For how many devices there has to be memory: so many names at most, or all with something staged now. */
static unsigned int room_for(const char *names)
{
	unsigned int staged = 0;
	struct ap_mdev *m;

	if (!is_all(names))
		return strlen(names) / (UUID_STRING_LEN + 1) + 1;
	guard(mutex)(&apv.lock);
	list_for_each_entry(m, &apv.mdevs, node)
		staged += m->has_staged;
	return staged;
}

/* -EAGAIN: more devices take part than did when memory was taken for them. */
static int try_commit(struct commit_set *set, const char *text)
{
	char *copy __free(kfree) = kstrdup(text, GFP_KERNEL), *names;
	int rc;

	if (!copy)
		return -ENOMEM;
	names = strim(copy);
	set->room = room_for(names);
	set->each = kvcalloc(set->room + 1, sizeof(*set->each), GFP_KERNEL);
	if (!set->each)
		return -ENOMEM;
	memset(set->claims, 0, sizeof(*set->claims));
	apv.host->perms_lock();
	scoped_guard(mutex, &apv.lock)
		rc = commit_locked(set, names);
	apv.host->perms_unlock();
	finish(set);
	return rc;
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
	struct ap_claims *claims __free(kfree) = kmalloc(sizeof(*claims), GFP_KERNEL);
	struct commit_set set = { .claims = claims };
	int rc;

	if (!claims)
		return -ENOMEM;
	do {
		rc = try_commit(&set, text);
	} while (rc == -EAGAIN);
	return rc;
}
