// SPDX-License-Identifier: GPL-2.0-only
#include "ap_attr.h"
#include "ap_profile.h"
#include "../../core/ap_text.h"
#include "../../include/uapi/ap_insn.h"

#ifndef __KERNEL__
#include <stdio.h>
#define scnprintf snprintf
#else
#include <linux/kernel.h>
#endif

/* What TAPQ means by no limit (Linux, AP_DEFAULT_MAX_MSG_SIZE), and the unit of a limit */
#define DEFAULT_MSG_SIZE (12 * 1024)
#define MSG_SIZE_UNIT 4096

/* Two minutes, as on the real bus */
#define POLL_TIMEOUT_MAX 120000000000ULL

#define emit(buf, ...) scnprintf(buf, AP_ATTR_TEXT, __VA_ARGS__)

/**
 * ap_attr_hwtype() - hwtype and raw_hwtype of a card
 * @info: GR2 of TAPQ, also below
 * @buf: receives the text, AP_ATTR_TEXT bytes, also below
 *
 * Return: its length, also below.
 */
int ap_attr_hwtype(__u64 info, char *buf)
{
	return emit(buf, "%u\n", (unsigned int)AP_INFO_TYPE(info));
}

/**
 * ap_attr_depth() - depth of a card
 * @info: see above
 * @buf: see above
 */
int ap_attr_depth(__u64 info, char *buf)
{
	return emit(buf, "%u\n", (unsigned int)AP_INFO_DEPTH(info));
}

/**
 * ap_attr_functions() - ap_functions of a card or queue
 * @info: see above
 * @buf: see above
 */
int ap_attr_functions(__u64 info, char *buf)
{
	return emit(buf, "0x%08X\n", AP_INFO_FACILITIES(info));
}

/**
 * ap_attr_modalias() - modalias of a card
 * @info: see above
 * @buf: see above
 */
int ap_attr_modalias(__u64 info, char *buf)
{
	return emit(buf, "ap:t%02X\n", (unsigned int)AP_INFO_TYPE(info));
}

/**
 * ap_attr_max_msg_size() - max_msg_size of a card
 * @info: see above
 * @buf: see above
 */
int ap_attr_max_msg_size(__u64 info, char *buf)
{
	unsigned int units = AP_INFO_ML(info);

	return emit(buf, "%u\n", units ? units * MSG_SIZE_UNIT : DEFAULT_MSG_SIZE);
}

/**
 * ap_attr_type() - type of a card with a host driver
 * @info: see above
 * @buf: see above
 */
int ap_attr_type(__u64 info, char *buf)
{
	enum ap_mode mode = ap_profile_mode_of(AP_INFO_FACILITIES(info));

	return emit(buf, "CEX%u%c\n", (unsigned int)AP_INFO_TYPE(info) - AP_TYPE_CEX4 + 4,
		    "ACP"[mode]);
}

/**
 * ap_attr_features() - features of the bus
 * @flags: AP_QCI_*
 * @buf: see above
 */
int ap_attr_features(__u32 flags, char *buf)
{
	static const struct {
		__u32 flag;
		const char *name;
	} names[] = {
		{ AP_QCI_APSC, "APSC" },
		{ AP_QCI_APXA, "APXA" },
		{ AP_QCI_QACT, "QACT" },
		{ AP_QCI_RC8A, "RC8A" },
	};
	unsigned int i;
	int n = 0;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (flags & names[i].flag)
			n += scnprintf(buf + n, AP_ATTR_TEXT - n, "%s%s", n ? " " : "",
				       names[i].name);
	return n + scnprintf(buf + n, AP_ATTR_TEXT - n, "\n");
}

/**
 * ap_attr_bindings() - bindings of the bus
 * @bound: queues with a driver
 * @queues: all queues
 * @scanned: the bus was scanned
 * @buf: see above
 */
int ap_attr_bindings(unsigned int bound, unsigned int queues, bool scanned, char *buf)
{
	return emit(buf, "%u/%u%s\n", bound, queues,
		    bound == queues && scanned ? " (complete)" : "");
}

/**
 * ap_attr_reset() - reset of a queue
 * @status: of TAPQ
 * @buf: see above
 */
int ap_attr_reset(__u32 status, char *buf)
{
	return emit(buf, "%s\n",
		    AP_STATUS_RC(status) == AP_RC_RESET_IN_PROGRESS ? "Reset in progress."
								    : "No Reset Timer set.");
}

/**
 * ap_attr_interrupt() - interrupt of a queue
 * @status: of TAPQ
 * @buf: see above
 */
int ap_attr_interrupt(__u32 status, char *buf)
{
	return emit(buf, "Interrupts %s.\n", status & AP_STATUS_IRQ ? "enabled" : "disabled");
}

/* A decimal number: these attributes know no other base. One newline may follow. */
static int read_decimal(const char *text, unsigned int max, unsigned int *value)
{
	unsigned int v = 0;
	const char *s = text;

	for (; *s >= '0' && *s <= '9'; s++) {
		v = v * 10 + (*s - '0');
		if (v > max)
			return -EINVAL;
	}
	if (s == text || (*s && (*s != '\n' || s[1])))
		return -EINVAL;
	*value = v;
	return 0;
}

/**
 * ap_attr_read_switch() - online and config
 * @text: 0 or 1; one newline may follow
 * @on: which
 *
 * Return: 0 or -EINVAL.
 */
int ap_attr_read_switch(const char *text, bool *on)
{
	unsigned int value;
	int rc = read_decimal(text, 1, &value);

	if (!rc)
		*on = value;
	return rc;
}

/**
 * ap_attr_read_config_time() - seconds between scans
 * @text: 5 to 120; one newline may follow
 * @seconds: how many
 *
 * Return: 0 or -EINVAL.
 */
int ap_attr_read_config_time(const char *text, unsigned int *seconds)
{
	unsigned int value;

	if (read_decimal(text, 120, &value) || value < 5)
		return -EINVAL;
	*seconds = value;
	return 0;
}

/**
 * ap_attr_read_poll_timeout() - nanoseconds between polls
 * @text: a number in any base, up to two minutes
 * @ns: how many
 *
 * Return: 0, -EINVAL, -ERANGE.
 */
int ap_attr_read_poll_timeout(const char *text, __u64 *ns)
{
	__u64 value;
	int rc = apm_text_number(text, &value);

	if (rc)
		return rc;
	if (value > POLL_TIMEOUT_MAX)
		return -EINVAL;
	*ns = value;
	return 0;
}
