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
MODULE_PARM_DESC(adapters, "adapters: ID:TYPE,... with TYPE CEX3 to CEX8 and A, C or P "
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

static int add_adapter(struct ap_profile *p, char *item)
{
	char *type = strchr(item, ':');
	unsigned int apid;

	if (type)
		*type++ = '\0';
	if (!type || apm_text_id(item, p->max.apm_max, &apid))
		return bad("adapters=: \"%s\" is not ID:TYPE with an ID up to %u", item,
			   p->max.apm_max);
	if (apm_mask_test(&p->config.apm, apid))
		return bad("adapters=: adapter %02x is given twice", apid);
	if (ap_profile_model(type, &p->card[apid]))
		return bad(
			"adapters=: \"%s\" is not a type: CEX3 to CEX8, then A, C or (not CEX3) P",
			type);
	p->card[apid].depth = AP_DEPTH_DEFAULT;
	apm_mask_set(&p->config.apm, apid);
	return 0;
}

static int parse_adapters(struct ap_profile *p)
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
		rc = add_adapter(p, item);
	return rc;
}

static int parse_domains(struct ap_mask *set, const char *list, const char *param)
{
	if (ap_profile_list(list, max_domain, set))
		return bad("%s=: \"%s\" is not a list of ID or FROM-TO up to %u", param, list,
			   max_domain);
	return 0;
}

/**
 * ap_default_build() - make the machine that the module parameters describe
 * @p: set to it
 *
 * Return: 0; -EINVAL with a message that names the parameter; -ENOMEM.
 */
int ap_default_build(struct ap_profile *p)
{
	int rc;

	if (max_adapter > AP_ID_MAX || max_domain > AP_ID_MAX)
		return bad("max_adapter= and max_domain= are at most %u", AP_ID_MAX);
	p->max = (struct ap_limits){ max_adapter, max_domain, max_domain };
	p->reset_ms = reset_ms;
	rc = parse_adapters(p);
	if (!rc)
		rc = parse_domains(&p->config.aqm, domains, "domains");
	return rc ?: parse_domains(&p->config.adm, control_domains, "control_domains");
}
