// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/ap_sim: faults, one file per adapter, and counters.
 */
#include <linux/debugfs.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include "ap_sim.h"

#define WRITE_MAX 65536

static struct dentry *dir;
static struct dentry *files[AP_IDS]; /* under ap_sim_live_mutex */

static unsigned int apid_of(const struct inode *inode)
{
	return (unsigned long)inode->i_private;
}

static void show_line(struct seq_file *s, const char *queue, const struct ap_fault *f)
{
	char text[AP_FAULT_TEXT];

	ap_fault_print(f, text, sizeof(text));
	seq_printf(s, "%s%s\n", queue, text);
}

static bool all_alike(const struct ap_fault *faults)
{
	unsigned int i;

	for (i = 1; i < AP_IDS; i++)
		if (!ap_fault_equal(&faults[0], &faults[i]))
			return false;
	return true;
}

static void show_faults(struct seq_file *s, const struct ap_fault *faults)
{
	char name[5];
	unsigned int i;

	if (!ap_fault_none(&faults[0]) && all_alike(faults)) {
		show_line(s, "*", &faults[0]);
		return;
	}
	for (i = 0; i < AP_IDS; i++) {
		if (ap_fault_none(&faults[i]))
			continue;
		snprintf(name, sizeof(name), "%04x", i);
		show_line(s, name, &faults[i]);
	}
}

static int adapter_show(struct seq_file *s, void *unused)
{
	const struct ap_machine_adapter *a;

	guard(spinlock)(&ap_sim_machine_lock);
	a = ap_sim_machine.adapter[(unsigned long)s->private];
	if (a && a->fault)
		show_faults(s, a->fault);
	return 0;
}

static int adapter_open(struct inode *inode, struct file *file)
{
	return single_open(file, adapter_show, inode->i_private);
}

/**
 * struct draft - faults that are being written
 * @old: what they were
 * @new: what they are to be
 */
struct draft {
	struct ap_fault old[AP_IDS];
	struct ap_fault new[AP_IDS];
};

static DEFINE_MUTEX(faults_mutex); /* one writes at a time; outside the machine lock */

static int read_faults(unsigned int apid, struct draft *d)
{
	const struct ap_machine_adapter *a;

	guard(spinlock)(&ap_sim_machine_lock);
	a = ap_sim_machine.adapter[apid];
	if (!a)
		return -ENODEV;
	if (a->fault)
		memcpy(d->old, a->fault, sizeof(d->old));
	return 0;
}

/* Queues that were not written keep what they have, which may have been used up meanwhile. */
static int store_faults(unsigned int apid, const struct draft *d, struct ap_fault **fresh)
{
	struct ap_machine_adapter *a;
	unsigned int i;

	guard(spinlock)(&ap_sim_machine_lock);
	a = ap_sim_machine.adapter[apid];
	if (!a)
		return -ENODEV;
	if (!a->fault)
		swap(a->fault, *fresh);
	for (i = 0; i < AP_IDS; i++)
		if (memcmp(&d->old[i], &d->new[i], sizeof(d->new[i])))
			a->fault[i] = d->new[i];
	return 0;
}

/*
 * On a copy: a write that is wrong anywhere changes nothing, and a long one holds
 * nobody up. The adapter stays the same, for its file waits for its writers.
 */
static int set_faults(unsigned int apid, char *text)
{
	struct ap_fault *fresh __free(kvfree) = kvcalloc(AP_IDS, sizeof(*fresh), GFP_KERNEL);
	struct draft *d __free(kvfree) = kvzalloc(sizeof(*d), GFP_KERNEL);
	int rc;

	if (!fresh || !d)
		return -ENOMEM;
	guard(mutex)(&faults_mutex);
	rc = read_faults(apid, d);
	if (rc)
		return rc;
	memcpy(d->new, d->old, sizeof(d->new));
	rc = ap_fault_parse(d->new, text);
	return rc ?: store_faults(apid, d, &fresh);
}

static ssize_t adapter_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	char *text;
	int rc;

	if (count > WRITE_MAX)
		return -E2BIG;
	text = memdup_user_nul(buf, count);
	if (IS_ERR(text))
		return PTR_ERR(text);
	rc = strlen(text) == count ? set_faults(apid_of(file_inode(file)), text) : -EINVAL;
	kfree(text);
	return rc ?: count;
}

static const struct file_operations adapter_fops = {
	.owner = THIS_MODULE,
	.open = adapter_open,
	.read = seq_read,
	.write = adapter_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int counters_show(struct seq_file *s, void *unused)
{
	const struct ap_counters *c = &ap_sim_machine.count;
	int i;

	guard(spinlock)(&ap_sim_machine_lock);
	for (i = 0; i < AP_INSNS; i++)
		seq_printf(s, "%s host %llu guests %llu\n", ap_insn_names[i], c->insn[0][i],
			   c->insn[1][i]);
	seq_printf(s, "resets %llu\ncommits %llu\nchecks %llu\nbreaches %llu\n", c->resets,
		   c->commits, c->checks, c->breaches);
	seq_printf(s, "requests %llu\nreplies %llu\nlost %llu\n", c->requests, c->replies, c->lost);
	ap_sim_guests_show(s);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(counters);

static void show_resets(struct seq_file *s, unsigned int apid)
{
	const struct ap_machine *m = &ap_sim_machine;
	unsigned int apqi;

	guard(spinlock)(&ap_sim_machine_lock);
	if (!m->adapter[apid])
		return;
	apm_mask_for_each(apqi, &m->config.aqm)
		if (m->adapter[apid]->queue[apqi].resets)
			seq_printf(s, "%02x.%04x %u\n", apid, apqi,
				   m->adapter[apid]->queue[apqi].resets);
}

/* The queues of the machine that were ever reset, with how often; adapter by adapter */
static int resets_show(struct seq_file *s, void *unused)
{
	unsigned int apid;

	for (apid = 0; apid < AP_IDS; apid++)
		show_resets(s, apid);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(resets);

/* "0b.0006 20": the host's driver sends that queue 20 requests. */
static ssize_t request_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	unsigned int qid, n;
	char text[32];
	int rc;

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, count))
		return -EFAULT;
	text[count] = '\0';
	rc = strlen(text) == count ? ap_request_parse(text, &qid, &n) : -EINVAL;
	if (!rc)
		rc = ap_bus_request(qid, n);
	return rc ?: count;
}

static const struct file_operations request_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = request_write,
};

/**
 * ap_debugfs_plug() - an adapter has come: a file for its faults
 * @apid: the adapter
 *
 * Context: ap_sim_live_mutex.
 */
void ap_debugfs_plug(unsigned int apid)
{
	char name[3];

	if (files[apid])
		return;
	snprintf(name, sizeof(name), "%02x", apid);
	files[apid] =
		debugfs_create_file(name, 0600, dir, (void *)(unsigned long)apid, &adapter_fops);
}

/**
 * ap_debugfs_unplug() - an adapter is about to go
 * @apid: the adapter
 *
 * Context: ap_sim_live_mutex. Waits for who writes to its file.
 */
void ap_debugfs_unplug(unsigned int apid)
{
	debugfs_remove(files[apid]);
	files[apid] = NULL;
}

void ap_debugfs_init(void)
{
	dir = debugfs_create_dir("ap_sim", NULL);
	debugfs_create_file("counters", 0400, dir, NULL, &counters_fops);
	debugfs_create_file("exchange", 0600, dir, NULL, &ap_exchange_fops);
	debugfs_create_file("request", 0200, dir, NULL, &request_fops);
	debugfs_create_file("resets", 0400, dir, NULL, &resets_fops);
}

void ap_debugfs_exit(void)
{
	debugfs_remove(dir);
}
