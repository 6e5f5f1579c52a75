/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stock access checks, by which our functions begin: nothing of ours looks at what a
 * client sends before they are passed. libvirt generates the header with these prototypes
 * (src/access/viraccessapicheck.h) from src/remote/remote_protocol.x at build time.
 */
#pragma once

#include "node_device_conf.h"

int
virNodeDeviceCreateXMLEnsureACL(virConnectPtr conn,
                                virNodeDeviceDef *def);

int
virNodeDeviceDefineXMLEnsureACL(virConnectPtr conn,
                                virNodeDeviceDef *def);

int
virNodeDeviceCreateEnsureACL(virConnectPtr conn,
                             virNodeDeviceDef *def);

int
virNodeDeviceUpdateEnsureACL(virConnectPtr conn,
                             virNodeDeviceDef *def,
                             unsigned int flags);
