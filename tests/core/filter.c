// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * apm_filter() against a second implementation that knows only arrays of booleans and
 * follows the words of docs/matrix.md queue by queue.
 */
#include "ap_filter.h"
#include "random.h"

#define ROUNDS 100000
/* A few ids, spread over the words of a mask, so that cases collide often. */
#define SMALL 6

static const unsigned int small_ids[SMALL] = { 0, 5, 63, 64, 0x47 + 64, 255 };

struct flat {
	bool apm[AP_IDS], aqm[AP_IDS], adm[AP_IDS];
};

struct outcome {
	struct flat shadow, absent;
	bool unbound[AP_IDS], unclean_apm[AP_IDS], unclean_aqm[AP_IDS];
};

static void unpack(const struct ap_mask *m, bool *a)
{
	unsigned int id;

	for (id = 0; id < AP_IDS; id++)
		a[id] = apm_mask_test(m, id);
}

static void unpack_matrix(const struct ap_matrix *m, struct flat *f)
{
	unpack(&m->apm, f->apm);
	unpack(&m->aqm, f->aqm);
	unpack(&m->adm, f->adm);
}

/* May this queue go to the guest as far as its own state tells? */
static bool dirty(const struct ap_queues *q, unsigned int apid, unsigned int apqi)
{
	return !apm_mask_test(&q->clean[apid], apqi);
}

static void naive_absent(const struct flat *assigned, const struct flat *host, struct outcome *o)
{
	unsigned int id;

	for (id = 0; id < AP_IDS; id++) {
		o->shadow.apm[id] = assigned->apm[id] && host->apm[id];
		o->absent.apm[id] = assigned->apm[id] && !host->apm[id];
		o->shadow.aqm[id] = assigned->aqm[id] && host->aqm[id];
		o->absent.aqm[id] = assigned->aqm[id] && !host->aqm[id];
		o->shadow.adm[id] = assigned->adm[id] && host->adm[id];
		o->absent.adm[id] = assigned->adm[id] && !host->adm[id];
	}
}

static void naive_unbound(const struct ap_queues *q, struct outcome *o)
{
	unsigned int apid, apqi;

	for (apid = 0; apid < AP_IDS; apid++)
		for (apqi = 0; apqi < AP_IDS && o->shadow.apm[apid]; apqi++)
			if (o->shadow.aqm[apqi] && !apm_mask_test(&q->bound[apid], apqi)) {
				o->shadow.apm[apid] = false;
				o->unbound[apid] = true;
			}
}

/* First the domains that are new to an adapter the guest has, then the new adapters. */
static void naive_unclean(const struct ap_queues *q, const struct flat *prev, struct outcome *o)
{
	unsigned int apid, apqi;

	for (apid = 0; apid < AP_IDS; apid++) {
		if (!o->shadow.apm[apid] || !prev->apm[apid])
			continue;
		for (apqi = 0; apqi < AP_IDS; apqi++)
			if (o->shadow.aqm[apqi] && !prev->aqm[apqi] && dirty(q, apid, apqi)) {
				o->shadow.aqm[apqi] = false;
				o->unclean_aqm[apqi] = true;
			}
	}
	for (apid = 0; apid < AP_IDS; apid++) {
		if (!o->shadow.apm[apid] || prev->apm[apid])
			continue;
		for (apqi = 0; apqi < AP_IDS; apqi++)
			if (o->shadow.aqm[apqi] && dirty(q, apid, apqi)) {
				o->shadow.apm[apid] = false;
				o->unclean_apm[apid] = true;
			}
	}
}

static void naive_filter(const struct ap_matrix *assigned, const struct ap_matrix *host,
			 const struct ap_queues *q, const struct ap_matrix *prev, struct outcome *o)
{
	struct flat a, h, p;

	memset(o, 0, sizeof(*o));
	unpack_matrix(assigned, &a);
	unpack_matrix(host, &h);
	unpack_matrix(prev, &p);
	naive_absent(&a, &h, o);
	naive_unbound(q, o);
	naive_unclean(q, &p, o);
}

static void assert_mask(const char *what, const struct ap_mask *m, const bool *want)
{
	unsigned int id;

	for (id = 0; id < AP_IDS; id++)
		if (apm_mask_test(m, id) != want[id])
			g_error("%s: id %#x is %d, expected %d", what, id, apm_mask_test(m, id),
				want[id]);
}

static void assert_outcome(const struct ap_filtered *f, const struct outcome *o)
{
	assert_mask("shadow.apm", &f->shadow.apm, o->shadow.apm);
	assert_mask("shadow.aqm", &f->shadow.aqm, o->shadow.aqm);
	assert_mask("shadow.adm", &f->shadow.adm, o->shadow.adm);
	assert_mask("absent.apm", &f->absent.apm, o->absent.apm);
	assert_mask("absent.aqm", &f->absent.aqm, o->absent.aqm);
	assert_mask("absent.adm", &f->absent.adm, o->absent.adm);
	assert_mask("unbound", &f->unbound, o->unbound);
	assert_mask("unclean_apm", &f->unclean_apm, o->unclean_apm);
	assert_mask("unclean_aqm", &f->unclean_aqm, o->unclean_aqm);
}

/* Every id of @whole is in exactly one of the parts. */
static void assert_partition(const struct ap_mask *whole, const struct ap_mask *const *parts,
			     unsigned int n)
{
	unsigned int id, i, hits;

	for (id = 0; id < AP_IDS; id++) {
		for (hits = i = 0; i < n; i++)
			hits += apm_mask_test(parts[i], id);
		g_assert_cmpuint(hits, ==, apm_mask_test(whole, id));
	}
}

static void assert_partitions(const struct ap_matrix *assigned, const struct ap_filtered *f)
{
	assert_partition(&assigned->apm,
			 (const struct ap_mask *[]){ &f->shadow.apm, &f->absent.apm, &f->unbound,
						     &f->unclean_apm },
			 4);
	assert_partition(
		&assigned->aqm,
		(const struct ap_mask *[]){ &f->shadow.aqm, &f->absent.aqm, &f->unclean_aqm }, 3);
	assert_partition(&assigned->adm,
			 (const struct ap_mask *[]){ &f->shadow.adm, &f->absent.adm }, 2);
}

/* The promises of ap_filter.h for one queue of the result. */
static void assert_queue(const struct ap_queues *q, const struct ap_matrix *prev,
			 const struct ap_filtered *f, unsigned int apid, unsigned int apqi)
{
	if (!apm_matrix_has(&f->shadow, apid, apqi))
		return;
	g_assert_true(apm_mask_test(&q->bound[apid], apqi));
	g_assert_true(apm_mask_test(&q->clean[apid], apqi) || apm_matrix_has(prev, apid, apqi));
}

static void assert_promises(const struct ap_matrix *assigned, const struct ap_matrix *host,
			    const struct ap_queues *q, const struct ap_matrix *prev,
			    const struct ap_filtered *f)
{
	struct ap_matrix present = apm_matrix_and(assigned, host);
	unsigned int apid, apqi;

	apm_mask_for_each(apid, &present.apm) {
		apm_mask_for_each(apqi, &present.aqm) {
			assert_queue(q, prev, f, apid, apqi);
			if (apm_matrix_has(prev, apid, apqi) &&
			    apm_mask_subset(&present.aqm, &q->bound[apid]))
				g_assert_true(apm_matrix_has(&f->shadow, apid, apqi));
		}
	}
}

static struct ap_mask small_mask(unsigned int percent)
{
	struct ap_mask m = APM_MASK_NONE;
	unsigned int i;

	for (i = 0; i < SMALL; i++)
		if (random_below(100) < percent)
			apm_mask_set(&m, small_ids[i]);
	return m;
}

static struct ap_matrix small_matrix(unsigned int percent)
{
	return (struct ap_matrix){
		.apm = small_mask(percent),
		.aqm = small_mask(percent),
		.adm = small_mask(percent),
	};
}

static void small_queues(struct ap_queues *q)
{
	static const unsigned int percents[] = { 50, 80, 95, 100 };
	unsigned int bound = percents[random_below(4)], clean = percents[random_below(4)], i;

	for (i = 0; i < SMALL; i++) {
		struct ap_mask b = small_mask(bound), c = small_mask(clean);

		q->bound[small_ids[i]] = b;
		q->clean[small_ids[i]] = apm_mask_and(&b, &c);
	}
}

static void check(const struct ap_matrix *assigned, const struct ap_matrix *host,
		  const struct ap_queues *q, const struct ap_matrix *prev)
{
	struct ap_filtered f;
	struct outcome o;

	memset(&f, 0x5a, sizeof(f));
	apm_filter(assigned, host, q, prev, &f);
	naive_filter(assigned, host, q, prev, &o);
	assert_outcome(&f, &o);
	assert_partitions(assigned, &f);
	assert_promises(assigned, host, q, prev, &f);
}

static struct ap_queues queues;

static void test_random_small(void)
{
	struct ap_matrix assigned, host, prev;
	int i;

	random_init();
	memset(&queues, 0, sizeof(queues));
	for (i = 0; i < ROUNDS; i++) {
		assigned = small_matrix(60);
		host = small_matrix(80);
		prev = random_below(4) ? small_matrix(50) : (struct ap_matrix){ .apm = { { 0 } } };
		small_queues(&queues);
		check(&assigned, &host, &queues, &prev);
	}
}

static void test_random_large(void)
{
	struct ap_matrix assigned, host, prev;
	unsigned int id;
	int i;

	random_init();
	for (i = 0; i < 150; i++) {
		assigned = random_matrix(random_below(101));
		host = random_matrix(50 + random_below(51));
		prev = random_matrix(random_below(101));
		for (id = 0; id < AP_IDS; id++) {
			queues.bound[id] = random_below(3) ? APM_MASK_ALL : random_mask(95);
			queues.clean[id] = random_below(3) ? queues.bound[id] : random_mask(95);
			queues.clean[id] = apm_mask_and(&queues.clean[id], &queues.bound[id]);
		}
		check(&assigned, &host, &queues, &prev);
	}
}

/* What a guest was given, and keeps, never changes by filtering again. */
static void test_settles(void)
{
	struct ap_matrix assigned, host, prev;
	struct ap_filtered first, second;
	int i;

	random_init();
	memset(&queues, 0, sizeof(queues));
	for (i = 0; i < ROUNDS / 10; i++) {
		assigned = small_matrix(70);
		host = small_matrix(90);
		prev = small_matrix(50);
		small_queues(&queues);
		apm_filter(&assigned, &host, &queues, &prev, &first);
		apm_filter(&assigned, &host, &queues, &first.shadow, &second);
		g_assert_true(apm_mask_subset(&first.shadow.apm, &second.shadow.apm));
		g_assert_true(apm_mask_subset(&first.shadow.aqm, &second.shadow.aqm));
	}
}

static void all_queues(struct ap_queues *q)
{
	unsigned int id;

	for (id = 0; id < AP_IDS; id++)
		q->bound[id] = q->clean[id] = APM_MASK_ALL;
}

static const struct ap_matrix everything = { APM_MASK_ALL, APM_MASK_ALL, APM_MASK_ALL };
static const struct ap_matrix nothing;

static void test_everything(void)
{
	struct ap_filtered f;

	all_queues(&queues);
	apm_filter(&everything, &everything, &queues, &nothing, &f);
	g_assert_true(apm_matrix_equal(&f.shadow, &everything));
	apm_filter(&everything, &nothing, &queues, &everything, &f);
	g_assert_true(apm_matrix_equal(&f.shadow, &nothing));
	g_assert_true(apm_matrix_equal(&f.absent, &everything));
	apm_filter(&nothing, &everything, &queues, &everything, &f);
	g_assert_true(apm_matrix_equal(&f.shadow, &nothing));
}

static void test_one_unbound_queue(void)
{
	struct ap_filtered f;

	all_queues(&queues);
	apm_mask_clear(&queues.bound[5], 0x47);
	apm_mask_clear(&queues.clean[5], 0x47);
	apm_filter(&everything, &everything, &queues, &everything, &f);
	g_assert_false(apm_mask_test(&f.shadow.apm, 5));
	g_assert_true(apm_mask_test(&f.unbound, 5));
	g_assert_cmpuint(apm_mask_weight(&f.unbound), ==, 1);
	g_assert_true(apm_mask_equal(&f.shadow.aqm, &APM_MASK_ALL));
}

/* A queue in quarantine holds back its domain when the adapter is in use, else its adapter. */
static void test_one_unclean_queue(void)
{
	struct ap_matrix prev = everything;
	struct ap_filtered f;

	all_queues(&queues);
	apm_mask_clear(&queues.clean[5], 0x47);
	apm_filter(&everything, &everything, &queues, &everything, &f);
	g_assert_true(apm_matrix_equal(&f.shadow, &everything));

	apm_mask_clear(&prev.aqm, 0x47);
	apm_filter(&everything, &everything, &queues, &prev, &f);
	g_assert_true(apm_mask_equal(&f.shadow.apm, &APM_MASK_ALL));
	g_assert_true(apm_mask_equal(&f.shadow.aqm, &prev.aqm));
	g_assert_true(apm_mask_test(&f.unclean_aqm, 0x47));

	prev = everything;
	apm_mask_clear(&prev.apm, 5);
	apm_filter(&everything, &everything, &queues, &prev, &f);
	g_assert_true(apm_mask_equal(&f.shadow.apm, &prev.apm));
	g_assert_true(apm_mask_equal(&f.shadow.aqm, &APM_MASK_ALL));
	g_assert_true(apm_mask_test(&f.unclean_apm, 5));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/filter/everything", test_everything);
	g_test_add_func("/filter/one-unbound-queue", test_one_unbound_queue);
	g_test_add_func("/filter/one-unclean-queue", test_one_unclean_queue);
	g_test_add_func("/filter/random-small", test_random_small);
	g_test_add_func("/filter/random-large", test_random_large);
	g_test_add_func("/filter/settles", test_settles);
	return g_test_run();
}
