/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the host's driver has to do with one queue: requests that wait until the queue
 * takes them, and the counters of its attributes.
 *
 * A pure model, as that of the machine: the caller locks, and owns the messages.
 */
#ifndef APMATRIX_AP_REQUEST_H
#define APMATRIX_AP_REQUEST_H

#include "ap_machine.h"

/* More requests do not wait for one queue. */
#define AP_REQUESTS_MAX 256

/**
 * struct ap_requests - the host's requests to one queue
 * @first: those not sent yet, oldest first
 * @total: all that there were
 * @waiting: those not sent yet
 */
struct ap_requests {
	struct ap_message *first;
	__u64 total;
	__u32 waiting;
};

/**
 * struct ap_request_counts - what attributes show, of one queue or more
 * @total: requests, sent or not
 * @requestq: requests that wait for their queue
 * @pendingq: requests that wait for their reply
 * @load: weights of both
 */
struct ap_request_counts {
	__u64 total;
	unsigned int requestq;
	unsigned int pendingq;
	unsigned int load;
};

unsigned int ap_request_weight(__u8 type, enum ap_mode mode);
int ap_request_parse(const char *text, unsigned int *qid, unsigned int *n);
void ap_requests_add(struct ap_requests *r, struct ap_message *msg);
struct ap_message *ap_requests_take(struct ap_requests *r);
void ap_requests_untake(struct ap_requests *r, struct ap_message *msg);
struct ap_message *ap_requests_cancel(struct ap_requests *r, struct ap_machine_queue *q,
				      const void *host);
void ap_requests_count(const struct ap_requests *r, const struct ap_machine_queue *q,
		       const void *host, struct ap_request_counts *sum);

#endif
