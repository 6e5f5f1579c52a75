/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every libvirt source includes <config.h> first; its headers need no more of it than this. */
#ifndef _GNU_SOURCE
# define _GNU_SOURCE 1
#endif
