/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages: requests that queues take, and the replies that firmware makes of them.
 */
#ifndef APMATRIX_AP_MESSAGE_H
#define APMATRIX_AP_MESSAGE_H

#include "../../core/ap_core.h"

/**
 * enum ap_mode - what the firmware of an adapter is
 */
enum ap_mode {
	AP_MODE_ACCEL,
	AP_MODE_CCA,
	AP_MODE_EP11,
};

/**
 * struct ap_message - a request, and later its reply
 * @next: in its queue, or among the flushed
 * @user: who sent it
 * @psmid: the sender's identifier
 * @mode: firmware that answers it
 * @qid: its queue
 * @request: the request, owned by who allocated the message
 * @request_len: bytes
 * @reply: room for ap_message_room() bytes
 * @reply_len: bytes of the reply
 * @taken: bytes of the reply that were fetched
 * @answer_ms: how long a fault delays the reply
 * @weight: what it adds to the load of the host's drivers
 * @working: firmware has it; whoever set this frees an @orphan
 * @ready: it is a reply
 * @orphan: it left the queue while firmware had it
 * @lose: a fault loses the reply
 * @bad_length: a fault corrupts the length of the reply
 * @cancelled: the host's driver does not want the reply any more
 */
struct ap_message {
	struct ap_message *next;
	const void *user;
	__u64 psmid;
	enum ap_mode mode;
	unsigned int qid;
	const __u8 *request;
	unsigned int request_len;
	__u8 *reply;
	unsigned int reply_len;
	unsigned int taken;
	__u32 answer_ms;
	unsigned int weight;
	bool working;
	bool ready;
	bool orphan;
	bool lose;
	bool bad_length;
	bool cancelled;
};

/**
 * struct ap_number - a big-endian number of any length
 */
struct ap_number {
	const __u8 *data;
	unsigned int len;
};

/**
 * struct ap_firmware - the arithmetic that replies need
 * @modexp: @out, as long as @n, becomes @in ^ @e mod @n; 0 or negative errno
 * @crt: the same with a key by Chinese remainder: p, q, dp, dq, u = 1/q mod p
 * @random: fill a buffer
 */
struct ap_firmware {
	int (*modexp)(__u8 *out, unsigned int len, const struct ap_number *in,
		      const struct ap_number *e, const struct ap_number *n);
	int (*crt)(__u8 *out, unsigned int len, const struct ap_number *in,
		   const struct ap_number key[5]);
	void (*random)(__u8 *out, unsigned int len);
};

/* The longest reply: 48 + 220 + 22 bytes of headers and blocks, 8192 of random numbers */
#define AP_REPLY_MAX (48 + 220 + 22 + 8192)

/* Bytes of CCA's request for random numbers */
#define AP_RANDOM_REQUEST 324
/* Bytes of a request for modular exponentiation with 1024 bits */
#define AP_MODEXP_REQUEST (16 + 3 * 128)

void ap_message_modexp(__u8 *request);
void ap_message_random(__u8 *request, unsigned int apqi, unsigned int n);
unsigned int ap_message_room(const __u8 *request, unsigned int len);
void ap_message_answer(struct ap_message *msg, const struct ap_firmware *fw);

#endif
