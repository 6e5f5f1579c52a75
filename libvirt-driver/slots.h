/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The functions of libvirt's node device driver, slot by slot.
 */
#pragma once

#include "driver.h"

/**
 * apmatrixSlotsCheck:
 * @table: the stock driver's table
 * @stock: handle of the stock module
 *
 * Every slot has to hold the function that the stock module exports under the name
 * that this version of libvirt has for it: then the table is laid out as we think.
 *
 * Returns the name of the first function that is not where it belongs, NULL if all are.
 */
const char *
apmatrixSlotsCheck(const virNodeDeviceDriver *table,
                   void *stock);
