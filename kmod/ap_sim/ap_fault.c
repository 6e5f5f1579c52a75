// SPDX-License-Identifier: GPL-2.0-only
#include "ap_fault.h"
#include "../../core/ap_text.h"

#ifndef __KERNEL__
#include <stdio.h>
#define scnprintf snprintf
#else
#include <linux/kernel.h>
#endif

const char *const ap_insn_names[AP_INSNS] = {
	[AP_INSN_TAPQ] = "tapq", [AP_INSN_RAPQ] = "rapq", [AP_INSN_ZAPQ] = "zapq",
	[AP_INSN_AQIC] = "aqic", [AP_INSN_QCI] = "qci",	  [AP_INSN_NQAP] = "nqap",
	[AP_INSN_DQAP] = "dqap",
};

#define ALL_QUEUE_INSNS (((1U << AP_INSNS) - 1) & ~(1U << AP_INSN_QCI))

static int parse_count(const char *text, __u32 *count)
{
	__u64 n;

	if (!text)
		return -EINVAL;
	if (!strcmp(text, "forever")) {
		*count = AP_FOREVER;
		return 0;
	}
	if (apm_text_number(text, &n) || n >= AP_FOREVER)
		return -EINVAL;
	*count = n;
	return 0;
}

static int parse_insn(const char *text, __u8 *insns)
{
	int i;

	*insns = ALL_QUEUE_INSNS;
	if (!text)
		return 0;
	for (i = 0; i < AP_INSNS; i++)
		if (i != AP_INSN_QCI && !strcmp(text, ap_insn_names[i])) {
			*insns = 1U << i;
			return 0;
		}
	return -EINVAL;
}

/* COUNT[,INSN] */
static int parse_busy(struct ap_fault *f, char *value)
{
	char *count = strsep(&value, ",");

	f->busy.rc = 5;
	return parse_count(count, &f->busy.count) ?: parse_insn(value, &f->busy.insns);
}

/* CODE,COUNT[,INSN] */
static int parse_code(struct ap_fault *f, char *value)
{
	char *code = strsep(&value, ",");
	char *count = strsep(&value, ",");
	__u64 rc;

	if (!code || apm_text_number(code, &rc) || !rc || rc > 0xff)
		return -EINVAL;
	f->code.rc = rc;
	return parse_count(count, &f->code.count) ?: parse_insn(value, &f->code.insns);
}

static int parse_reset(struct ap_fault *f, const char *value)
{
	f->slow_reset = true;
	f->reset_ms = AP_FOREVER;
	return strcmp(value, "never") ? -EINVAL : 0;
}

static int parse_reset_ms(struct ap_fault *f, const char *value)
{
	f->slow_reset = true;
	return parse_count(value, &f->reset_ms);
}

static int parse_word(struct ap_fault *f, const char *word)
{
	if (!strcmp(word, "clear"))
		memset(f, 0, sizeof(*f));
	else if (!strcmp(word, "deconfigured"))
		f->deconfigured = true;
	else if (!strcmp(word, "checkstop"))
		f->checkstop = true;
	else
		return -EINVAL;
	return 0;
}

static int parse_item(struct ap_fault *f, char *item)
{
	char *value = item, *key = strsep(&value, "=");

	if (!value)
		return parse_word(f, key);
	if (!strcmp(key, "reset"))
		return parse_reset(f, value);
	if (!strcmp(key, "reset_ms"))
		return parse_reset_ms(f, value);
	if (!strcmp(key, "busy"))
		return parse_busy(f, value);
	if (!strcmp(key, "rc"))
		return parse_code(f, value);
	if (!strcmp(key, "answer_ms"))
		return parse_count(value, &f->answer_ms);
	if (!strcmp(key, "lose_reply"))
		return parse_count(value, &f->lose_reply);
	if (!strcmp(key, "bad_length"))
		return parse_count(value, &f->bad_length);
	if (!strcmp(key, "lose_irq"))
		return parse_count(value, &f->lose_irq);
	return -EINVAL;
}

/* A queue is named as in sysfs, four hexadecimal digits, or with 0x. */
static int parse_domain(const char *text, unsigned int *id)
{
	char hex[7] = "0x";

	if (strlen(text) == 4) {
		memcpy(hex + 2, text, 5);
		text = hex;
	}
	return apm_text_id(text, AP_ID_MAX, id);
}

/* A line without items resets it. */
static int parse_items(struct ap_fault *f, char *items)
{
	char *item;
	int rc = 0, n = 0;

	while (!rc && (item = strsep(&items, " \t"))) {
		if (!*item)
			continue;
		n++;
		rc = parse_item(f, item);
	}
	if (!rc && !n)
		memset(f, 0, sizeof(*f));
	return rc;
}

static int parse_all(struct ap_fault *faults, const char *items)
{
	size_t len = items ? strlen(items) : 0;
	char copy[AP_FAULT_TEXT] = "";
	unsigned int i;
	int rc = 0;

	if (len >= sizeof(copy))
		return -EINVAL;
	for (i = 0; i < AP_IDS && !rc; i++) {
		memcpy(copy, items ?: "", len + 1);
		rc = parse_items(&faults[i], copy);
	}
	return rc;
}

static int parse_line(struct ap_fault *faults, char *line)
{
	char *queue = strsep(&line, " \t");
	unsigned int apqi;
	int rc;

	if (!strcmp(queue, "clear") && !line)
		return parse_all(faults, NULL);
	if (!strcmp(queue, "*"))
		return parse_all(faults, line);
	rc = parse_domain(queue, &apqi);
	return rc ?: parse_items(&faults[apqi], line);
}

/**
 * ap_fault_parse() - change the faults of an adapter's queues by text
 * @faults: one for each domain number; undefined on failure
 * @text: lines "QUEUE ITEM…" with a domain in four hexadecimal digits (or any number
 *        with its base) or "*" for all; items: reset_ms=N, reset=never, busy=COUNT[,INSN],
 *        rc=CODE,COUNT[,INSN], answer_ms=N, lose_reply=N, bad_length=N, lose_irq=N,
 *        deconfigured, checkstop, clear; a line without items, and "clear", reset it;
 *        consumed
 *
 * Return: 0; -EINVAL, -ERANGE, or -ENODEV for a domain above 255.
 */
int ap_fault_parse(struct ap_fault *faults, char *text)
{
	char *line;
	int rc = 0;

	while (!rc && (line = strsep(&text, "\n")))
		if (*line)
			rc = parse_line(faults, line);
	return rc;
}

static int put_count(char *buf, size_t len, const char *name, __u32 count)
{
	if (!count)
		return 0;
	if (count == AP_FOREVER)
		return scnprintf(buf, len, " %s=forever", name);
	return scnprintf(buf, len, " %s=%u", name, count);
}

static int put_insn(char *buf, size_t len, __u8 insns)
{
	int i;

	for (i = 0; i < AP_INSNS; i++)
		if (insns == 1U << i)
			return scnprintf(buf, len, ",%s", ap_insn_names[i]);
	return 0;
}

static int put_code(char *buf, size_t len, const struct ap_fault_code *c)
{
	int n;

	if (!c->count)
		return 0;
	if (c->count == AP_FOREVER)
		n = scnprintf(buf, len, " rc=0x%02x,forever", c->rc);
	else
		n = scnprintf(buf, len, " rc=0x%02x,%u", c->rc, c->count);
	return n + put_insn(buf + n, len - n, c->insns);
}

static int put_reset(char *buf, size_t len, const struct ap_fault *f)
{
	if (!f->slow_reset)
		return 0;
	if (f->reset_ms == AP_FOREVER)
		return scnprintf(buf, len, " reset=never");
	return scnprintf(buf, len, " reset_ms=%u", f->reset_ms);
}

/**
 * ap_fault_print() - the items of a fault as ap_fault_parse() reads them
 * @f: the fault
 * @buf: receives the text, each item after a space
 * @len: AP_FAULT_TEXT is enough
 *
 * Return: characters, without NUL.
 */
int ap_fault_print(const struct ap_fault *f, char *buf, size_t len)
{
	int n = put_reset(buf, len, f), busy;

	buf[n] = '\0';
	busy = put_count(buf + n, len - n, "busy", f->busy.count);
	n += busy;
	if (busy)
		n += put_insn(buf + n, len - n, f->busy.insns);
	n += put_code(buf + n, len - n, &f->code);
	n += put_count(buf + n, len - n, "answer_ms", f->answer_ms);
	n += put_count(buf + n, len - n, "lose_reply", f->lose_reply);
	n += put_count(buf + n, len - n, "bad_length", f->bad_length);
	n += put_count(buf + n, len - n, "lose_irq", f->lose_irq);
	if (f->deconfigured)
		n += scnprintf(buf + n, len - n, " deconfigured");
	if (f->checkstop)
		n += scnprintf(buf + n, len - n, " checkstop");
	return n;
}

/**
 * ap_fault_none() - is nothing wrong?
 * @f: the fault
 */
bool ap_fault_none(const struct ap_fault *f)
{
	return !f->slow_reset && !f->deconfigured && !f->checkstop && !f->answer_ms &&
	       !f->busy.count && !f->code.count && !f->lose_reply && !f->bad_length && !f->lose_irq;
}

static bool same_code(const struct ap_fault_code *a, const struct ap_fault_code *b)
{
	return a->count == b->count && (!a->count || (a->rc == b->rc && a->insns == b->insns));
}

/**
 * ap_fault_equal() - would two faults print alike?
 * @a: a fault
 * @b: a fault
 */
bool ap_fault_equal(const struct ap_fault *a, const struct ap_fault *b)
{
	return a->slow_reset == b->slow_reset && (!a->slow_reset || a->reset_ms == b->reset_ms) &&
	       a->deconfigured == b->deconfigured && a->checkstop == b->checkstop &&
	       a->answer_ms == b->answer_ms && same_code(&a->busy, &b->busy) &&
	       same_code(&a->code, &b->code) && a->lose_reply == b->lose_reply &&
	       a->bad_length == b->bad_length && a->lose_irq == b->lose_irq;
}

/**
 * ap_fault_take() - use up one of a count
 * @count: the count, or AP_FOREVER
 *
 * Return: whether there was one.
 */
bool ap_fault_take(__u32 *count)
{
	if (!*count)
		return false;
	if (*count != AP_FOREVER)
		--*count;
	return true;
}

static bool strikes(struct ap_fault_code *c, enum ap_insn_code insn)
{
	return (c->insns & 1U << insn) && ap_fault_take(&c->count);
}

/**
 * ap_fault_rc() - the response code that a fault makes of an instruction
 * @f: the fault of its queue
 * @insn: the instruction
 *
 * Uses up a count.
 *
 * Return: the response code, 0 when the instruction does its work.
 */
int ap_fault_rc(struct ap_fault *f, enum ap_insn_code insn)
{
	if (f->deconfigured)
		return 3;
	if (f->checkstop)
		return 4;
	if (strikes(&f->busy, insn))
		return 5;
	return strikes(&f->code, insn) ? f->code.rc : 0;
}
