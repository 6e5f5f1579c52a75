// SPDX-License-Identifier: LGPL-2.1-or-later
#include "source.h"

#include "progress.h"
#include "runner.h"

#ifdef HAVE_LIBVIRT
#include "remote.h"

ApState *source_read(const struct options *o, GPtrArray *warnings, GError **error)
{
	g_autoptr(remote_t) remote = NULL;
	g_autoptr(progress_t) progress = NULL;

	if (!o->connect)
		return ap_state_read(o->host, warnings, error);
	progress = progress_begin(o->json);
	progress_say(progress, "asking libvirt at %s", o->connect);
	remote = remote_open(o->connect, error);
	if (!remote)
		return NULL;
	g_ptr_array_add(warnings,
			g_strdup("through libvirt neither masks nor names nor what is passed on "
				 "can be seen; devices of earlier definitions stay"));
	return remote_read(remote, error);
}

gboolean source_apply(const struct options *o, const ApPlan *plan, GError **error)
{
	g_autoptr(remote_t) remote = NULL;

	if (!o->connect)
		return runner_apply(o->host, plan, o->json, error);
	remote = remote_open(o->connect, error);
	return remote &&
	       runner_apply_remote(remote, remote_read, remote_step, plan, o->json, error);
}
#else
ApState *source_read(const struct options *o, GPtrArray *warnings, GError **error)
{
	return ap_state_read(o->host, warnings, error);
}

gboolean source_apply(const struct options *o, const ApPlan *plan, GError **error)
{
	return runner_apply(o->host, plan, o->json, error);
}
#endif

void source_limit(const struct options *o, ApState *wanted, const ApState *now, GPtrArray *warnings)
{
	if (!o->connect)
		return;
	if (ap_state_get_rule(wanted) ||
	    !apm_matrix_equal(ap_state_get_masks(wanted), ap_state_get_masks(now)))
		g_ptr_array_add(warnings, g_strdup("<ap:reserve> is left out: libvirt cannot set "
						   "masks"));
	ap_state_set_masks(wanted, ap_state_get_masks(now));
	ap_state_set_rule(wanted, NULL);
}
