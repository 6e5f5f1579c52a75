// SPDX-License-Identifier: GPL-2.0-only
#include "ap_request.h"
#include "../../core/ap_text.h"

/**
 * ap_request_weight() - what a request of the host adds to the load of its queue and card
 * @type: AP_TYPE_*
 * @mode: firmware
 *
 * Linux adds the rating of the card for the operation (zcrypt_api.c, zcrypt_pick_queue;
 * ratings: zcrypt_cex4.c): here modular exponentiation with 1024 bits, random numbers,
 * and requests with secure keys, which are what the host sends to cards of each mode.
 */
unsigned int ap_request_weight(__u8 type, enum ap_mode mode)
{
	static const __u8 weights[][5] = {
		[AP_MODE_ACCEL] = { 14, 8, 6, 6, 6 },
		[AP_MODE_CCA] = { 209, 27, 24, 23, 23 },
		[AP_MODE_EP11] = { 50, 10, 9, 8, 8 },
	};

	if (type < AP_TYPE_CEX4 || type > AP_TYPE_CEX8)
		return 0;
	return weights[mode][type - AP_TYPE_CEX4];
}

static int hex(const char **text, unsigned int digits, unsigned int *value)
{
	char c;

	for (*value = 0; digits; digits--, ++*text) {
		c = **text;
		if (c >= '0' && c <= '9')
			*value = *value << 4 | (c - '0');
		else if (c >= 'a' && c <= 'f')
			*value = *value << 4 | (c - 'a' + 10);
		else
			return -EINVAL;
	}
	return 0;
}

/**
 * ap_request_parse() - read which queue is to get how many requests
 * @text: "0b.0006", as sysfs names queues, then a space and a number, or nothing for 1;
 *        one newline may follow
 * @qid: set to the queue
 * @n: set to the number, 1 to AP_REQUESTS_MAX
 *
 * Return: 0; -EINVAL; -ENODEV for a domain that no machine has.
 */
int ap_request_parse(const char *text, unsigned int *qid, unsigned int *n)
{
	unsigned int apid, apqi;
	__u64 count = 1;

	if (hex(&text, 2, &apid) || *text++ != '.' || hex(&text, 4, &apqi))
		return -EINVAL;
	if (*text == ' ') {
		if (apm_text_number(text + 1, &count) || !count || count > AP_REQUESTS_MAX)
			return -EINVAL;
	} else if (*text && strcmp(text, "\n")) {
		return -EINVAL;
	}
	if (apqi > AP_ID_MAX)
		return -ENODEV;
	*qid = apid << 8 | apqi;
	*n = count;
	return 0;
}

/**
 * ap_requests_add() - the host has one request more
 * @r: its requests
 * @msg: the request; waits until ap_requests_take()
 */
void ap_requests_add(struct ap_requests *r, struct ap_message *msg)
{
	struct ap_message **end = &r->first;

	while (*end)
		end = &(*end)->next;
	msg->next = NULL;
	*end = msg;
	r->waiting++;
	r->total++;
}

/**
 * ap_requests_take() - the oldest request that waits
 * @r: the host's requests
 *
 * Return: the request, which does not wait any more; NULL when there is none.
 */
struct ap_message *ap_requests_take(struct ap_requests *r)
{
	struct ap_message *msg = r->first;

	if (!msg)
		return NULL;
	r->first = msg->next;
	msg->next = NULL;
	r->waiting--;
	return msg;
}

/**
 * ap_requests_untake() - the queue does not take a request now
 * @r: the host's requests
 * @msg: what ap_requests_take() gave; is the oldest again
 */
void ap_requests_untake(struct ap_requests *r, struct ap_message *msg)
{
	msg->next = r->first;
	r->first = msg;
	r->waiting++;
}

/**
 * ap_requests_cancel() - the host gives all its requests up
 * @r: its requests
 * @q: their queue; what it holds of the host counts no longer
 * @host: who the host is
 *
 * Return: those that waited, for the caller to free.
 */
struct ap_message *ap_requests_cancel(struct ap_requests *r, struct ap_machine_queue *q,
				      const void *host)
{
	struct ap_message *msg, *list = r->first;

	r->first = NULL;
	r->waiting = 0;
	for (msg = q->head; msg; msg = msg->next)
		if (msg->user == host)
			msg->cancelled = true;
	return list;
}

/**
 * ap_requests_count() - add the counters of one queue
 * @r: the host's requests
 * @q: their queue
 * @host: who the host is
 * @sum: counters that become larger
 */
void ap_requests_count(const struct ap_requests *r, const struct ap_machine_queue *q,
		       const void *host, struct ap_request_counts *sum)
{
	const struct ap_message *msg;

	sum->total += r->total;
	sum->requestq += r->waiting;
	for (msg = r->first; msg; msg = msg->next)
		sum->load += msg->weight;
	for (msg = q->head; msg; msg = msg->next) {
		if (msg->user != host || msg->cancelled)
			continue;
		sum->pendingq++;
		sum->load += msg->weight;
	}
}
