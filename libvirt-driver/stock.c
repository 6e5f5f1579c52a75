// SPDX-License-Identifier: LGPL-2.1-or-later
#include <config.h>

#include "stock.h"
#include "virerror.h"

#define VIR_FROM_THIS VIR_FROM_NODEDEV

apmatrixStock apmatrixUnder;


int
apmatrixStockWait(void)
{
    virNodeDeviceDriverState *state = *apmatrixUnder.state;
    VIR_LOCK_GUARD lock = virLockGuardLock(&state->lock);

    while (!state->initialized) {
        if (virCondWait(&state->initCond, &state->lock) < 0) {
            virReportSystemError(errno, "%s", "failed to wait for the node devices");
            return -1;
        }
    }

    return 0;
}


bool
apmatrixStockIsMatrix(const virNodeDeviceDef *def)
{
    const virNodeDevCapsDef *caps;

    for (caps = def->caps; caps; caps = caps->next) {
        if (caps->data.type != VIR_NODE_DEV_CAP_MDEV)
            continue;
        /* The parser fills in the one, udev the other. */
        if (STREQ_NULLABLE(caps->data.mdev.defined_config.type, AP_MDEV_TYPE) ||
            STREQ_NULLABLE(caps->data.mdev.active_config.type, AP_MDEV_TYPE))
            return true;
    }

    return false;
}
