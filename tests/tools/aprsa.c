// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * RSA on a queue of an accelerator, compared with what libcrypto computes for the same key:
 * modular exponentiation (message types MEB) and Chinese remainder (CRB).
 *
 * usage: aprsa UUID QUEUE COUNT BITS…
 *
 * For each key: COUNT random messages; 0, 1 and n - 1; n, which has to be refused.
 *
 * Layout: Linux, drivers/s390/crypto/zcrypt_msgtype50.c.
 */
#include <openssl/bn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "guest.h"

struct key {
	BIGNUM *p, *q, *n, *e, *d, *dp, *dq, *u;
};

static int device;
static unsigned int queue;
static BN_CTX *ctx;

static void check(int ok)
{
	if (!ok) {
		fprintf(stderr, "aprsa: libcrypto failed\n");
		exit(2);
	}
}

static void derive(struct key *k)
{
	BIGNUM *p1 = BN_dup(k->p), *q1 = BN_dup(k->q), *phi = BN_new();

	check(BN_mul(k->n, k->p, k->q, ctx) && BN_sub_word(p1, 1) && BN_sub_word(q1, 1) &&
	      BN_mul(phi, p1, q1, ctx) && BN_mod_inverse(k->d, k->e, phi, ctx) &&
	      BN_mod(k->dp, k->d, p1, ctx) && BN_mod(k->dq, k->d, q1, ctx) &&
	      BN_mod_inverse(k->u, k->q, k->p, ctx));
	BN_free(p1);
	BN_free(q1);
	BN_free(phi);
}

/* Primes p > q, as CRT keys of these cards have them */
static void make_key(struct key *k, int bits)
{
	BIGNUM **all[] = { &k->p, &k->q, &k->n, &k->e, &k->d, &k->dp, &k->dq, &k->u };
	BIGNUM *gcd = BN_new(), *swap;
	unsigned int i;

	for (i = 0; i < 8; i++)
		*all[i] = BN_new();
	check(BN_set_word(k->e, 65537));
	do {
		check(BN_generate_prime_ex(k->p, bits / 2, 0, NULL, NULL, NULL) &&
		      BN_generate_prime_ex(k->q, bits - bits / 2, 0, NULL, NULL, NULL));
		if (BN_cmp(k->p, k->q) < 0) {
			swap = k->p;
			k->p = k->q;
			k->q = swap;
		}
		check(BN_mul(k->n, k->p, k->q, ctx) && BN_mod(gcd, k->p, k->e, ctx));
	} while (BN_num_bits(k->n) != bits || BN_is_one(gcd) || !BN_cmp(k->p, k->q));
	derive(k);
	BN_free(gcd);
}

static void free_key(struct key *k)
{
	BIGNUM *all[] = { k->p, k->q, k->n, k->e, k->d, k->dp, k->dq, k->u };
	unsigned int i;

	for (i = 0; i < 8; i++)
		BN_free(all[i]);
}

static unsigned int field_of(int bits)
{
	return bits <= 1024 ? 128 : bits <= 2048 ? 256 : 512;
}

static unsigned char *header(unsigned char *m, unsigned int len, unsigned int block)
{
	memset(m, 0, 16);
	m[1] = 0x50;
	m[2] = (unsigned char)(len >> 8);
	m[3] = (unsigned char)len;
	m[9] = (unsigned char)block;
	return m + 16;
}

static unsigned char *put(unsigned char *at, const BIGNUM *v, unsigned int len)
{
	check(BN_bn2binpad(v, at, (int)len) == (int)len);
	return at + len;
}

/* Sends a request; true when the reply is exactly right. */
static int ask(const unsigned char *m, unsigned int len, unsigned int field, const BIGNUM *expected)
{
	unsigned char got[16384], want[512];
	struct vfio_ap_insn a;

	put(want, expected, field);
	if (guest_nqap(device, queue, 1, m, len, &a) < 0 || a.cc ||
	    guest_fetch(device, queue, got, sizeof(got), &a) < 0 || a.cc)
		return 0;
	return a.len == 16 + field && got[1] == 0x80 && (got[2] << 8 | got[3]) == (int)a.len &&
	       !memcmp(got + 16, want, field);
}

/* Sends a request; true when it is refused as an operand that is too large. */
static int ask_refused(const unsigned char *m, unsigned int len)
{
	unsigned char got[16384];
	struct vfio_ap_insn a;

	if (guest_nqap(device, queue, 1, m, len, &a) < 0 || a.cc ||
	    guest_fetch(device, queue, got, sizeof(got), &a) < 0 || a.cc)
		return 0;
	return a.len == 8 && got[1] == 0x88 && got[4] == 0x84;
}

/* @expected: NULL when it is to be refused */
static int modexp(const struct key *k, const BIGNUM *in, const BIGNUM *exponent, unsigned int field,
		  const BIGNUM *expected)
{
	unsigned char m[16 + 3 * 512];
	unsigned int len = 16 + 3 * field;

	put(put(put(header(m, len, field / 128 - field / 512), exponent, field), k->n, field), in,
	    field);
	return expected ? ask(m, len, field, expected) : ask_refused(m, len);
}

static int crt(const struct key *k, const BIGNUM *in, unsigned int field, const BIGNUM *expected)
{
	const BIGNUM *parts[] = { k->p, k->q, k->dp, k->dq, k->u };
	unsigned char m[16 + 5 * 256 + 512], *at;
	unsigned int i, len = 16 + 5 * field / 2 + field;

	at = header(m, len, 0x10 | (field / 128 - field / 512));
	for (i = 0; i < 5; i++)
		at = put(at, parts[i], field / 2);
	put(at, in, field);
	return expected ? ask(m, len, field, expected) : ask_refused(m, len);
}

/* Three requests for one message */
static int try_message(const struct key *k, const BIGNUM *in, unsigned int field)
{
	BIGNUM *public = BN_new(), *private = BN_new();
	int right;

	check(BN_mod_exp(public, in, k->e, k->n, ctx) && BN_mod_exp(private, in, k->d, k->n, ctx));
	right = modexp(k, in, k->e, field, public);
	right += modexp(k, in, k->d, field, private);
	right += crt(k, in, field, private);
	BN_free(public);
	BN_free(private);
	return right;
}

static int try_edges(const struct key *k, unsigned int field)
{
	BIGNUM *in = BN_new();
	int right;

	BN_zero(in);
	right = try_message(k, in, field);
	check(BN_one(in));
	right += try_message(k, in, field);
	check(BN_copy(in, k->n) && BN_sub_word(in, 1));
	right += try_message(k, in, field);
	right += modexp(k, k->n, k->e, field, NULL);
	right += crt(k, k->n, field, NULL);
	BN_free(in);
	return right;
}

static int try_key(int bits, int count)
{
	unsigned int field = field_of(bits);
	int i, right, all = 3 * count + 11;
	BIGNUM *in = BN_new();
	struct key k;

	make_key(&k, bits);
	right = try_edges(&k, field);
	for (i = 0; i < count; i++) {
		check(BN_rand_range(in, k.n));
		right += try_message(&k, in, field);
	}
	printf("%d bits: %d of %d right\n", bits, right, all);
	free_key(&k);
	BN_free(in);
	return right == all;
}

int main(int argc, char **argv)
{
	unsigned int apid, apqi;
	int i, ok = 1;

	setlinebuf(stdout);
	if (argc < 5 || sscanf(argv[2], "%2x.%4x", &apid, &apqi) != 2)
		return 2;
	queue = apid << 8 | apqi;
	device = guest_open(argv[1]);
	if (device < 0) {
		perror("aprsa: open");
		return 1;
	}
	ctx = BN_CTX_new();
	for (i = 4; i < argc; i++)
		ok &= try_key(atoi(argv[i]), atoi(argv[3]));
	BN_CTX_free(ctx);
	return !ok;
}
