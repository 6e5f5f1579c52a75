// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/ap_sim/exchange: one request to a queue of the host's, and its reply, as
 * zcrypt's devices give them to programs of the host.
 *
 * An open file has one talk at a time. The talk is the file's and its message's: the message
 * may outlive the file, and the file its message.
 */
#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include "ap_sim.h"

/* "0b.0006\n" */
#define NAME 8

/**
 * struct ap_talk - a request and its reply
 * @kref: one reference is the file's, one the message's
 * @done: the message has ended
 * @reply: the reply, NULL when there is none
 * @len: bytes
 * @taken: bytes that were read; under the file's mutex
 */
struct ap_talk {
	struct kref kref;
	struct completion done;
	u8 *reply;
	unsigned int len;
	unsigned int taken;
};

/**
 * struct exchange - an open file
 * @mutex: one reads or writes at a time
 * @talk: the last one, NULL before the first
 */
struct exchange {
	struct mutex mutex;
	struct ap_talk *talk;
};

static void free_talk(struct kref *kref)
{
	struct ap_talk *t = container_of(kref, struct ap_talk, kref);

	kvfree(t->reply);
	kfree(t);
}

static void put_talk(struct ap_talk *t)
{
	if (t)
		kref_put(&t->kref, free_talk);
}

/**
 * ap_exchange_end() - the message of a talk has ended
 * @t: the talk; its message has it no longer
 * @reply: the reply, kvmalloc()ed, taken over; NULL when it was thrown out
 * @len: bytes
 */
void ap_exchange_end(struct ap_talk *t, u8 *reply, unsigned int len)
{
	t->reply = reply;
	t->len = len;
	complete_all(&t->done);
	put_talk(t);
}

static int exchange_open(struct inode *inode, struct file *file)
{
	struct exchange *e = kzalloc(sizeof(*e), GFP_KERNEL);

	if (!e)
		return -ENOMEM;
	mutex_init(&e->mutex);
	file->private_data = e;
	return nonseekable_open(inode, file);
}

static int exchange_release(struct inode *inode, struct file *file)
{
	struct exchange *e = file->private_data;

	put_talk(e->talk);
	kfree(e);
	return 0;
}

static struct ap_talk *new_talk(void)
{
	struct ap_talk *t = kzalloc(sizeof(*t), GFP_KERNEL);

	if (!t)
		return NULL;
	kref_init(&t->kref);
	init_completion(&t->done);
	return t;
}

static struct ap_message *read_request(const char __user *buf, size_t len)
{
	struct ap_message *msg = ERR_PTR(-ENOMEM);
	u8 *request = kvmalloc(len, GFP_KERNEL_ACCOUNT);

	if (!request)
		return msg;
	if (copy_from_user(request, buf, len)) {
		kvfree(request);
		return ERR_PTR(-EFAULT);
	}
	msg = ap_sim_message(request, len, 1);
	if (msg)
		return msg;
	kvfree(request);
	return ERR_PTR(-ENOMEM);
}

static int begin(struct exchange *e, unsigned int qid, const char __user *buf, size_t len)
{
	struct ap_message *msg;
	struct ap_talk *t;
	int rc;

	lockdep_assert_held(&e->mutex);
	if (e->talk && !completion_done(&e->talk->done))
		return -EBUSY;
	msg = read_request(buf, len);
	if (IS_ERR(msg))
		return PTR_ERR(msg);
	t = new_talk();
	if (!t) {
		ap_sim_free(msg);
		return -ENOMEM;
	}
	kref_get(&t->kref);
	ap_sim_message_talk(msg, t);
	rc = ap_bus_message(qid, msg);
	if (rc) {
		put_talk(t);
		return rc;
	}
	put_talk(e->talk);
	e->talk = t;
	return 0;
}

/* "0b.0006", a newline, and the request */
static ssize_t exchange_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct exchange *e = file->private_data;
	char name[NAME + 1] = "";
	unsigned int qid, n;
	int rc;

	if (count < NAME)
		return -EINVAL;
	if (count > NAME + AP_REQUEST_MAX)
		return -E2BIG;
	if (copy_from_user(name, buf, NAME))
		return -EFAULT;
	rc = strlen(name) == NAME ? ap_request_parse(name, &qid, &n) : -EINVAL;
	if (rc)
		return rc;
	if (mutex_lock_interruptible(&e->mutex))
		return -ERESTARTSYS;
	rc = begin(e, qid, buf + NAME, count - NAME);
	mutex_unlock(&e->mutex);
	return rc ?: count;
}

static ssize_t take(struct ap_talk *t, char __user *buf, size_t count)
{
	if (!t)
		return -ENODATA;
	if (wait_for_completion_interruptible(&t->done))
		return -ERESTARTSYS;
	if (!t->reply)
		return -EIO;
	count = min_t(size_t, count, t->len - t->taken);
	if (copy_to_user(buf, t->reply + t->taken, count))
		return -EFAULT;
	t->taken += count;
	return count;
}

/* Waits for the reply; then its bytes, then the end. */
static ssize_t exchange_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct exchange *e = file->private_data;
	ssize_t rc;

	if (mutex_lock_interruptible(&e->mutex))
		return -ERESTARTSYS;
	rc = take(e->talk, buf, count);
	mutex_unlock(&e->mutex);
	return rc;
}

const struct file_operations ap_exchange_fops = {
	.owner = THIS_MODULE,
	.open = exchange_open,
	.read = exchange_read,
	.write = exchange_write,
	.release = exchange_release,
};
