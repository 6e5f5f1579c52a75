/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Domains whose AP device is not there: what libvirt's QEMU driver says of it gets what to do.
 */
#pragma once

/**
 * apmatrixDomainStart:
 *
 * When the daemon is the system's libvirtd, the first local connection to QEMU puts our functions into
 * the table of the QEMU driver that it has then. Each calls the stock one first, and does
 * nothing unless that fails by a device that is missing. In any doubt the table stays as it is.
 */
void
apmatrixDomainStart(void);
