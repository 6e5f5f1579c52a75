// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Commits that guests see, and resets, of one write each.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include "bench.h"

static long long step_commits(long long *before)
{
	long long now = counter("commits"), n = now - *before;

	*before = now;
	return n;
}

#define RAISE(max, value)               \
	do {                            \
		long long v_ = (value); \
		if (v_ > (max))         \
			(max) = v_;     \
	} while (0)

/* Ids of which some are not in the host's configuration; 03.0003 stays all the time. */
static void mutate(struct ap_matrix *m)
{
	unsigned int k;

	for (k = 0; k < 4; k++) {
		apm_mask_assign(&m->apm, (unsigned int)rand() % (ADAPTERS + 4), rand() & 1);
		apm_mask_assign(&m->aqm, (unsigned int)rand() % (DOMAINS + 20), rand() & 1);
		apm_mask_assign(&m->adm, (unsigned int)rand() % (DOMAINS + 20), rand() & 1);
	}
	apm_mask_set(&m->apm, 3);
	apm_mask_set(&m->aqm, 3);
}

static struct ap_matrix effective(const struct ap_matrix *m)
{
	struct ap_matrix host = block(0, ADAPTERS, 0, DOMAINS);

	host.adm = host.aqm;
	return apm_matrix_and(m, &host);
}

/* Waits until what a guest lost is clean again: device 2, which nobody has open, gets it. */
static void drain(const struct ap_matrix *old, const struct ap_matrix *new)
{
	const struct ap_matrix none = APM_MATRIX_NONE, had = effective(old);
	struct ap_matrix lost = had;

	lost.apm = apm_mask_andnot(&had.apm, &new->apm);
	assign(2, &lost);
	settle(2);
	lost.apm = had.apm;
	lost.aqm = apm_mask_andnot(&had.aqm, &new->aqm);
	assign(2, &lost);
	settle(2);
	assign(2, &none);
}

/* @changing_min, @changing, @noop: commits of a write; @noops: writes that changed nothing effective */
struct write_counts {
	long long changing_min, changing, noop, all;
	long resets, noops;
};

static void count_write(struct write_counts *c, const struct ap_matrix *from,
			const struct ap_matrix *to)
{
	struct ap_matrix before = effective(from), after = effective(to);
	long long at = counter("commits"), n;

	assign(1, to);
	settle_to(1, &after);
	n = step_commits(&at);
	c->all += n;
	if (apm_matrix_equal(&before, &after)) {
		c->noops++;
		RAISE(c->noop, n);
		return;
	}
	RAISE(c->changing, n);
	if (n < c->changing_min)
		c->changing_min = n;
}

/*
 * Random mixtures of adds and removes on a running guest, then the same again, and another of which only
 * what the host does not have is different. What comes is clean soon: nothing of it left this guest just
 * before.
 */
static void count_writes(unsigned int rounds, struct write_counts *c)
{
	struct guest g = start_guest(1);
	struct ap_matrix m = block(3, 1, 3, 1), old, staying;
	long long at;
	unsigned int i;
	long before;

	assign(1, &m);
	settle(1);
	at = guest_commits(1);
	for (i = 0; i < rounds; i++) {
		old = m;
		mutate(&m);
		staying = apm_matrix_and(&old, &m);
		before = resets_of(&staying);
		count_write(c, &old, &m);
		count_write(c, &m, &m);
		c->resets += resets_of(&staying) - before;
		drain(&old, &m);
		old = m;
		apm_mask_assign(&m.apm, ADAPTERS + 5, i & 1);
		apm_mask_assign(&m.aqm, DOMAINS + 30, i & 2);
		apm_mask_assign(&m.adm, DOMAINS + 30, i & 4);
		count_write(c, &old, &m);
	}
	if (guest_commits(1) - at != c->all)
		die("the guest saw %lld commits, its writes caused %lld", guest_commits(1) - at,
		    c->all);
	end_guest(&g);
}

/* The same with newcomers that left this guest just before: what it loses goes, what it gains is reset first. */
static void count_unclean_writes(unsigned int rounds, struct write_counts *c)
{
	const struct ap_matrix a = block(0, 4, 0, 16), b = block(2, 4, 0, 16);
	struct guest g = start_guest(1);
	unsigned int i;

	assign(1, &a);
	settle(1);
	for (i = 0; i < rounds; i++) {
		assign(1, &b);
		count_write(c, &b, &a);
	}
	end_guest(&g);
}

/* Queues move from one running guest to another, and are swapped between them. */
static void count_commits(unsigned int rounds, long long *move, long long *swap)
{
	const struct ap_matrix a = block(0, 4, 0, 8), b = block(4, 4, 0, 8);
	const struct ap_matrix more = block(0, 8, 0, 8), none = block(0, 0, 0, 0);
	struct guest g1, g2;
	long long at1, at2;
	unsigned int i;

	assign(1, &none);
	g1 = start_guest(1);
	g2 = start_guest(2);
	for (i = 0; i < rounds; i++) {
		assign(1, &a);
		assign(2, &b);
		settle(1);
		settle(2);
		at1 = guest_commits(1);
		at2 = guest_commits(2);
		stage(1, &none);
		stage(2, &more);
		must(MATRIX "/commit", "all\n");
		settle(2);
		RAISE(*move, guest_commits(1) - at1);
		RAISE(*move, guest_commits(2) - at2);
		assign(2, &b);
		assign(1, &a);
		settle(1);
		settle(2);
		at1 = guest_commits(1);
		at2 = guest_commits(2);
		stage(1, &b);
		stage(2, &a);
		must(MATRIX "/commit", "all\n");
		settle(1);
		settle(2);
		RAISE(*swap, guest_commits(1) - at1);
		RAISE(*swap, guest_commits(2) - at2);
		assign(1, &none);
		assign(2, &none);
	}
	end_guest(&g1);
	end_guest(&g2);
}

void run_counts(void)
{
	struct write_counts c = { .changing_min = LLONG_MAX },
			    unclean = { .changing_min = LLONG_MAX };
	long long move = 0, swap = 0;

	create(1);
	create(2);
	count_writes(100, &c);
	count_unclean_writes(20, &unclean);
	count_commits(20, &move, &swap);
	printf("\"commits_per_changing_write_min\": %lld, \"commits_per_changing_write_max\": %lld, "
	       "\"commits_per_noop_write_max\": %lld, \"noop_writes\": %ld, "
	       "\"commits_per_write_with_unclean_newcomers_max\": %lld, "
	       "\"resets_of_staying_queues\": %ld, \"move_commits_max\": %lld, "
	       "\"swap_commits_max\": %lld, \"invariant_breaches\": %lld",
	       c.changing_min, c.changing, c.noop, c.noops, unclean.changing, c.resets, move, swap,
	       counter("breaches"));
	destroy(1);
	destroy(2);
}
