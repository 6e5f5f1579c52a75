// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registry between host backends and vfio_ap, and the home of core/ in the
 * kernel: both sides use the same matrix functions from here.
 */
#include <linux/cleanup.h>
#include <linux/mutex.h>
#include "../include/ap_host.h"
#include "../../core/ap_device.h"
#include "../../core/ap_text.h"

MODULE_DESCRIPTION("Registry of AP host backends and AP matrix functions");
MODULE_LICENSE("GPL");

static DEFINE_MUTEX(lock);
static const struct ap_host_ops *backend; /* under lock */

/**
 * apm_host_register() - offer a host backend
 * @ops: its operations; must stay valid until apm_host_unregister()
 *
 * Return: 0, or -EBUSY when there is a backend already.
 */
int apm_host_register(const struct ap_host_ops *ops)
{
	guard(mutex)(&lock);
	if (backend)
		return -EBUSY;
	backend = ops;
	return 0;
}
EXPORT_SYMBOL_GPL(apm_host_register);

/**
 * apm_host_unregister() - withdraw a host backend
 * @ops: what was registered
 *
 * Users hold the backend's module, so that nobody uses @ops any more when its
 * module goes.
 */
void apm_host_unregister(const struct ap_host_ops *ops)
{
	guard(mutex)(&lock);
	if (!WARN_ON(backend != ops))
		backend = NULL;
}
EXPORT_SYMBOL_GPL(apm_host_unregister);

/**
 * apm_host_get() - use the host backend
 *
 * Return: its operations, its module pinned until apm_host_put(); NULL when there
 * is none.
 */
const struct ap_host_ops *apm_host_get(void)
{
	guard(mutex)(&lock);
	if (!backend || !try_module_get(backend->owner))
		return NULL;
	return backend;
}
EXPORT_SYMBOL_GPL(apm_host_get);

/**
 * apm_host_put() - stop using the host backend
 * @ops: from apm_host_get()
 */
void apm_host_put(const struct ap_host_ops *ops)
{
	module_put(ops->owner);
}
EXPORT_SYMBOL_GPL(apm_host_put);

EXPORT_SYMBOL_GPL(apm_claims_add);
EXPORT_SYMBOL_GPL(apm_device_awaits);
EXPORT_SYMBOL_GPL(apm_device_next);
EXPORT_SYMBOL_GPL(apm_filter);
EXPORT_SYMBOL_GPL(apm_text_whole);
EXPORT_SYMBOL_GPL(apm_text_number);
EXPORT_SYMBOL_GPL(apm_text_id);
EXPORT_SYMBOL_GPL(apm_text_mask);
EXPORT_SYMBOL_GPL(apm_text_mask_change);
EXPORT_SYMBOL_GPL(apm_text_config);
EXPORT_SYMBOL_GPL(apm_text_put_mask);
EXPORT_SYMBOL_GPL(apm_text_put_config);
EXPORT_SYMBOL_GPL(apm_text_matrix_size);
EXPORT_SYMBOL_GPL(apm_text_matrix);
EXPORT_SYMBOL_GPL(apm_text_domains);
