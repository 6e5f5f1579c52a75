/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * On the way in: definitions of AP mediated devices are checked by libapmatrix, and
 * <ap:matrix> becomes <attr>, before the stock functions see them. Everything else goes to
 * them as it came. Each of these replaces the function of virNodeDeviceDriver that its name
 * ends with.
 */
#pragma once

#include "driver.h"

virNodeDevicePtr
apmatrixNodeDeviceDefineXML(virConnectPtr conn,
                            const char *xmlDesc,
                            unsigned int flags);

virNodeDevicePtr
apmatrixNodeDeviceCreateXML(virConnectPtr conn,
                            const char *xmlDesc,
                            unsigned int flags);

int
apmatrixNodeDeviceCreate(virNodeDevicePtr dev,
                         unsigned int flags);

int
apmatrixNodeDeviceUpdate(virNodeDevicePtr dev,
                         const char *xmlDesc,
                         unsigned int flags);
