/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the shim knows of the layer: the one function that it exports.
 */
#pragma once

#include "driver.h"

#define APMATRIX_LAYER_START "apmatrixLayerStart"

/**
 * apmatrixLayerStart:
 * @table: the stock driver's table, every slot of which was checked
 * @stock: handle of the stock module
 *
 * Puts our functions into @table; each of them calls the stock one. There is no way back,
 * so the layer must stay loaded.
 *
 * Returns 0 on success; -1, with @table as it was, if something is missing.
 */
typedef int
(*apmatrixLayerStartFunc)(virNodeDeviceDriver *table,
                          void *stock);

int
apmatrixLayerStart(virNodeDeviceDriver *table,
                   void *stock);
