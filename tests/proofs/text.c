// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The text formats: what is written is read back as it was, and no text, whatever it
 * is, makes a parser leave its bounds or change its output when it fails.
 */
#define PROOF_REAL_LOOPS
#define STEP 1
#include "proof.h"
#include "../../core/ap_text.c"

/* Characters of texts of which nothing is known. */
#ifndef LENGTH
#define LENGTH 8
#endif

void proof_text_mask_identity(void)
{
	char text[AP_MASK_TEXT + 1] = { 0 };
	struct ap_mask m = nondet_mask(), back = nondet_mask();

	apm_text_put_mask(&m, text);
	claim(apm_text_mask(text, &back) == 0);
	claim(apm_mask_equal(&m, &back));
}

void proof_text_config_identity(void)
{
	char text[AP_CONFIG_TEXT + 1] = { 0 };
	struct ap_matrix m, back = { .apm = nondet_mask() };

	m.apm = nondet_mask();
	m.aqm = nondet_mask();
	m.adm = nondet_mask();
	apm_text_put_config(&m, text);
	claim(apm_text_config(text, &back) == 0);
	claim(apm_matrix_equal(&m, &back));
}

static void any_text(char *text, unsigned int size)
{
	unsigned int i;

	for (i = 0; i + 1 < size; i++)
		text[i] = nondet_char();
	text[size - 1] = '\0';
}

void proof_text_mask_any(void)
{
	struct ap_mask m = nondet_mask(), old = m;
	char text[LENGTH + 1];
	int rc;

	any_text(text, sizeof(text));
	rc = apm_text_mask(text, &m);
	claim(rc == 0 || rc == -EINVAL);
	claim(implies(rc, apm_mask_equal(&m, &old)));
}

void proof_text_config_any(void)
{
	struct ap_matrix m = any_matrix(), old = m;
	char text[LENGTH + 1];
	int rc;

	any_text(text, sizeof(text));
	rc = apm_text_config(text, &m);
	claim(rc == 0 || rc == -EINVAL);
	claim(implies(rc, apm_matrix_equal(&m, &old)));
}

void proof_text_change_any(void)
{
	struct ap_mask m = nondet_mask(), old = m, start = nondet_mask();
	char text[LENGTH + 1];
	int rc;

	any_text(text, sizeof(text));
	rc = apm_text_mask_change(text, &start, &m);
	claim(rc == 0 || rc == -EINVAL);
	claim(implies(rc, apm_mask_equal(&m, &old)));
}

void proof_text_id_any(void)
{
	unsigned int id = nondet_uint(), old = id, max = nondet_uint();
	char text[LENGTH + 1];
	int rc;

	any_text(text, sizeof(text));
	rc = apm_text_id(text, max, &id);
	claim(rc == 0 || rc == -EINVAL || rc == -ERANGE || rc == -ENODEV);
	claim(rc ? id == old : id <= max);
}

/* Any part of a listing of up to 2 × 2 ids stays in its buffer. */
void proof_text_matrix_part(void)
{
	unsigned int off = nondet_uint(), len = nondet_uint();
	struct ap_matrix m = { .apm = nondet_mask(), .aqm = nondet_mask() };
	char text[16];
	size_t size, n;

	m.apm.w[0] &= 0x8000000000000001;
	m.apm.w[1] = m.apm.w[2] = m.apm.w[3] = 0;
	m.aqm.w[3] &= 0x8000000000000001;
	m.aqm.w[0] = m.aqm.w[1] = m.aqm.w[2] = 0;
	assume(off <= 40 && len <= sizeof(text));
	size = apm_text_matrix_size(&m);
	n = apm_text_matrix(&m, off, text, len);
	claim(size <= 32);
	claim(n == (off >= size ? 0 : size - off < len ? size - off : len));
}
