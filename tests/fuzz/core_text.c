// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Any bytes to every parser of core/, and what the parsers promise: what was read and is
 * written again reads the same; a failure changes nothing.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include "ap_text.h"
#include "fuzz.h"

static void expect(bool holds)
{
	if (!holds)
		abort();
}

static void try_number(const char *text)
{
	__u64 value = 42;
	int rc = apm_text_number(text, &value);

	expect(!rc || rc == -EINVAL || rc == -ERANGE);
	expect(!rc || value == 42);
}

static void try_id(const char *text)
{
	unsigned int id = 999;
	int rc = apm_text_id(text, 200, &id);

	expect(rc ? id == 999 : id <= 200);
}

static void try_mask(const char *text)
{
	struct ap_mask m = APM_MASK_ALL, back;
	char again[AP_MASK_TEXT + 1] = "";

	if (apm_text_mask(text, &m)) {
		expect(apm_mask_weight(&m) == AP_IDS);
		return;
	}
	apm_text_put_mask(&m, again);
	expect(!apm_text_mask(again, &back) && apm_mask_equal(&m, &back));
}

static void try_change(const char *text)
{
	struct ap_mask none = APM_MASK_NONE, all = APM_MASK_ALL, from_none = none, from_all = all;
	int rc = apm_text_mask_change(text, &none, &from_none);

	expect(rc == apm_text_mask_change(text, &all, &from_all));
	expect(apm_mask_subset(&from_none, &from_all));
	expect(!rc || (apm_mask_empty(&from_none) && apm_mask_equal(&all, &from_all)));
}

static void try_listing(const struct ap_matrix *m, size_t off)
{
	size_t size = apm_text_matrix_size(m), n;
	char part[100];

	n = apm_text_matrix(m, off, part, sizeof(part));
	expect(n == (off >= size ? 0 : size - off < sizeof(part) ? size - off : sizeof(part)));
	expect(apm_text_domains(&m->adm, off, part, sizeof(part)) <= sizeof(part));
}

static void try_config(const char *text, size_t size)
{
	struct ap_matrix m = { APM_MASK_ALL, APM_MASK_NONE, APM_MASK_ALL }, old = m, back;
	char again[AP_CONFIG_TEXT + 1] = "";

	if (apm_text_config(text, &m)) {
		expect(apm_matrix_equal(&m, &old));
		return;
	}
	apm_text_put_config(&m, again);
	expect(!apm_text_config(again, &back) && apm_matrix_equal(&m, &back));
	try_listing(&m, size * 37);
}

/* Whole is what has no NUL with anything else behind it, in less room than there is. */
static void try_whole(const char *text, size_t size)
{
	bool behind = false, nul = false;
	size_t i;

	for (i = 0; i < size; i++) {
		nul |= !text[i];
		behind |= nul && text[i];
	}
	expect(apm_text_whole(text, size, size + 1) == (behind ? -EINVAL : 0));
	expect(apm_text_whole(text, size, size) == -EINVAL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	try_number(text);
	try_id(text);
	try_mask(text);
	try_change(text);
	try_config(text, size);
	try_whole(text, size);
	free(text);
	return 0;
}
