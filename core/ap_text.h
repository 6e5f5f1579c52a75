/* SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later */
/*
 * The text formats of sysfs: numbers, masks, ap_config, matrix listings.
 *
 * Parsers take NUL-terminated text, change their output only on success and
 * return 0 or a negative errno. Formats: Linux, drivers/s390/crypto/ap_bus.c and
 * vfio_ap_ops.c, lib/kstrtox.c; where ours is stricter it is said.
 */
#ifndef APMATRIX_AP_TEXT_H
#define APMATRIX_AP_TEXT_H

#include "ap_matrix.h"

#define AP_MASK_DIGITS (AP_IDS / 4)
/* "0x" and 64 digits, without newline or NUL */
#define AP_MASK_TEXT (AP_MASK_DIGITS + 2)
/* three masks, two commas, one newline, without NUL */
#define AP_CONFIG_TEXT (3 * AP_MASK_TEXT + 3)

/**
 * apm_text_whole() - is what one write brought a text, and all of it?
 * @buf: the bytes, and a NUL behind them
 * @count: how many were written
 * @room: how many a write can bring: so many may be the beginning of more
 *
 * A NUL ends the text: only more of them may follow.
 *
 * Return: 0 or -EINVAL.
 */
int apm_text_whole(const char *buf, size_t count, size_t room);

/**
 * apm_text_number() - read one number as kstrtoul(text, 0) does
 * @text: digits with an optional leading '+'; base 16 after 0x, 8 after 0, else 10;
 *        one newline may follow
 * @value: the number
 *
 * Return: 0; -EINVAL for anything that is not a number; -ERANGE when it does not
 * fit 64 bits.
 */
int apm_text_number(const char *text, __u64 *value);

/**
 * apm_text_id() - read an id and hold it against a limit
 * @text: as for apm_text_number()
 * @max: highest id of the host
 * @id: the id
 *
 * Return: 0; -EINVAL or -ERANGE as apm_text_number(); -ENODEV above @max.
 */
int apm_text_id(const char *text, unsigned int max, unsigned int *id);

/**
 * apm_text_mask() - read a mask in hexadecimal
 * @text: "0x" (may be absent) and 1 to 64 digits, the leftmost bit is id 0, a shorter
 *        mask is left-aligned; one newline may follow
 * @mask: the set
 *
 * Unlike Linux, which reads it as the empty set, a mask without digits is refused:
 * an empty write must not hand over or take away everything.
 *
 * Return: 0 or -EINVAL.
 */
int apm_text_mask(const char *text, struct ap_mask *mask);

/**
 * apm_text_mask_change() - read an absolute mask or relative changes
 * @text: a mask as for apm_text_mask(), or items "+ID", "-ID", "+FROM-TO", "-FROM-TO"
 *        commas or newlines may follow an item; ids in any base
 * @old: the set that relative changes start from
 * @mask: the new set; may be @old
 *
 * Return: 0 or -EINVAL.
 */
int apm_text_mask_change(const char *text, const struct ap_mask *old, struct ap_mask *mask);

/**
 * apm_text_config() - read the three masks of ap_config
 * @text: adapter, usage domain and control domain mask, each as for apm_text_mask(),
 *        comma separated; one newline may follow; nothing else
 * @m: the matrix
 *
 * Return: 0 or -EINVAL.
 */
int apm_text_config(const char *text, struct ap_matrix *m);

/**
 * apm_text_put_mask() - write a mask as "0x" and 64 digits
 * @mask: the set
 * @buf: receives AP_MASK_TEXT characters, no NUL
 */
void apm_text_put_mask(const struct ap_mask *mask, char *buf);

/**
 * apm_text_put_config() - write the format of ap_config
 * @m: the matrix
 * @buf: receives AP_CONFIG_TEXT characters, the last one a newline, no NUL
 */
void apm_text_put_config(const struct ap_matrix *m, char *buf);

/**
 * apm_text_matrix_size() - length of the listing of a matrix
 * @m: the matrix
 *
 * Return: characters, at most 524,288 (256 × 256 lines of 8).
 */
size_t apm_text_matrix_size(const struct ap_matrix *m);

/**
 * apm_text_matrix() - a part of the listing of a matrix
 * @m: the matrix
 * @off: first character wanted
 * @buf: receives the text, no NUL
 * @len: characters wanted
 *
 * One line an APQN, "05.0047\n" in ascending order; only adapters: "05.\n";
 * only domains: ".0047\n"; neither: nothing.
 *
 * Return: characters written; less than @len only at the end of the listing.
 */
size_t apm_text_matrix(const struct ap_matrix *m, size_t off, char *buf, size_t len);

/**
 * apm_text_domains() - a part of the listing of domains, "%04lx\n" each
 * @m: the domains
 * @off: first character wanted
 * @buf: receives the text, no NUL
 * @len: characters wanted
 *
 * Return: characters written; less than @len only at the end of the listing.
 */
size_t apm_text_domains(const struct ap_mask *m, size_t off, char *buf, size_t len);

#endif
