// SPDX-License-Identifier: GPL-2.0-only
#include "ap_profile.h"
#include "../../core/ap_text.h"
#include "../../include/uapi/ap_insn.h"

static const char *const modes[] = {
	[AP_MODE_ACCEL] = "accel",
	[AP_MODE_CCA] = "cca",
	[AP_MODE_EP11] = "ep11",
};

/* Text without the newline that may end it */
static bool same(const char *text, const char *word)
{
	size_t n = strlen(word);

	return !strncmp(text, word, n) && (!text[n] || (text[n] == '\n' && !text[n + 1]));
}

/**
 * ap_profile_type() - read an adapter type
 * @text: CEX3 to CEX8; one newline may follow
 * @type: AP_TYPE_*, CEX3C for any CEX3
 *
 * Return: 0 or -EINVAL.
 */
int ap_profile_type(const char *text, __u8 *type)
{
	char name[] = "CEX3";

	for (; name[3] <= '8'; name[3]++)
		if (same(text, name)) {
			*type = AP_TYPE_CEX3C + name[3] - '3';
			return 0;
		}
	return -EINVAL;
}

/**
 * ap_profile_mode() - read a mode
 * @text: accel, cca or ep11; one newline may follow
 * @mode: the mode
 *
 * Return: 0 or -EINVAL.
 */
int ap_profile_mode(const char *text, enum ap_mode *mode)
{
	unsigned int i;

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (same(text, modes[i])) {
			*mode = i;
			return 0;
		}
	return -EINVAL;
}

/**
 * ap_profile_mode_name() - what ap_profile_mode() reads
 * @mode: the mode
 */
const char *ap_profile_mode_name(enum ap_mode mode)
{
	return modes[mode];
}

/**
 * ap_profile_mode_of() - the mode that facilities tell of
 * @facilities: AP_FAC_*
 */
enum ap_mode ap_profile_mode_of(__u32 facilities)
{
	if (facilities & AP_FAC_ACCEL)
		return AP_MODE_ACCEL;
	return facilities & AP_FAC_CCA ? AP_MODE_CCA : AP_MODE_EP11;
}

/* EP11 came with CEX4. */
static bool made(const struct ap_card_spec *spec)
{
	return spec->type >= AP_TYPE_CEX4 || spec->mode != AP_MODE_EP11;
}

/**
 * ap_profile_model() - read type and mode as lszcrypt shows them
 * @text: "CEX8C": CEX3 to CEX8, then A (accelerator), C (CCA) or, not with CEX3, P (EP11)
 * @spec: gets both
 *
 * Return: 0 or -EINVAL.
 */
int ap_profile_model(const char *text, struct ap_card_spec *spec)
{
	static const char letters[] = "ACP";
	char name[] = "CEX8";
	const char *letter;

	if (strlen(text) != 5)
		return -EINVAL;
	memcpy(name, text, 4);
	letter = strchr(letters, text[4]);
	if (!letter || ap_profile_type(name, &spec->type))
		return -EINVAL;
	spec->mode = letter - letters;
	return made(spec) ? 0 : -EINVAL;
}

/* One id or range at the beginning of @text: its length, or -EINVAL. */
static int parse_range(const char *text, unsigned int max, struct ap_mask *set)
{
	size_t len = strcspn(text, ",\n"), dash = strcspn(text, "-");
	char from[24] = "", to[24] = "";
	unsigned int first, last;

	if (dash > len)
		dash = len;
	if (dash >= sizeof(from) || len - dash >= sizeof(to))
		return -EINVAL;
	memcpy(from, text, dash);
	memcpy(to, dash < len ? text + dash + 1 : text, dash < len ? len - dash - 1 : len);
	if (apm_text_id(from, max, &first) || apm_text_id(to, max, &last) || first > last)
		return -EINVAL;
	for (; first <= last; first++)
		apm_mask_set(set, first);
	return len;
}

/**
 * ap_profile_list() - read a list of numbers
 * @text: ID or FROM-TO, comma separated, in any base; spaces around it and one newline
 *        at the end do not count; nothing is the empty set
 * @max: highest number
 * @set: set on success
 *
 * Return: 0 or -EINVAL.
 */
int ap_profile_list(const char *text, unsigned int max, struct ap_mask *set)
{
	struct ap_mask all = APM_MASK_NONE;
	int len;

	text += strspn(text, " ");
	while (*text && *text != '\n') {
		len = parse_range(text, max, &all);
		if (len < 0)
			return len;
		text += len;
		if (*text == ',' && (!text[1] || text[1] == '\n'))
			return -EINVAL;
		text += *text == ',';
	}
	if (*text && text[1])
		return -EINVAL;
	*set = all;
	return 0;
}

static bool is_mask(const char *text)
{
	size_t n = strcspn(text, "\n");

	return n == AP_MASK_TEXT && !strncmp(text, "0x", 2);
}

/**
 * ap_profile_domains() - read a set of domains
 * @text: "0x" and 64 digits as sysfs shows masks; or a list as for ap_profile_list(),
 *        which replaces the set; or changes as for apm_text_mask_change() (+3-9,-0x47)
 * @max: highest number
 * @set: the set, changed on success
 *
 * Return: 0; -EINVAL; -ENODEV above @max.
 */
int ap_profile_domains(const char *text, unsigned int max, struct ap_mask *set)
{
	struct ap_mask new;
	int rc;

	if (is_mask(text))
		rc = apm_text_mask(text, &new);
	else if (*text == '+' || *text == '-')
		rc = apm_text_mask_change(text, set, &new);
	else
		rc = ap_profile_list(text, AP_ID_MAX, &new);
	if (rc)
		return rc;
	if (apm_mask_above(&new, max))
		return -ENODEV;
	*set = new;
	return 0;
}

/**
 * ap_profile_fits() - does a machine keep to its own limits, and are its adapters made?
 * @p: the machine
 */
bool ap_profile_fits(const struct ap_profile *p)
{
	unsigned int apid;

	apm_mask_for_each(apid, &p->config.apm)
		if (!made(&p->card[apid]))
			return false;
	return !apm_matrix_overflow(&p->config, &p->max);
}
