// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <glib.h>
#include "ap_message.h"

static unsigned int called;
static int arithmetic_rc;

static int modexp(__u8 *out, unsigned int len, const struct ap_number *in,
		  const struct ap_number *e, const struct ap_number *n)
{
	called = 1;
	g_assert_cmpuint(in->len, ==, len);
	g_assert_cmpuint(e->len, ==, len);
	g_assert_cmpuint(n->len, ==, len);
	memset(out, in->data[len - 1], len);
	return arithmetic_rc;
}

static int crt(__u8 *out, unsigned int len, const struct ap_number *in,
	       const struct ap_number key[5])
{
	int i;

	called = 2;
	g_assert_cmpuint(in->len, ==, len);
	for (i = 0; i < 5; i++) {
		g_assert_cmpuint(key[i].len, ==, len / 2);
		g_assert_cmphex(key[i].data[len / 2 - 1], ==, i < 2 ? 2 * i + 3 : i);
	}
	memset(out, in->data[len - 1], len);
	return arithmetic_rc;
}

static void fill(__u8 *out, unsigned int len)
{
	memset(out, 0xaa, len);
}

static const struct ap_firmware firmware = { modexp, crt, fill };
static __u8 request[4096], reply[AP_REPLY_MAX + 1];

static struct ap_message answer(enum ap_mode mode, unsigned int len)
{
	struct ap_message msg = {
		.mode = mode,
		.request = request,
		.request_len = len,
		.reply = reply,
	};

	called = 0;
	memset(reply, 0x55, sizeof(reply));
	ap_message_answer(&msg, &firmware);
	g_assert_cmpuint(msg.reply_len, <=, ap_message_room(request, len));
	g_assert_cmphex(reply[ap_message_room(request, len)], ==, 0x55);
	return msg;
}

static void assert_error(const struct ap_message *msg, __u8 type, __u8 code)
{
	g_assert_cmpuint(msg->reply_len, ==, 8);
	g_assert_cmphex(reply[1], ==, type);
	g_assert_cmphex(reply[4], ==, code);
}

static unsigned int type50(unsigned int block, unsigned int size, bool is_crt)
{
	unsigned int i, half = size / 2, len = 16 + (is_crt ? 5 * half + size : 3 * size);

	memset(request, 0, sizeof(request));
	request[1] = 0x50;
	request[2] = len >> 8;
	request[3] = len & 0xff;
	request[9] = block;
	if (is_crt) {
		for (i = 0; i < 5; i++)
			request[16 + (i + 1) * half - 1] = i < 2 ? 2 * i + 3 : i;
	} else {
		request[16 + 2 * size - 1] = 0x77;
	}
	request[len - 1] = 0x42;
	return len;
}

static void test_rsa(void)
{
	static const unsigned int sizes[] = { 128, 256, 512 };
	struct ap_message msg;
	unsigned int i, is_crt;

	for (i = 0; i < 3; i++)
		for (is_crt = 0; is_crt < 2; is_crt++) {
			msg = answer(AP_MODE_ACCEL,
				     type50((is_crt << 4) + i + 1, sizes[i], is_crt));
			g_assert_cmpuint(msg.reply_len, ==, 16 + sizes[i]);
			g_assert_cmphex(reply[1], ==, 0x80);
			g_assert_cmpuint(reply[2] << 8 | reply[3], ==, 16 + sizes[i]);
			g_assert_cmphex(reply[16], ==, 0x42);
			g_assert_cmpuint(called, ==, 1 + is_crt);
		}
}

static void test_rsa_bad(void)
{
	struct ap_message msg;
	unsigned int len;

	for (len = 0; len < 16; len++) {
		type50(1, 128, false);
		msg = answer(AP_MODE_ACCEL, len);
		assert_error(&msg, 0x88, 0x22);
	}
	len = type50(4, 128, false);
	msg = answer(AP_MODE_ACCEL, len);
	assert_error(&msg, 0x88, 0x22);
	len = type50(0x10, 128, false);
	msg = answer(AP_MODE_ACCEL, len);
	assert_error(&msg, 0x88, 0x22);
	len = type50(1, 128, false);
	msg = answer(AP_MODE_ACCEL, len - 1);
	assert_error(&msg, 0x88, 0x22);
	len = type50(1, 128, false);
	request[16 + 255] = 0x76;
	msg = answer(AP_MODE_ACCEL, len);
	assert_error(&msg, 0x88, 0x85);
	len = type50(1, 128, false);
	request[16 + 256] = 1;
	msg = answer(AP_MODE_ACCEL, len);
	assert_error(&msg, 0x88, 0x84);
	len = type50(0x11, 128, true);
	request[16 + 63] = 2;
	msg = answer(AP_MODE_ACCEL, len);
	assert_error(&msg, 0x88, 0x85);
	g_assert_cmpuint(called, ==, 0);
}

/* The length in the header, that of the request, and that of its fields have to agree. */
static void test_rsa_length(void)
{
	static const int off[] = { -128, -2, -1, 1, 2, 128 };
	struct ap_message msg;
	unsigned int len, i, is_crt;

	for (is_crt = 0; is_crt < 2; is_crt++)
		for (i = 0; i < G_N_ELEMENTS(off); i++) {
			len = type50(is_crt << 4 | 1, 128, is_crt);
			msg = answer(AP_MODE_ACCEL, len + off[i]);
			assert_error(&msg, 0x88, 0x22);
			request[2] = (len + off[i]) >> 8;
			request[3] = (len + off[i]) & 0xff;
			msg = answer(AP_MODE_ACCEL, len);
			assert_error(&msg, 0x88, 0x22);
			msg = answer(AP_MODE_ACCEL, len + off[i]);
			assert_error(&msg, 0x88, 0x22);
		}
	g_assert_cmpuint(called, ==, 0);
}

static void test_rsa_operand(void)
{
	struct ap_message msg;
	unsigned int len;

	/* One below the modulus is the largest, the modulus itself is refused. */
	len = type50(1, 128, false);
	request[len - 1] = 0x76;
	msg = answer(AP_MODE_ACCEL, len);
	g_assert_cmphex(msg.reply[1], ==, 0x80);
	request[len - 1] = 0x77;
	msg = answer(AP_MODE_ACCEL, len);
	assert_error(&msg, 0x88, 0x84);
	/* No modulus */
	request[16 + 255] = 0;
	msg = answer(AP_MODE_ACCEL, len);
	assert_error(&msg, 0x88, 0x85);
	/* An even q */
	len = type50(0x11, 128, true);
	request[16 + 127] = 4;
	msg = answer(AP_MODE_ACCEL, len);
	assert_error(&msg, 0x88, 0x85);
}

/* What the host's driver sends by itself */
static void test_own(void)
{
	struct ap_message msg;

	memset(request, 0, sizeof(request));
	ap_message_modexp(request);
	msg = answer(AP_MODE_ACCEL, AP_MODEXP_REQUEST);
	g_assert_cmpuint(called, ==, 1);
	g_assert_cmpuint(msg.reply_len, ==, 16 + 128);
	g_assert_cmphex(reply[16], ==, 3);
	memset(request, 0, sizeof(request));
	ap_message_random(request, 0x47, 16);
	msg = answer(AP_MODE_CCA, AP_RANDOM_REQUEST);
	g_assert_cmpuint(msg.reply_len, ==, 276 + 16);
	g_assert_cmphex(reply[1], ==, 0x86);
	g_assert_cmphex(reply[48 + 171], ==, 0x47);
}

static void test_rsa_memory(void)
{
	unsigned int len = type50(1, 128, false);
	struct ap_message msg;

	arithmetic_rc = -ENOMEM;
	msg = answer(AP_MODE_ACCEL, len);
	assert_error(&msg, 0x88, 0x10);
	arithmetic_rc = -EINVAL;
	msg = answer(AP_MODE_ACCEL, len);
	assert_error(&msg, 0x88, 0x84);
	arithmetic_rc = 0;
}

static unsigned int type6(unsigned int n)
{
	memset(request, 0, sizeof(request));
	request[1] = 6;
	request[19] = 0x58;
	memcpy(request + 32, "CA", 2);
	memcpy(request + 52, "RL", 2);
	request[90] = 2;
	request[88 + 30] = n >> 8;
	request[88 + 31] = n & 0xff;
	request[88 + 171] = 0x47;
	memcpy(request + 308, "RL", 2);
	return 324;
}

static void test_random(void)
{
	struct ap_message msg = answer(AP_MODE_CCA, type6(4096));

	g_assert_cmpuint(msg.reply_len, ==, 276 + 4096);
	g_assert_cmphex(reply[1], ==, 0x86);
	g_assert_cmphex(reply[2], ==, 0x02);
	g_assert_cmphex(reply[4], ==, 0);
	g_assert_cmpuint(reply[30] << 8 | reply[31], ==, 276); /* offset of the data */
	g_assert_cmpuint(reply[26] << 8 | reply[27], ==, 4096);
	g_assert_cmphex(reply[48 + 2], ==, 0x02);
	g_assert_cmphex(reply[48 + 171], ==, 0x47);
	g_assert_cmphex(reply[276], ==, 0xaa);
	g_assert_cmphex(reply[276 + 4095], ==, 0xaa);
	msg = answer(AP_MODE_CCA, type6(65535));
	g_assert_cmpuint(msg.reply_len, ==, 276 + 8192);
	msg = answer(AP_MODE_CCA, type6(0));
	g_assert_cmpuint(msg.reply_len, ==, 276);
}

static void test_refused(void)
{
	struct ap_message msg = answer(AP_MODE_EP11, type6(16));

	assert_error(&msg, 0x82, 0x40);
	msg = answer(AP_MODE_CCA, type6(16) - 1);
	assert_error(&msg, 0x82, 0x40);
	msg = answer(AP_MODE_ACCEL, type6(16));
	assert_error(&msg, 0x88, 0x22);
	msg = answer(AP_MODE_CCA, 0);
	assert_error(&msg, 0x82, 0x40);
}

static void test_bad_length(void)
{
	struct ap_message msg = {
		.mode = AP_MODE_CCA,
		.request = request,
		.reply = reply,
		.bad_length = true,
	};

	msg.request_len = type6(16);
	ap_message_answer(&msg, &firmware);
	g_assert_cmpuint(msg.reply_len, ==, 276 + 16 - 8);
	msg.request_len = 0;
	ap_message_answer(&msg, &firmware);
	g_assert_cmpuint(msg.reply_len, ==, 4);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/message/rsa", test_rsa);
	g_test_add_func("/message/rsa-bad", test_rsa_bad);
	g_test_add_func("/message/rsa-length", test_rsa_length);
	g_test_add_func("/message/rsa-operand", test_rsa_operand);
	g_test_add_func("/message/own", test_own);
	g_test_add_func("/message/rsa-memory", test_rsa_memory);
	g_test_add_func("/message/random", test_random);
	g_test_add_func("/message/refused", test_refused);
	g_test_add_func("/message/bad-length", test_bad_length);
	return g_test_run();
}
