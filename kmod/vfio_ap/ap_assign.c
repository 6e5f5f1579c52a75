// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes of the assigned matrix: validated as a whole, then done as a whole.
 */
#include "vfio_ap.h"

static struct ap_matrix target(const struct ap_matrix *old, const struct ap_change *c)
{
	struct ap_matrix kept = apm_matrix_andnot(old, &c->del);

	return c->replace ? c->add : apm_matrix_or(&kept, &c->add);
}

/* One line a refusal, however many queues it is about. */
static int refuse_reserved(struct ap_mdev *m, const struct ap_matrix *shared)
{
	dev_info(apv_dev(m), "refused: %u queues are reserved for host drivers, first %02x.%04x\n",
		 apm_matrix_queues(shared), apm_mask_next(&shared->apm, 0),
		 apm_mask_next(&shared->aqm, 0));
	return -EADDRNOTAVAIL;
}

static int refuse_shared(struct ap_mdev *m, struct ap_mdev *owner, const struct ap_matrix *shared)
{
	dev_info(apv_dev(m), "refused: %u queues are assigned to %s, first %02x.%04x\n",
		 apm_matrix_queues(shared), dev_name(apv_dev(owner)),
		 apm_mask_next(&shared->apm, 0), apm_mask_next(&shared->aqm, 0));
	return -EADDRINUSE;
}

/**
 * apv_assign_allowed() - may a device have a matrix, as far as the host is concerned?
 * @m: the device
 * @new: the matrix
 *
 * Only what is gained can be refused: ids for the host's limits, APQNs for what the host
 * drivers own.
 *
 * Context: the host's permission lock and apv.lock.
 *
 * Return: 0; -ENODEV above the host's limits; -EADDRNOTAVAIL.
 */
int apv_assign_allowed(struct ap_mdev *m, const struct ap_matrix *new)
{
	const struct ap_matrix gained = apm_matrix_andnot(new, &m->state.assigned);
	struct ap_matrix shared;

	lockdep_assert_held(&apv.lock);
	if (apm_matrix_overflow(&gained, &apv.max))
		return -ENODEV;
	if (apm_mask_empty(&gained.apm) && apm_mask_empty(&gained.aqm))
		return 0;
	return apv.host->reserved(new, &shared) ? refuse_reserved(m, &shared) : 0;
}

static int validate(struct ap_mdev *m, const struct ap_matrix *new)
{
	struct ap_matrix shared;
	struct ap_mdev *owner;
	int rc = apv_assign_allowed(m, new);

	if (rc)
		return rc;
	owner = apv_mdev_conflict(m, new, &shared);
	return owner ? refuse_shared(m, owner, &shared) : 0;
}

static int assign_locked(struct ap_mdev *m, const struct ap_change *change,
			 struct ap_linger *linger)
{
	const struct ap_matrix old = m->state.assigned, new = target(&old, change);
	int rc;

	lockdep_assert_held(&apv.lock);
	if (apm_matrix_equal(&new, &old))
		return 0;
	rc = validate(m, &new);
	if (rc)
		return rc;
	m->state.assigned = new;
	apv_guest_expect(m, &old, &new);
	apv_guest_refilter(m);
	apv_linger_begin(linger, m, &old, &new);
	return 0;
}

/**
 * apv_assign() - change what is assigned to a mediated device
 * @m: the device
 * @change: what to change
 *
 * All or nothing. Lingers, without any lock, for the resets of queues that this change
 * assigns: those of an earlier one delay nobody.
 *
 * Return: 0; -ENODEV above the host's limits; -EADDRNOTAVAIL when any APQN is reserved
 * for host drivers; -EADDRINUSE when another device has any; then nothing changed.
 */
int apv_assign(struct ap_mdev *m, const struct ap_change *change)
{
	struct ap_linger linger = { .over = true };
	int rc;

	apv.host->perms_lock();
	scoped_guard(mutex, &apv.lock)
		rc = assign_locked(m, change, &linger);
	apv.host->perms_unlock();
	apv_linger(&linger, apv_linger_end());
	return rc;
}
