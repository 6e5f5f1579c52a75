/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is known of AP devices, as elements in the XML that libvirt shows of them.
 *
 * Elements come as text, a line each, indented for a libvirt capability, with their own
 * namespace declaration: they are put into libvirt's XML without touching the rest of it.
 */
#ifndef APMATRIX_SHOWXML_H
#define APMATRIX_SHOWXML_H

#include "state.h"

/**
 * ap_show_device:
 * @entry: a mediated device
 * @active: of the active device; else of its definition
 *
 * Returns: (transfer full): <attr>, <ap:matrix>, and of an active one <ap:guest-matrix> and
 *   <ap:filtered> as far as the kernel tells
 */
char *ap_show_device(const ApEntry *entry, gboolean active);

/**
 * ap_show_card:
 * @host: a host
 * @apid: an adapter
 *
 * Returns: (transfer full): <ap:card>
 */
char *ap_show_card(const ApHost *host, unsigned int apid);

/**
 * ap_show_queue:
 * @host: a host
 * @apid: an adapter
 * @apqi: a domain
 *
 * Returns: (transfer full): <ap:queue>, with its owner
 */
char *ap_show_queue(const ApHost *host, unsigned int apid, unsigned int apqi);

/**
 * ap_show_parent:
 * @host: a host
 *
 * Returns: (transfer full): <ap:masks> and <ap:features>
 */
char *ap_show_parent(const ApHost *host);

/**
 * ap_show_insert:
 * @xml: libvirt's XML of a node device
 * @elements: what to put at the end of its capability
 * @replace: the beginning of lines that go, "<attr " for example; %NULL for none
 *
 * Returns: (transfer full): the new XML; the old one if it has no capability
 */
char *ap_show_insert(const char *xml, const char *elements, const char *replace);

/**
 * ap_show_any:
 * @host: a host
 * @xml: libvirt's XML of any node device
 * @inactive: of a mediated device, its definition is wanted
 *
 * Returns: (transfer full): @xml with what is known of an AP device; every other device's
 *   as it is
 */
char *ap_show_any(const ApHost *host, const char *xml, gboolean inactive);

#endif
