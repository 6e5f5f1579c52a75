// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the firmware of an adapter answers.
 *
 * Source of the layouts: Linux, drivers/s390/crypto/zcrypt_msgtype50.c (type 50 and 80),
 * zcrypt_msgtype6.h (type 6 and 86), zcrypt_error.h (type 82 and 88), and
 * arch/s390/include/uapi/asm/zcrypt.h (CPRBX). All numbers are big-endian.
 */
#include "ap_message.h"

#define TYPE50_HEADER 16
#define TYPE80_HEADER 16
#define TYPE80_MAX (TYPE80_HEADER + 512)
#define ERROR_HEADER 8

/* Reply codes; Linux answers the caller with EINVAL to these and keeps the queue online. */
#define MALFORMED_88 0x22
#define MALFORMED_82 0x40
#define OPERAND 0x84
#define EVEN_MODULUS 0x85
/* Linux tries again elsewhere. */
#define MACHINE_FAILURE 0x10

#define TYPE6_HEADER 88
#define CPRBX 220
#define RNG_PARM 16
#define RNG_REQUEST AP_RANDOM_REQUEST /* TYPE6_HEADER + CPRBX + RNG_PARM */
#define TYPE86_HEADER 48
#define RNG_REPLY_PARM 6
#define RNG_DATA (TYPE86_HEADER + CPRBX + RNG_REPLY_PARM + 2)
#define RNG_MAX 8192

static __u16 get_be16(const __u8 *p)
{
	return p[0] << 8 | p[1];
}

static __u32 get_be32(const __u8 *p)
{
	return (__u32)get_be16(p) << 16 | get_be16(p + 2);
}

static void put_be16(__u8 *p, __u16 v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static void put_be32(__u8 *p, __u32 v)
{
	put_be16(p, v >> 16);
	put_be16(p + 2, v);
}

static void error(struct ap_message *msg, __u8 type, __u8 code)
{
	memset(msg->reply, 0, ERROR_HEADER);
	msg->reply[1] = type;
	msg->reply[4] = code;
	msg->reply_len = ERROR_HEADER;
}

static void arithmetic_error(struct ap_message *msg, int rc)
{
	error(msg, 0x88, rc == -ENOMEM ? MACHINE_FAILURE : OPERAND);
}

/**
 * ap_message_room() - how long a reply to a request can be
 * @request: the request
 * @len: its length
 *
 * Return: bytes that the reply's buffer must have.
 */
unsigned int ap_message_room(const __u8 *request, unsigned int len)
{
	return len >= RNG_REQUEST && request[1] == 0x06 ? AP_REPLY_MAX : TYPE80_MAX;
}

static void answer_modexp(struct ap_message *msg, const struct ap_firmware *fw, unsigned int size)
{
	const __u8 *field = msg->request + TYPE50_HEADER;
	struct ap_number e = { field, size };
	struct ap_number n = { field + size, size };
	struct ap_number in = { field + 2 * size, size };
	int rc;

	if (!(n.data[size - 1] & 1)) {
		error(msg, 0x88, EVEN_MODULUS);
		return;
	}
	if (memcmp(in.data, n.data, size) >= 0) {
		error(msg, 0x88, OPERAND);
		return;
	}
	rc = fw->modexp(msg->reply + TYPE80_HEADER, size, &in, &e, &n);
	if (rc)
		arithmetic_error(msg, rc);
}

static void answer_crt(struct ap_message *msg, const struct ap_firmware *fw, unsigned int size)
{
	const __u8 *field = msg->request + TYPE50_HEADER;
	struct ap_number key[5], in;
	unsigned int half = size / 2;
	int i, rc;

	for (i = 0; i < 5; i++)
		key[i] = (struct ap_number){ field + i * half, half };
	in = (struct ap_number){ field + 5 * half, size };
	if (!(key[0].data[half - 1] & 1) || !(key[1].data[half - 1] & 1)) {
		error(msg, 0x88, EVEN_MODULUS);
		return;
	}
	rc = fw->crt(msg->reply + TYPE80_HEADER, size, &in, key);
	if (rc)
		arithmetic_error(msg, rc);
}

/* Length of the modulus for a key block type, 0 for an unknown one. */
static unsigned int modulus_size(__u16 block)
{
	unsigned int n = block & 0xf;

	return (block & ~0x13) || !n || n > 3 ? 0 : 64U << n;
}

/* Type 50: RSA with the key in clear. The reply is as long as the modulus' field. */
static void answer_accel(struct ap_message *msg, const struct ap_firmware *fw)
{
	unsigned int len = msg->request_len, size = 0;
	__u16 block = 0;
	bool crt;

	if (len >= TYPE50_HEADER && msg->request[1] == 0x50) {
		block = get_be16(msg->request + 8);
		size = modulus_size(block);
	}
	crt = block & 0x10;
	if (!size || get_be16(msg->request + 2) != len ||
	    len != TYPE50_HEADER + (crt ? 5 * size / 2 + size : 3 * size)) {
		error(msg, 0x88, MALFORMED_88);
		return;
	}
	memset(msg->reply, 0, TYPE80_HEADER);
	msg->reply[1] = 0x80;
	put_be16(msg->reply + 2, TYPE80_HEADER + size);
	msg->reply_len = TYPE80_HEADER + size;
	if (crt)
		answer_crt(msg, fw, size);
	else
		answer_modexp(msg, fw, size);
}

/**
 * ap_message_random() - CCA's request for random numbers, as Linux makes it
 * @request: AP_RANDOM_REQUEST zero bytes; becomes it
 * @apqi: domain
 * @n: how many bytes of random numbers
 */
void ap_message_random(__u8 *request, unsigned int apqi, unsigned int n)
{
	__u8 *c = request + TYPE6_HEADER;

	request[1] = 0x06;
	put_be32(request + 16, TYPE6_HEADER);
	memcpy(request + 32, "CA", 2);
	memcpy(request + 52, "RL", 2);
	put_be32(request + 56, CPRBX + RNG_PARM);
	put_be32(request + 72, CPRBX + RNG_PARM);
	put_be32(request + 76, n);
	put_be16(c, CPRBX);
	c[2] = 0x02;
	memcpy(c + 6, "T2", 2);
	put_be32(c + 12, RNG_PARM);
	put_be32(c + 20, CPRBX + RNG_PARM);
	put_be32(c + 28, n);
	put_be16(c + 170, apqi);
	memcpy(c + CPRBX, "RL\0\12RANDOM  \0\2\0\2", RNG_PARM);
}

/**
 * ap_message_modexp() - a request for modular exponentiation: 3 ^ 65537 modulo 2^1024 - 105
 * @request: AP_MODEXP_REQUEST zero bytes; becomes it
 *
 * It is the work that counts, not the number.
 */
void ap_message_modexp(__u8 *request)
{
	__u8 *e = request + TYPE50_HEADER, *n = e + 128, *x = n + 128;

	request[1] = 0x50;
	put_be16(request + 2, AP_MODEXP_REQUEST);
	put_be16(request + 8, 1); /* MEB1 */
	put_be32(e + 124, 65537);
	memset(n, 0xff, 127);
	n[127] = 256 - 105;
	x[127] = 3;
}

/* CCA's "random number generate, long": agent CA, function RL. */
static bool wants_random(const struct ap_message *msg)
{
	const __u8 *r = msg->request;

	return msg->request_len == RNG_REQUEST && r[1] == 0x06 &&
	       get_be32(r + 16) == TYPE6_HEADER && !memcmp(r + 32, "CA", 2) &&
	       !memcmp(r + 52, "RL", 2) && r[TYPE6_HEADER + 2] == 0x02 &&
	       !memcmp(r + TYPE6_HEADER + CPRBX, "RL", 2);
}

static void put_cprbx(__u8 *c, const __u8 *request, unsigned int random)
{
	memset(c, 0, CPRBX);
	put_be16(c, CPRBX);
	c[2] = 0x02;
	memcpy(c + 6, "T2", 2);
	put_be32(c + 24, RNG_REPLY_PARM);
	put_be32(c + 32, random);
	memcpy(c + 170, request + 170, 2); /* domain */
}

/* Type 86, format 2: a block of parameters, then the data. */
static void answer_random(struct ap_message *msg, const struct ap_firmware *fw)
{
	unsigned int n = get_be32(msg->request + TYPE6_HEADER + 28);
	__u8 *r = msg->reply;

	if (n > RNG_MAX)
		n = RNG_MAX;
	memset(r, 0, RNG_DATA);
	r[1] = 0x86;
	r[2] = 0x02;
	put_be32(r + 16, CPRBX + RNG_REPLY_PARM);
	put_be32(r + 20, TYPE86_HEADER);
	put_be32(r + 24, n);
	put_be32(r + 28, RNG_DATA);
	put_cprbx(r + TYPE86_HEADER, msg->request + TYPE6_HEADER, n);
	memcpy(r + TYPE86_HEADER + CPRBX, "RL\0\2\0\2", RNG_REPLY_PARM);
	fw->random(r + RNG_DATA, n);
	msg->reply_len = RNG_DATA + n;
}

static void corrupt(struct ap_message *msg)
{
	msg->reply_len -= msg->reply_len > ERROR_HEADER ? 8 : 4;
}

/**
 * ap_message_answer() - make the reply
 * @msg: the request; gets its reply
 * @fw: the arithmetic, which may sleep
 */
void ap_message_answer(struct ap_message *msg, const struct ap_firmware *fw)
{
	if (msg->mode == AP_MODE_ACCEL)
		answer_accel(msg, fw);
	else if (msg->mode == AP_MODE_CCA && wants_random(msg))
		answer_random(msg, fw);
	else
		error(msg, 0x82, MALFORMED_82);
	msg->taken = 0;
	if (msg->bad_length)
		corrupt(msg);
}
