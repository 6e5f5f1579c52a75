// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>

#include "command.h"
#include "load.h"
#include "out.h"

static const char *kind_of(const struct loaded *loaded)
{
	return loaded->host ? "host" : "device";
}

static void report(JsonBuilder *b, const char *path, const struct loaded *loaded,
		   const GError *error)
{
	if (!b && error)
		fprintf(stderr, "%s\n", error->message);
	else if (!b && loaded->host)
		printf("%s: valid host definition, %u matrices\n", path,
		       ap_host_def_get_guests(loaded->host)->len);
	else if (!b)
		printf("%s: valid device definition\n", path);
	if (!b)
		return;
	json_builder_begin_object(b);
	out_string(b, "file", path);
	out_bool(b, "valid", !error);
	if (error)
		out_string(b, "error", error->message);
	else
		out_string(b, "kind", kind_of(loaded));
	json_builder_end_object(b);
}

int cmd_validate(const struct options *o, GError **error G_GNUC_UNUSED)
{
	JsonBuilder *b = o->json ? out_begin("validate") : NULL;
	int i, status = 0;

	if (b)
		out_array(b, "files");
	for (i = 0; i < o->n_args; i++) {
		g_auto(loaded_t) loaded = { NULL };
		g_autoptr(GError) local = NULL;

		if (!load_file(o->args[i], &loaded, &local))
			status = 1;
		report(b, o->args[i], &loaded, local);
	}
	if (!b)
		return status;
	json_builder_end_array(b);
	out_end(b, TRUE);
	return status;
}
