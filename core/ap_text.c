// SPDX-License-Identifier: GPL-2.0-only OR LGPL-2.1-or-later
#include "ap_text.h"

static const char digits[] = "0123456789abcdef";

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

static const char *skip_base(const char *s, int *base)
{
	*base = 10;
	if (s[0] != '0')
		return s;
	if ((s[1] == 'x' || s[1] == 'X') && digit_value(s[2]) < 16) {
		*base = 16;
		return s + 2;
	}
	*base = 8;
	return s;
}

/* Digits up to the first foreign character; NULL when there is none. */
static const char *scan_number(const char *s, __u64 *value, bool *overflow)
{
	const char *start;
	__u64 v = 0;
	int base, d;

	s = skip_base(s, &base);
	*overflow = false;
	for (start = s; (d = digit_value(*s)) < base; s++) {
		if (v > (~0ULL - d) / base)
			*overflow = true;
		v = v * base + d;
	}
	*value = v;
	return s == start ? NULL : s;
}

static bool at_end(const char *s)
{
	if (*s == '\n')
		s++;
	return !*s;
}

int apm_text_whole(const char *buf, size_t count, size_t room)
{
	size_t i = strlen(buf);

	while (i < count && !buf[i])
		i++;
	return count < room && i >= count ? 0 : -EINVAL;
}

int apm_text_number(const char *text, __u64 *value)
{
	bool overflow;
	__u64 v;

	if (*text == '+')
		text++;
	text = scan_number(text, &v, &overflow);
	if (!text)
		return -EINVAL;
	if (overflow)
		return -ERANGE;
	if (!at_end(text))
		return -EINVAL;
	*value = v;
	return 0;
}

int apm_text_id(const char *text, unsigned int max, unsigned int *id)
{
	__u64 v;
	int rc;

	rc = apm_text_number(text, &v);
	if (rc)
		return rc;
	if (v > max)
		return -ENODEV;
	*id = v;
	return 0;
}

/* One mask up to the first character that is no digit; NULL when it is no mask. */
static const char *scan_mask(const char *s, struct ap_mask *mask)
{
	unsigned int n;
	int d;

	*mask = APM_MASK_NONE;
	if (s[0] == '0' && s[1] == 'x')
		s++;
	if (*s == 'x')
		s++;
	for (n = 0; (d = digit_value(*s)) < 16; s++, n++) {
		if (n == AP_MASK_DIGITS)
			return NULL;
		mask->w[n / 16] |= (__u64)d << (60 - 4 * (n % 16));
	}
	return n ? s : NULL;
}

int apm_text_mask(const char *text, struct ap_mask *mask)
{
	struct ap_mask m;

	text = scan_mask(text, &m);
	if (!text || !at_end(text))
		return -EINVAL;
	*mask = m;
	return 0;
}

static const char *scan_id(const char *s, unsigned int *id)
{
	bool overflow;
	__u64 v;

	s = scan_number(s, &v, &overflow);
	if (!s || overflow || v > AP_ID_MAX)
		return NULL;
	*id = v;
	return s;
}

/* "+ID", "-ID", "+FROM-TO" or "-FROM-TO" */
static const char *scan_change(const char *s, struct ap_mask *mask)
{
	unsigned int from, to;
	char sign = *s++;

	if (sign != '+' && sign != '-')
		return NULL;
	s = scan_id(s, &from);
	if (!s)
		return NULL;
	to = from;
	if (*s == '-') {
		s = scan_id(s + 1, &to);
		if (!s || from > to)
			return NULL;
	}
	for (; from <= to; from++)
		apm_mask_assign(mask, from, sign == '+');
	return s;
}

int apm_text_mask_change(const char *text, const struct ap_mask *old, struct ap_mask *mask)
{
	struct ap_mask m = *old;

	if (*text != '+' && *text != '-')
		return apm_text_mask(text, mask);
	while (*text) {
		text = scan_change(text, &m);
		if (!text)
			return -EINVAL;
		while (*text == ',' || *text == '\n')
			text++;
	}
	*mask = m;
	return 0;
}

int apm_text_config(const char *text, struct ap_matrix *m)
{
	struct ap_matrix new;

	text = scan_mask(text, &new.apm);
	if (!text || *text++ != ',')
		return -EINVAL;
	text = scan_mask(text, &new.aqm);
	if (!text || *text++ != ',')
		return -EINVAL;
	text = scan_mask(text, &new.adm);
	if (!text || !at_end(text))
		return -EINVAL;
	*m = new;
	return 0;
}

void apm_text_put_mask(const struct ap_mask *mask, char *buf)
{
	unsigned int n;

	*buf++ = '0';
	*buf++ = 'x';
	for (n = 0; n < AP_MASK_DIGITS; n++)
		*buf++ = digits[mask->w[n / 16] >> (60 - 4 * (n % 16)) & 15];
}

void apm_text_put_config(const struct ap_matrix *m, char *buf)
{
	apm_text_put_mask(&m->apm, buf);
	buf[AP_MASK_TEXT] = ',';
	buf += AP_MASK_TEXT + 1;
	apm_text_put_mask(&m->aqm, buf);
	buf[AP_MASK_TEXT] = ',';
	buf += AP_MASK_TEXT + 1;
	apm_text_put_mask(&m->adm, buf);
	buf[AP_MASK_TEXT] = '\n';
}

/* The longest line is "05.0047\n". */
#define LINE_MAX_TEXT 8

static unsigned int put_adapter(char *line, unsigned int apid)
{
	line[0] = digits[apid >> 4];
	line[1] = digits[apid & 15];
	return 2;
}

static unsigned int put_domain(char *line, unsigned int apqi)
{
	line[0] = '0';
	line[1] = '0';
	line[2] = digits[apqi >> 4];
	line[3] = digits[apqi & 15];
	return 4;
}

/* The n-th member; the caller knows that there are more than n. */
static unsigned int nth(const struct ap_mask *m, unsigned int n)
{
	unsigned int id = apm_mask_next(m, 0);

	while (n--)
		id = apm_mask_next(m, id + 1);
	return id;
}

/* Where a listing stands: its present line is (apid, apqi), AP_IDS for "none". */
struct cursor {
	const struct ap_matrix *m;
	unsigned int apid;
	unsigned int apqi;
};

static unsigned int put_line(const struct cursor *c, char *line)
{
	unsigned int n = 0;

	if (c->apid < AP_IDS)
		n = put_adapter(line, c->apid);
	line[n++] = '.';
	if (c->apqi < AP_IDS)
		n += put_domain(line + n, c->apqi);
	line[n++] = '\n';
	return n;
}

static void advance(struct cursor *c)
{
	if (c->apqi < AP_IDS)
		c->apqi = apm_mask_next(&c->m->aqm, c->apqi + 1);
	if (c->apqi == AP_IDS && c->apid < AP_IDS) {
		c->apid = apm_mask_next(&c->m->apm, c->apid + 1);
		c->apqi = apm_mask_next(&c->m->aqm, 0);
	}
}

static size_t line_size(const struct ap_matrix *m)
{
	return (apm_mask_empty(&m->apm) ? 0 : 2) + 1 + (apm_mask_empty(&m->aqm) ? 0 : 4) + 1;
}

static size_t line_count(const struct ap_matrix *m)
{
	unsigned int adapters = apm_mask_weight(&m->apm), domains = apm_mask_weight(&m->aqm);

	if (!adapters || !domains)
		return adapters + domains;
	return adapters * domains;
}

size_t apm_text_matrix_size(const struct ap_matrix *m)
{
	return line_size(m) * line_count(m);
}

static void seek_line(struct cursor *c, size_t n)
{
	unsigned int domains = apm_mask_weight(&c->m->aqm);

	c->apid = apm_mask_empty(&c->m->apm) ? AP_IDS : nth(&c->m->apm, domains ? n / domains : n);
	c->apqi = domains ? nth(&c->m->aqm, n % domains) : AP_IDS;
}

size_t apm_text_matrix(const struct ap_matrix *m, size_t off, char *buf, size_t len)
{
	size_t size = apm_text_matrix_size(m), per_line = line_size(m), done, skip, n;
	struct cursor c = { .m = m };
	char line[LINE_MAX_TEXT];

	if (off >= size)
		return 0;
	if (len > size - off)
		len = size - off;
	seek_line(&c, off / per_line);
	skip = off % per_line;
	for (done = 0; done < len; done += n, skip = 0) {
		put_line(&c, line);
		n = per_line - skip;
		if (n > len - done)
			n = len - done;
		memcpy(buf + done, line + skip, n);
		advance(&c);
	}
	return len;
}

size_t apm_text_domains(const struct ap_mask *m, size_t off, char *buf, size_t len)
{
	size_t pos = 0, done = 0, i;
	char line[5] = { [4] = '\n' };
	unsigned int id;

	apm_mask_for_each(id, m) {
		put_domain(line, id);
		for (i = 0; i < sizeof(line); i++, pos++)
			if (pos >= off && done < len)
				buf[done++] = line[i];
	}
	return done;
}
