// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * RSA in a guest, by zcrypt's own interface (Linux, arch/s390/include/uapi/asm/zcrypt.h).
 *
 *	apguest sign TEXT		the signature of TEXT (up to 100 bytes), in hexadecimal
 *	apguest rsa COUNT [SECONDS]	COUNT operations, each answer checked; errors that zcrypt
 *					reports are tried again, for SECONDS (10) at most
 */
#include <asm/zcrypt.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "key.h"

#define WORDS (KEY_BYTES / 8)

struct number {
	uint64_t w[WORDS]; /* least significant first */
};

static int device;

static struct number load(const uint8_t *bytes)
{
	struct number n;
	int i, j;

	for (i = 0; i < WORDS; i++)
		for (n.w[i] = 0, j = 0; j < 8; j++)
			n.w[i] = n.w[i] << 8 | bytes[KEY_BYTES - 8 * (i + 1) + j];
	return n;
}

static int less(const struct number *a, const struct number *b)
{
	int i;

	for (i = WORDS - 1; i >= 0; i--)
		if (a->w[i] != b->w[i])
			return a->w[i] < b->w[i];
	return 0;
}

static void subtract(struct number *a, const struct number *b)
{
	unsigned __int128 borrow = 0, t;
	int i;

	for (i = 0; i < WORDS; i++) {
		t = (unsigned __int128)a->w[i] - b->w[i] - borrow;
		a->w[i] = t;
		borrow = t >> 64 & 1;
	}
}

/* a = 2a mod n */
static void twice(struct number *a, const struct number *n)
{
	uint64_t carry = 0, next;
	int i;

	for (i = 0; i < WORDS; i++) {
		next = a->w[i] >> 63;
		a->w[i] = a->w[i] << 1 | carry;
		carry = next;
	}
	if (carry || !less(a, n))
		subtract(a, n);
}

/* -1/n mod 2^64, by Newton */
static uint64_t inverse(const struct number *n)
{
	uint64_t x = 1;
	int i;

	for (i = 0; i < 6; i++)
		x *= 2 - n->w[0] * x;
	return -x;
}

/* Montgomery: a * b / 2^1024 mod n */
static struct number multiply(const struct number *a, const struct number *b,
			      const struct number *n, uint64_t inv)
{
	uint64_t t[WORDS + 2] = { 0 }, m;
	unsigned __int128 c;
	struct number r;
	int i, j;

	for (i = 0; i < WORDS; i++) {
		for (c = 0, j = 0; j < WORDS; j++) {
			c += (unsigned __int128)a->w[j] * b->w[i] + t[j];
			t[j] = c;
			c >>= 64;
		}
		c += t[WORDS];
		t[WORDS] = c;
		t[WORDS + 1] = c >> 64;
		m = t[0] * inv;
		c = (unsigned __int128)m * n->w[0] + t[0];
		for (c >>= 64, j = 1; j < WORDS; j++) {
			c += (unsigned __int128)m * n->w[j] + t[j];
			t[j - 1] = c;
			c >>= 64;
		}
		c += t[WORDS];
		t[WORDS - 1] = c;
		t[WORDS] = t[WORDS + 1] + (uint64_t)(c >> 64);
	}
	memcpy(r.w, t, sizeof(r.w));
	if (t[WORDS] || !less(&r, n))
		subtract(&r, n);
	return r;
}

/* Is signature ^ 3 = message mod n? */
static int is_right(const uint8_t *signature, const uint8_t *message)
{
	struct number n = load(key_n), s = load(signature), want = load(message), t = s;
	uint64_t inv = inverse(&n);
	int i;

	if (!less(&s, &n))
		return 0;
	/* The factors 1 / 2^1024 of the two products are made up for beforehand. */
	for (i = 0; i < 2 * KEY_BYTES * 8; i++)
		twice(&t, &n);
	t = multiply(&t, &s, &n, inv);
	t = multiply(&t, &s, &n, inv);
	return !memcmp(&t, &want, sizeof(want));
}

static int modexpo(const uint8_t *in, uint8_t *out)
{
	struct ica_rsa_modexpo mex = {
		.inputdata = (uint8_t *)in,
		.inputdatalength = KEY_BYTES,
		.outputdata = out,
		.outputdatalength = KEY_BYTES,
		.b_key = (uint8_t *)key_d,
		.n_modulus = (uint8_t *)key_n,
	};

	return ioctl(device, ICARSAMODEXPO, &mex) ? errno : 0;
}

/* Right-justified, with the 8 more bytes that zcrypt's interface has for bp_key, np_prime and u_mult_inv */
static void put_long(uint8_t *to, const uint8_t *from)
{
	memset(to, 0, 8);
	memcpy(to + 8, from, KEY_BYTES / 2);
}

static int crt(const uint8_t *in, uint8_t *out)
{
	uint8_t dp[KEY_BYTES / 2 + 8], p[KEY_BYTES / 2 + 8], u[KEY_BYTES / 2 + 8];
	struct ica_rsa_modexpo_crt c = {
		.inputdata = (uint8_t *)in,
		.inputdatalength = KEY_BYTES,
		.outputdata = out,
		.outputdatalength = KEY_BYTES,
		.bp_key = dp,
		.bq_key = (uint8_t *)key_dq,
		.np_prime = p,
		.nq_prime = (uint8_t *)key_q,
		.u_mult_inv = u,
	};

	put_long(dp, key_dp);
	put_long(p, key_p);
	put_long(u, key_u);
	return ioctl(device, ICARSACRT, &c) ? errno : 0;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void fill(uint8_t *message)
{
	static uint64_t state = 0x9e3779b97f4a7c15;
	int i;

	message[0] = 0;
	for (i = 1; i < KEY_BYTES; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		message[i] = state >> 24;
	}
}

/* One operation, again as long as it is refused: 0; or the last error */
static int insist(const uint8_t *message, uint8_t *out, int by_crt, unsigned long *refused,
		  double seconds)
{
	double end = now() + seconds;
	int rc;

	for (;;) {
		rc = by_crt ? crt(message, out) : modexpo(message, out);
		if (!rc || now() > end)
			return rc;
		++*refused;
		usleep(2000);
	}
}

static int rsa(unsigned long count, double seconds)
{
	unsigned long i, refused = 0, wrong = 0, right = 0;
	uint8_t message[KEY_BYTES], out[KEY_BYTES];
	int rc = 0;

	for (i = 0; i < count; i++) {
		fill(message);
		memset(out, 0, sizeof(out));
		rc = insist(message, out, i & 1, &refused, seconds);
		if (rc)
			break;
		if (is_right(out, message))
			right++;
		else
			wrong++;
	}
	printf("right %lu wrong %lu refused %lu%s%s\n", right, wrong, refused,
	       rc ? " ended by " : "", rc ? strerror(rc) : "");
	return rc || wrong ? 1 : 0;
}

/* PKCS #1 v1.5, type 1, of the text itself */
static int sign(const char *text)
{
	uint8_t message[KEY_BYTES], out[KEY_BYTES];
	size_t len = strlen(text), i;
	int rc;

	if (len > 100) {
		fprintf(stderr, "apguest: more than 100 bytes\n");
		return 1;
	}
	memset(message, 0xff, sizeof(message));
	message[0] = 0;
	message[1] = 1;
	message[KEY_BYTES - len - 1] = 0;
	memcpy(message + KEY_BYTES - len, text, len);
	rc = modexpo(message, out);
	if (rc) {
		fprintf(stderr, "apguest: %s\n", strerror(rc));
		return 1;
	}
	for (i = 0; i < sizeof(out); i++)
		printf("%02x", out[i]);
	printf("\n");
	return 0;
}

int main(int argc, char **argv)
{
	device = open("/dev/z90crypt", O_RDWR);
	if (device < 0) {
		fprintf(stderr, "apguest: /dev/z90crypt: %s\n", strerror(errno));
		return 1;
	}
	if (argc == 3 && !strcmp(argv[1], "sign"))
		return sign(argv[2]);
	if (argc >= 3 && !strcmp(argv[1], "rsa"))
		return rsa(strtoul(argv[2], NULL, 0), argc > 3 ? strtod(argv[3], NULL) : 10);
	fprintf(stderr, "usage: apguest sign TEXT | rsa COUNT [SECONDS]\n");
	return 1;
}
