// SPDX-License-Identifier: GPL-2.0-only
/*
 * The default machine, made from module parameters.
 */
#include <linux/moduleparam.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "ap_sim.h"
#include "../../core/ap_text.h"

static char *adapters = "0x03:CEX8A,0x05:CEX8C,0x06:CEX8C,0x0a:CEX8P,0x0b:CEX7C";
module_param(adapters, charp, 0444);
MODULE_PARM_DESC(adapters, "adapters: ID:TYPE,... with TYPE CEX4 to CEX8 and A, C or P "
			   "(accelerator, CCA, EP11); empty: none");

static char *domains = "0x04,0x06,0x47,0xab";
module_param(domains, charp, 0444);
MODULE_PARM_DESC(domains, "usage domains: ID or FROM-TO, comma separated");

static char *control_domains = "0x04,0x06,0x10,0x47,0xab";
module_param(control_domains, charp, 0444);
MODULE_PARM_DESC(control_domains, "control domains: ID or FROM-TO, comma separated");

static unsigned int max_adapter = AP_ID_MAX;
module_param(max_adapter, uint, 0444);
MODULE_PARM_DESC(max_adapter, "highest adapter number of the machine, up to 255");

static unsigned int max_domain = AP_ID_MAX;
module_param(max_domain, uint, 0444);
MODULE_PARM_DESC(max_domain, "highest domain number of the machine, up to 255");

static unsigned int reset_ms = 2;
module_param(reset_ms, uint, 0444);
MODULE_PARM_DESC(reset_ms, "milliseconds that a queue reset takes");

#define bad(fmt, ...) (pr_err("ap_sim: " fmt "\n", ##__VA_ARGS__), -EINVAL)

static int parse_type(const char *text, u8 *type, enum ap_mode *mode)
{
	if (strlen(text) != 5 || strncmp(text, "CEX", 3) || text[3] < '4' || text[3] > '8')
		return -EINVAL;
	*type = AP_TYPE_CEX4 + text[3] - '4';
	switch (text[4]) {
	case 'A':
		*mode = AP_MODE_ACCEL;
		return 0;
	case 'C':
		*mode = AP_MODE_CCA;
		return 0;
	case 'P':
		*mode = AP_MODE_EP11;
		return 0;
	}
	return -EINVAL;
}

static int add_adapter(struct ap_machine *m, char *item)
{
	char *type = strchr(item, ':');
	struct ap_machine_adapter *a;
	unsigned int apid;

	if (type)
		*type++ = '\0';
	if (!type || apm_text_id(item, m->max.apm_max, &apid))
		return bad("adapters=: \"%s\" is not ID:TYPE with an ID up to %u", item,
			   m->max.apm_max);
	if (m->adapter[apid])
		return bad("adapters=: adapter %02x is given twice", apid);
	a = kvzalloc(sizeof(*a), GFP_KERNEL);
	if (!a)
		return -ENOMEM;
	a->depth = 8;
	if (parse_type(type, &a->type, &a->mode)) {
		kvfree(a);
		return bad("adapters=: \"%s\" is not a type: CEX4 to CEX8, then A, C or P", type);
	}
	ap_machine_plug(m, apid, a);
	return 0;
}

static int add_domains(struct ap_mask *set, char *item, unsigned int max, const char *param)
{
	char *to = strchr(item, '-');
	unsigned int first, last;

	if (to)
		*to++ = '\0';
	if (apm_text_id(item, max, &first) || apm_text_id(to ?: item, max, &last) || first > last)
		return bad("%s=: \"%s%s%s\" is not ID or FROM-TO up to %u", param, item,
			   to ? "-" : "", to ?: "", max);
	for (; first <= last; first++)
		apm_mask_set(set, first);
	return 0;
}

static int parse_adapters(struct ap_machine *m)
{
	char *text __free(kfree) = kstrdup(adapters, GFP_KERNEL);
	char *rest, *item;
	int rc = 0;

	if (!text)
		return -ENOMEM;
	rest = strim(text);
	if (!*rest)
		return 0;
	while (!rc && (item = strsep(&rest, ",")))
		rc = add_adapter(m, item);
	return rc;
}

static int parse_domains(struct ap_mask *set, char *list, unsigned int max, const char *param)
{
	char *text __free(kfree) = kstrdup(list, GFP_KERNEL);
	char *rest, *item;
	int rc = 0;

	if (!text)
		return -ENOMEM;
	rest = strim(text);
	if (!*rest)
		return 0;
	while (!rc && (item = strsep(&rest, ",")))
		rc = add_domains(set, item, max, param);
	return rc;
}

/**
 * ap_default_build() - make the machine that the module parameters describe
 * @m: an empty machine
 *
 * Return: 0; -EINVAL with a message that names the parameter; -ENOMEM.
 */
int ap_default_build(struct ap_machine *m)
{
	int rc;

	if (max_adapter > AP_ID_MAX || max_domain > AP_ID_MAX)
		return bad("max_adapter= and max_domain= are at most %u", AP_ID_MAX);
	m->max = (struct ap_limits){ max_adapter, max_domain, max_domain };
	m->reset_ns = reset_ms * 1000000ULL;
	rc = parse_adapters(m);
	if (!rc)
		rc = parse_domains(&m->config.aqm, domains, max_domain, "domains");
	if (!rc)
		rc = parse_domains(&m->config.adm, control_domains, max_domain, "control_domains");
	if (rc)
		ap_default_free(m);
	return rc;
}

void ap_default_free(struct ap_machine *m)
{
	unsigned int apid;

	for (apid = 0; apid < AP_IDS; apid++)
		kvfree(m->adapter[apid]);
}
