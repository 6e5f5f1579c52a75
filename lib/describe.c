// SPDX-License-Identifier: LGPL-2.1-or-later
#include "describe.h"

/* Ids that are written out; of more than that the number is given. */
#define IDS_SHOWN 16

static void append_ids(GString *s, const char *separator, const char *noun, int digits,
		       const struct ap_mask *mask)
{
	guint all = apm_mask_weight(mask), n = 0;
	unsigned int id;

	if (!all)
		return;
	g_string_append_printf(s, "%s%s", s->len ? separator : "", noun);
	apm_mask_for_each(id, mask) {
		if (n++ == IDS_SHOWN) {
			g_string_append_printf(s, " and %u more", all - IDS_SHOWN);
			return;
		}
		g_string_append_printf(s, " %0*x", digits, id);
	}
}

static char *describe_ids(const struct ap_matrix *m)
{
	GString *s = g_string_new(NULL);

	append_ids(s, ", ", "adapters", 2, &m->apm);
	append_ids(s, ", ", "domains", 4, &m->aqm);
	append_ids(s, ", ", "control domains", 4, &m->adm);
	return g_string_free(s, FALSE);
}

char *ap_describe_matrix(const struct ap_matrix *matrix)
{
	char *ids = describe_ids(matrix);

	if (*ids)
		return ids;
	g_free(ids);
	return g_strdup("nothing");
}

static struct ap_matrix andnot(const struct ap_matrix *a, const struct ap_matrix *b)
{
	return (struct ap_matrix){
		.apm = apm_mask_andnot(&a->apm, &b->apm),
		.aqm = apm_mask_andnot(&a->aqm, &b->aqm),
		.adm = apm_mask_andnot(&a->adm, &b->adm),
	};
}

char *ap_describe_difference(const struct ap_matrix *wanted, const struct ap_matrix *found)
{
	struct ap_matrix missing = andnot(wanted, found), extra = andnot(found, wanted);
	g_autofree char *less = describe_ids(&missing);
	g_autofree char *more = describe_ids(&extra);

	return g_strdup_printf("%s%s%s%s%s", *less ? "missing " : "", less,
			       *less && *more ? "; " : "", *more ? "not asked for " : "", more);
}

static void append_change(GString *s, const char *noun, int digits, const struct ap_mask *from,
			  const struct ap_mask *to)
{
	unsigned int id;
	guint n = 0;

	for (id = 0; id < AP_IDS; id++) {
		if (apm_mask_test(from, id) == apm_mask_test(to, id))
			continue;
		if (!n)
			g_string_append_printf(s, "%s%s", s->len ? ", " : "", noun);
		if (n++ < IDS_SHOWN)
			g_string_append_printf(s, " %c%0*x", apm_mask_test(to, id) ? '+' : '-',
					       digits, id);
	}
	if (n > IDS_SHOWN)
		g_string_append_printf(s, " and %u more", n - IDS_SHOWN);
}

char *ap_describe_change(const struct ap_matrix *from, const struct ap_matrix *to)
{
	GString *s = g_string_new(NULL);

	append_change(s, "adapters", 2, &from->apm, &to->apm);
	append_change(s, "domains", 4, &from->aqm, &to->aqm);
	append_change(s, "control domains", 4, &from->adm, &to->adm);
	if (!s->len)
		g_string_append(s, "nothing");
	return g_string_free(s, FALSE);
}

static struct ap_mask above(const struct ap_mask *mask, unsigned int max)
{
	struct ap_mask usable = apm_mask_upto(max);

	return apm_mask_andnot(mask, &usable);
}

char *ap_describe_overflow(const struct ap_matrix *matrix, const struct ap_limits *limits)
{
	struct ap_matrix over = {
		.apm = above(&matrix->apm, limits->apm_max),
		.aqm = above(&matrix->aqm, limits->aqm_max),
		.adm = above(&matrix->adm, limits->adm_max),
	};
	g_autofree char *ids = NULL;

	if (!apm_matrix_overflow(matrix, limits))
		return NULL;
	ids = describe_ids(&over);
	return g_strdup_printf("%s: above this host's highest numbers (adapter %02x, domain %04x)",
			       ids, limits->apm_max, limits->aqm_max);
}
