// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Linux, drivers/s390/crypto/ap_queue.c (driver_override_store), ap_bus.c (ap_owned_by_def_drv,
 * apmask_commit, aqmask_commit), commits d38a87d7c064 and 46030379f13c: an override can be set
 * while both masks are all ones, and the masks can be changed while there is no override.
 */
#include "override.h"

#include <string.h>

#include "file.h"
#include "hardware.h"

#define NAME_MAX_BYTES 256
#define SHOWN 16

static void override_free(ApOverride *override)
{
	g_free(override->driver);
	g_free(override);
}

static void add(ApOverrides *o, unsigned int apid, unsigned int apqi, const char *driver)
{
	ApOverride *override = g_new(ApOverride, 1);

	override->apid = apid;
	override->apqi = apqi;
	override->driver = g_strdup(driver);
	g_ptr_array_add(o->list, override);
	apm_mask_set(g_str_equal(driver, "vfio_ap") ? &o->vfio[apid] : &o->other[apid], apqi);
}

static ApOverrides *new_overrides(void)
{
	ApOverrides *o = g_new0(ApOverrides, 1);

	o->list = g_ptr_array_new_with_free_func((GDestroyNotify)override_free);
	return o;
}

static void read_queue(ApOverrides *o, const ApHost *host, unsigned int apid, unsigned int apqi)
{
	g_autofree char *below = g_strdup_printf(
		"sys/devices/ap/card%02x/%02x.%04x/driver_override", apid, apid, apqi);
	g_autofree char *path = ap_host_path(host, below);
	g_autofree char *text = ap_file_read(path, NAME_MAX_BYTES, NULL, NULL);

	if (text && *g_strstrip(text))
		add(o, apid, apqi, text);
}

/**
 * ap_overrides_read:
 * @host: a host
 *
 * Returns: (transfer full) (nullable): its queues that have a driver_override; %NULL if there
 *   are none, or the kernel does not know it
 */
ApOverrides *ap_overrides_read(const ApHost *host)
{
	g_autoptr(ApOverrides) o = NULL;
	g_autoptr(ApHardware) hw = NULL;
	unsigned int apid, apqi;

	if (!ap_host_has_driver_override(host))
		return NULL;
	o = new_overrides();
	hw = ap_hardware_read(host);
	apm_mask_for_each(apid, &hw->adapters)
		apm_mask_for_each(apqi, &hw->cards[apid].queues)
			read_queue(o, host, apid, apqi);
	return o->list->len ? g_steal_pointer(&o) : NULL;
}

/**
 * ap_overrides_copy:
 * @overrides: (nullable): overrides
 *
 * Returns: (transfer full) (nullable): the same
 */
ApOverrides *ap_overrides_copy(const ApOverrides *overrides)
{
	ApOverrides *copy = NULL;
	guint i;

	if (overrides)
		copy = new_overrides();
	for (i = 0; overrides && i < overrides->list->len; i++) {
		const ApOverride *o = overrides->list->pdata[i];

		add(copy, o->apid, o->apqi, o->driver);
	}
	return copy;
}

/**
 * ap_overrides_free:
 * @overrides: (nullable) (transfer full): overrides
 */
void ap_overrides_free(ApOverrides *overrides)
{
	if (!overrides)
		return;
	g_ptr_array_unref(overrides->list);
	g_free(overrides);
}

/**
 * ap_overrides_host_queues:
 * @overrides: (nullable): overrides; %NULL for none
 * @masks: apmask and aqmask
 * @apid: an adapter
 *
 * Returns: the domains of its queues that belong to the host drivers
 */
struct ap_mask ap_overrides_host_queues(const ApOverrides *overrides, const struct ap_matrix *masks,
					unsigned int apid)
{
	struct ap_mask queues = APM_MASK_NONE;

	if (apm_mask_test(&masks->apm, apid))
		queues = masks->aqm;
	if (!overrides)
		return queues;
	queues = apm_mask_andnot(&queues, &overrides->vfio[apid]);
	return apm_mask_or(&queues, &overrides->other[apid]);
}

/**
 * ap_overrides_get_driver:
 * @overrides: (nullable): overrides
 * @apid: adapter of a queue
 * @apqi: its domain
 *
 * Returns: (nullable): the driver that it goes to whatever the masks say
 */
const char *ap_overrides_get_driver(const ApOverrides *overrides, unsigned int apid,
				    unsigned int apqi)
{
	guint i;

	for (i = 0; overrides && i < overrides->list->len; i++) {
		const ApOverride *o = overrides->list->pdata[i];

		if (o->apid == apid && o->apqi == apqi)
			return o->driver;
	}
	return NULL;
}

/**
 * ap_overrides_describe:
 * @overrides: overrides
 *
 * Returns: (transfer full): "05.0004 vfio_ap, 05.0005 vfio_ap and 3 more"
 */
char *ap_overrides_describe(const ApOverrides *overrides)
{
	GString *s = g_string_new(NULL);
	guint i, n = overrides->list->len;

	for (i = 0; i < n && i < SHOWN; i++) {
		const ApOverride *o = overrides->list->pdata[i];

		g_string_append_printf(s, "%s%02x.%04x %s", i ? ", " : "", o->apid, o->apqi,
				       o->driver);
	}
	if (n > SHOWN)
		g_string_append_printf(s, " and %u more", n - SHOWN);
	return g_string_free(s, FALSE);
}
