// SPDX-License-Identifier: LGPL-2.1-or-later
#include <config.h>

#include "datatypes.h"
#include "event.h"
#include "showxml.h"
#include "stock.h"

/* One registration of a client. Callbacks run in the daemon's event loop, one at a time. */
typedef struct _eventWatch eventWatch;
struct _eventWatch {
    virConnectNodeDeviceEventGenericCallback callback;
    void *opaque;
    virFreeCallback freecb;
    GHashTable *seen; /* by UUID: what the device was at its last event */
};

/* UUIDs of devices, as often as they are held. */
static GMutex eventLock;
static GPtrArray *eventHeld;


void
apmatrixEventHold(const char *uuid)
{
    g_mutex_lock(&eventLock);
    if (!eventHeld)
        eventHeld = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(eventHeld, g_strdup(uuid));
    g_mutex_unlock(&eventLock);
}


void
apmatrixEventRelease(const char *uuid)
{
    guint i;

    g_mutex_lock(&eventLock);
    if (g_ptr_array_find_with_equal_func(eventHeld, uuid, g_str_equal, &i))
        g_ptr_array_remove_index_fast(eventHeld, i);
    g_mutex_unlock(&eventLock);
}


static bool
eventIsHeld(const char *uuid)
{
    bool held;

    g_mutex_lock(&eventLock);
    held = eventHeld && g_ptr_array_find_with_equal_func(eventHeld, uuid, g_str_equal, NULL);
    g_mutex_unlock(&eventLock);

    return held;
}


/* All that a client can see of a device; NULL if there is none. */
static char *
eventDescribe(const ApEntry *entry)
{
    g_autofree char *active = NULL;
    g_autofree char *defined = NULL;
    bool autostart;

    if (!entry->active && !entry->defined)
        return NULL;

    autostart = entry->autostart || (entry->defined && eventIsHeld(entry->uuid));
    active = entry->active ? ap_show_device(entry, TRUE) : NULL;
    defined = entry->defined ? ap_show_device(entry, FALSE) : NULL;

    return g_strdup_printf("%s\n%s\n%d%d", NULLSTR_EMPTY(active), NULLSTR_EMPTY(defined),
                           autostart, entry->broken);
}


/* From where libvirt has it from, and not by an API: that would check, in the event loop, the
 * access of nobody. */
static char *
eventDescribeNow(const char *uuid)
{
    g_autoptr(ApState) state = ap_state_read_entry(apmatrixUnder.host, uuid, NULL);

    if (!state)
        return NULL;

    return eventDescribe(ap_state_get_entries(state)->pdata[0]);
}


/* Without an AP bus there is nothing yet. */
static void
eventRemember(eventWatch *watch)
{
    g_autoptr(ApState) state = ap_state_read(apmatrixUnder.host, NULL, NULL);
    const GPtrArray *entries = state ? ap_state_get_entries(state) : NULL;
    guint i;

    for (i = 0; entries && i < entries->len; i++) {
        const ApEntry *entry = entries->pdata[i];
        char *now = eventDescribe(entry);

        if (now)
            g_hash_table_insert(watch->seen, g_strdup(entry->uuid), now);
    }
}


/* When in doubt, it is a change. */
static bool
eventIsChange(eventWatch *watch,
              const char *name)
{
    g_autofree char *uuid = ap_nodedev_read_name(name);
    g_autofree char *now = NULL;

    if (!uuid)
        return true;

    now = eventDescribeNow(uuid);
    if (!now) {
        g_hash_table_remove(watch->seen, uuid);
        return true;
    }

    if (STREQ_NULLABLE(g_hash_table_lookup(watch->seen, uuid), now))
        return false;

    g_hash_table_insert(watch->seen, g_steal_pointer(&uuid), g_steal_pointer(&now));
    return true;
}


static void
eventUpdate(virConnectPtr conn,
            virNodeDevicePtr dev,
            void *opaque)
{
    eventWatch *watch = opaque;

    if (eventIsChange(watch, dev->name))
        watch->callback(conn, dev, watch->opaque);
}


/* What the caller gave stays its own until the stock driver has accepted it. */
static void
eventWatchFree(void *opaque)
{
    eventWatch *watch = opaque;

    if (watch->freecb)
        watch->freecb(watch->opaque);
    g_hash_table_unref(watch->seen);
    g_free(watch);
}


static int
eventWatchUpdates(virConnectPtr conn,
                  virNodeDevicePtr dev,
                  virConnectNodeDeviceEventGenericCallback callback,
                  void *opaque,
                  virFreeCallback freecb)
{
    eventWatch *watch = g_new0(eventWatch, 1);
    int id;

    watch->callback = callback;
    watch->opaque = opaque;
    watch->freecb = freecb;
    watch->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    eventRemember(watch);

    id = apmatrixUnder.driver.connectNodeDeviceEventRegisterAny(conn, dev,
                                                                VIR_NODE_DEVICE_EVENT_ID_UPDATE,
                                                                eventUpdate, watch,
                                                                eventWatchFree);
    if (id < 0) {
        watch->freecb = NULL;
        eventWatchFree(watch);
    }

    return id;
}


int
apmatrixConnectNodeDeviceEventRegisterAny(virConnectPtr conn,
                                          virNodeDevicePtr dev,
                                          int eventID,
                                          virConnectNodeDeviceEventGenericCallback callback,
                                          void *opaque,
                                          virFreeCallback freecb)
{
    if (eventID == VIR_NODE_DEVICE_EVENT_ID_UPDATE)
        return eventWatchUpdates(conn, dev, callback, opaque, freecb);

    return apmatrixUnder.driver.connectNodeDeviceEventRegisterAny(conn, dev, eventID, callback,
                                                                  opaque, freecb);
}
