// SPDX-License-Identifier: LGPL-2.1-or-later
#include "source.h"

#include "progress.h"
#include "runner.h"

#ifdef HAVE_LIBVIRT
#include <dlfcn.h>

#include "error.h"
#include "remote.h"

/* Stays loaded to the end. */
static const struct remote_api *load(GError **error)
{
	static const struct remote_api *api;
	void *module = api ? NULL : dlopen(APMATRIX_CONNECT, RTLD_NOW | RTLD_LOCAL);

	if (module)
		api = dlsym(module, REMOTE_API);
	if (!api)
		g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_UNSUPPORTED,
			    "--connect needs a part that cannot be loaded: %s", dlerror());
	return api;
}

/* Of all that goes wrong with libvirt the user is told where it is. */
static void add_place(const struct options *o, GError **error)
{
	if (error && *error)
		g_prefix_error(error, "%s: ", o->connect);
}

ApState *source_read(const struct options *o, GPtrArray *warnings, GError **error)
{
	const struct remote_api *api;
	g_autoptr(progress_t) progress = NULL;
	ApState *state = NULL;
	remote_t *remote;

	if (!o->connect)
		return ap_state_read(o->host, warnings, error);
	api = load(error);
	if (!api)
		return NULL;
	progress = progress_begin(o->json);
	progress_say(progress, "asking libvirt at %s", o->connect);
	remote = api->open(o->connect, error);
	if (remote)
		state = api->read(remote, error);
	api->close(remote);
	add_place(o, error);
	g_ptr_array_add(warnings,
			g_strdup("through libvirt neither masks nor names nor what is passed on "
				 "can be seen; devices of earlier definitions stay"));
	return state;
}

gboolean source_apply(const struct options *o, const ApPlan *plan, GError **error)
{
	const struct remote_api *api;
	gboolean ok = FALSE;
	remote_t *remote;

	if (!o->connect)
		return runner_apply(o->host, plan, o->json, error);
	api = load(error);
	if (!api)
		return FALSE;
	remote = api->open(o->connect, error);
	if (remote)
		ok = runner_apply_remote(remote, api->read, api->step, plan, o->json, error);
	api->close(remote);
	add_place(o, error);
	return ok;
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
