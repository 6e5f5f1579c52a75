// SPDX-License-Identifier: LGPL-2.1-or-later
#include "matrixxml.h"

#include "ids.h"

/* Missing queues that are written out; of more than that the number is given. */
#define QUEUES_SHOWN 16

const char *const ap_matrix_elements[] = { "adapter", "domain", "control-domain", "apqn", NULL };

/* The product, and the queues that are listed one by one, by adapter. */
struct reader {
	struct ap_matrix *matrix;
	struct ap_mask listed[AP_IDS];
	struct ap_matrix listed_ids;
};

static gboolean read_apqn(struct reader *r, const xmlNode *node, const char *id, GError **error)
{
	unsigned int apid, apqi;

	if (!ap_apqn_parse(id, &apid, &apqi, error))
		return ap_xml_prefix(error, node);
	apm_mask_set(&r->listed[apid], apqi);
	apm_mask_set(&r->listed_ids.apm, apid);
	apm_mask_set(&r->listed_ids.aqm, apqi);
	return TRUE;
}

static gboolean read_domain(struct reader *r, const xmlNode *node, const char *id, GError **error)
{
	struct ap_mask ids = APM_MASK_NONE;
	gboolean control;

	if (!ap_xml_get_choice(node, "control", "yes", "no", FALSE, &control, error))
		return FALSE;
	if (!ap_ids_parse(id, &ids, error))
		return ap_xml_prefix(error, node);
	r->matrix->aqm = apm_mask_or(&r->matrix->aqm, &ids);
	if (control)
		r->matrix->adm = apm_mask_or(&r->matrix->adm, &ids);
	return TRUE;
}

static gboolean read_ids(struct ap_mask *mask, const xmlNode *node, const char *id, GError **error)
{
	return ap_ids_parse(id, mask, error) || ap_xml_prefix(error, node);
}

static gboolean read_element(struct reader *r, const xmlNode *node, GError **error)
{
	static const char *const plain[] = { "id", NULL };
	static const char *const domain[] = { "id", "control", NULL };
	static const char *const empty[] = { NULL };
	gboolean is_domain = ap_xml_is(node, "domain");
	g_autofree char *id = NULL;

	if (!ap_xml_check(node, is_domain ? domain : plain, empty, error))
		return FALSE;
	id = ap_xml_need(node, "id", error);
	if (!id)
		return FALSE;
	if (is_domain)
		return read_domain(r, node, id, error);
	if (ap_xml_is(node, "apqn"))
		return read_apqn(r, node, id, error);
	if (ap_xml_is(node, "adapter"))
		return read_ids(&r->matrix->apm, node, id, error);
	return read_ids(&r->matrix->adm, node, id, error);
}

/* The queues of the whole product that nobody asked for; their number. */
static guint find_missing(const struct reader *r, const struct ap_matrix *product, GString *s)
{
	unsigned int apid, apqi;
	struct ap_mask left;
	guint n = 0;

	apm_mask_for_each(apid, &product->apm) {
		left = apm_matrix_left(product, r->matrix, apid);
		left = apm_mask_andnot(&left, &r->listed[apid]);
		apm_mask_for_each(apqi, &left)
			if (n++ < QUEUES_SHOWN)
				g_string_append_printf(s, " %02x.%04x", apid, apqi);
	}
	if (n > QUEUES_SHOWN)
		g_string_append_printf(s, " and %u more", n - QUEUES_SHOWN);
	return n;
}

/* A guest can have full products only: a list of queues must be one. */
static gboolean add_listed(struct reader *r, const xmlNode *node, GError **error)
{
	g_autoptr(GString) missing = g_string_new(NULL);
	struct ap_matrix product = *r->matrix;

	if (apm_mask_empty(&r->listed_ids.apm))
		return TRUE;
	product.apm = apm_mask_or(&product.apm, &r->listed_ids.apm);
	product.aqm = apm_mask_or(&product.aqm, &r->listed_ids.aqm);
	if (find_missing(r, &product, missing))
		return ap_xml_fail(error, node,
				   "the queues are not every adapter with every domain, as a "
				   "matrix must be; missing:%s",
				   missing->str);
	*r->matrix = product;
	return TRUE;
}

gboolean ap_matrix_read_xml(const xmlNode *node, struct ap_matrix *matrix, GError **error)
{
	g_autofree struct reader *r = g_new0(struct reader, 1);
	const xmlNode *child;

	*matrix = (struct ap_matrix){ .apm = APM_MASK_NONE };
	r->matrix = matrix;
	for (child = ap_xml_first(node); child; child = ap_xml_next(child))
		if (!read_element(r, child, error))
			return FALSE;
	if (!add_listed(r, node, error))
		return FALSE;
	if (!apm_mask_empty(&matrix->adm) && apm_mask_empty(&matrix->aqm))
		return ap_xml_fail(error, node,
				   "control domains need a usage domain to be controlled through; "
				   "add <ap:domain id='…'/>");
	return TRUE;
}

static void append(GString *s, int indent, const char *name, int digits, const struct ap_mask *ids,
		   const char *rest)
{
	g_autofree char *text = ap_ids_to_text(ids, digits);
	g_auto(GStrv) items = g_strsplit(text, ",", -1);
	guint i;

	for (i = 0; items[i] && *items[i]; i++)
		g_string_append_printf(s, "%*s<ap:%s id='%s'%s/>\n", indent, "", name, items[i],
				       rest);
}

void ap_matrix_append_xml(GString *s, int indent, const struct ap_matrix *matrix)
{
	struct ap_mask both = apm_mask_and(&matrix->aqm, &matrix->adm);
	struct ap_mask usage = apm_mask_andnot(&matrix->aqm, &both);
	struct ap_mask control = apm_mask_andnot(&matrix->adm, &both);

	append(s, indent, "adapter", 2, &matrix->apm, "");
	append(s, indent, "domain", 4, &usage, "");
	append(s, indent, "domain", 4, &both, " control='yes'");
	append(s, indent, "control-domain", 4, &control, "");
}
