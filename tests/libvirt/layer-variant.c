// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Layers that something is wrong with. One of these is defined:
 *   VARIANT_SYMBOL  needs a function that this libvirt does not have
 *   VARIANT_START   has no function to start it by
 *   VARIANT_REFUSE  does not want to start
 *   VARIANT_CRASH   crashes when it is loaded
 *   VARIANT_HANG    does not come back when it is loaded
 *   VARIANT_DAEMON  crashes in the daemon only, after all trials went well
 *   VARIANT_END     lets the daemon end with a failure, when it is told to end
 */
#include <config.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layer.h"

#ifdef VARIANT_SYMBOL
void virNodeDeviceOfAnotherVersion(void);
#endif

#if defined(VARIANT_CRASH) || defined(VARIANT_HANG)
__attribute__((constructor)) static void variantLoad(void)
{
#ifdef VARIANT_CRASH
	raise(SIGSEGV);
#else
	pause();
#endif
}
#endif

#ifdef VARIANT_END
static void variantEnd(void)
{
	_exit(EXIT_FAILURE);
}
#endif

#ifndef VARIANT_START
int apmatrixLayerStart(virNodeDeviceDriver *table G_GNUC_UNUSED, void *stock G_GNUC_UNUSED)
{
#ifdef VARIANT_SYMBOL
	virNodeDeviceOfAnotherVersion();
#endif
#ifdef VARIANT_REFUSE
	return -1;
#endif
#ifdef VARIANT_DAEMON
	if (strcmp(program_invocation_short_name, "apmatrix-libvirt"))
		raise(SIGSEGV);
#endif
#ifdef VARIANT_END
	if (strcmp(program_invocation_short_name, "apmatrix-libvirt"))
		atexit(variantEnd);
#endif
	return 0;
}
#endif
