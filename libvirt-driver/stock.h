/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stock driver below us, and what our functions share.
 */
#pragma once

#include "driver.h"
#include "virnodedeviceobj.h"

#include "apmatrix.h"

typedef struct _apmatrixStock apmatrixStock;
struct _apmatrixStock {
    /* Its functions as they were. */
    virNodeDeviceDriver driver;
    /* The variable "driver" of the stock module; it points to its state once the daemon
     * has initialized it, and connections are opened only then. */
    virNodeDeviceDriverState **state;
    ApHost *host;
};

/* Set before any of our functions can be called, and never changed. */
extern apmatrixStock apmatrixUnder;

/**
 * apmatrixStockWait:
 *
 * Until the stock driver knows the devices of the host, as its own functions do first.
 *
 * Returns 0 on success, -1 with an error reported.
 */
int
apmatrixStockWait(void);

/**
 * apmatrixStockIsMatrix:
 * @def: a node device
 *
 * Returns whether it is an AP mediated device.
 */
bool
apmatrixStockIsMatrix(const virNodeDeviceDef *def);
