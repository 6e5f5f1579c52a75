// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Name, events and assignments of the rule: s390-tools, include/lib/ap.h (AP_UDEV_FILE) and
 * zdev/src/ap.c (ap_write_type_udev).
 */
#include "rule.h"

#include <string.h>

#include "ap_text.h"
#include "error.h"
#include "file.h"

#define RULE "etc/udev/rules.d/41-ap.rules"
#define RULE_MAX (64 * 1024)
#define APMASK "ATTR{../../bus/ap/apmask}=\""
#define AQMASK "ATTR{../../bus/ap/aqmask}=\""

/* Where @key is in @text, but for comments. */
static const char *find(const char *text, const char *key)
{
	const char *p = text, *line;

	while ((p = strstr(p, key))) {
		for (line = p; line > text && line[-1] != '\n'; line--)
			;
		line += strspn(line, " \t");
		if (*line != '#')
			return p;
		p += strlen(key);
	}
	return NULL;
}

static gboolean read_mask(const char *text, const char *key, struct ap_mask *mask)
{
	const char *value = find(text, key), *end;
	g_autofree char *copy = NULL;

	*mask = APM_MASK_ALL;
	if (!value)
		return TRUE;
	value += strlen(key);
	end = strchr(value, '"');
	copy = end ? g_strndup(value, end - value) : NULL;
	return copy && !apm_text_mask(copy, mask);
}

gboolean ap_rule_load(const ApHost *host, struct ap_matrix *masks, GError **error)
{
	g_autofree char *path = ap_host_path(host, RULE);
	g_autofree char *text = ap_file_read(path, RULE_MAX, NULL, error);

	memset(masks, 0, sizeof(*masks));
	if (!text)
		return FALSE;
	if (read_mask(text, APMASK, &masks->apm) && read_mask(text, AQMASK, &masks->aqm))
		return TRUE;
	g_set_error(error, AP_MATRIX_ERROR, AP_MATRIX_ERROR_INVALID,
		    "%s sets a mask that is none; mend it or remove the file", path);
	return FALSE;
}

gboolean ap_rule_save(const ApHost *host, const struct ap_matrix *masks, GError **error)
{
	g_autofree char *path = ap_host_path(host, RULE);
	char apm[AP_MASK_TEXT + 1] = "", aqm[AP_MASK_TEXT + 1] = "";
	g_autofree char *text = NULL;

	if (!masks)
		return ap_file_replace(path, NULL, error);
	apm_text_put_mask(&masks->apm, apm);
	apm_text_put_mask(&masks->aqm, aqm);
	text = g_strdup_printf("# Written by apmatrix; chzdev knows this form and may change it.\n"
			       "ACTION==\"change\", SUBSYSTEM==\"ap\", DEVPATH==\"/devices/ap\", "
			       "ENV{BINDINGS}==\"complete\", ENV{COMPLETECOUNT}==\"1\", "
			       "GOTO=\"cfg_ap\"\n"
			       "GOTO=\"end_ap\"\n\n"
			       "LABEL=\"cfg_ap\"\n\n" APMASK "%s\"\n" AQMASK "%s\"\n"
			       "RUN{builtin}+=\"kmod load vfio_ap\"\n\n"
			       "LABEL=\"end_ap\"\n",
			       apm, aqm);
	return ap_file_replace(path, text, error);
}
