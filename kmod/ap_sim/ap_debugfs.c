// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/ap_sim: faults, one file per adapter, and counters.
 */
#include <linux/debugfs.h>
#include <linux/mm.h>
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

/* First on a scratch copy: a write that is wrong anywhere changes nothing. */
static int try_faults(const char *text)
{
	struct ap_fault *scratch __free(kvfree) = kvcalloc(AP_IDS, sizeof(*scratch), GFP_KERNEL);
	char *copy __free(kfree) = kstrdup(text, GFP_KERNEL);

	if (!scratch || !copy)
		return -ENOMEM;
	return ap_fault_parse(scratch, copy);
}

static int set_faults(unsigned int apid, char *text)
{
	struct ap_fault *fresh __free(kvfree) = kvcalloc(AP_IDS, sizeof(*fresh), GFP_KERNEL);
	struct ap_machine_adapter *a;

	if (!fresh)
		return -ENOMEM;
	guard(spinlock)(&ap_sim_machine_lock);
	a = ap_sim_machine.adapter[apid];
	if (!a)
		return -ENODEV;
	if (!a->fault)
		swap(a->fault, fresh);
	return ap_fault_parse(a->fault, text);
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
	rc = strlen(text) == count ? try_faults(text) : -EINVAL;
	if (!rc)
		rc = set_faults(apid_of(file_inode(file)), text);
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

/* The queues of the machine that were ever reset, with how often */
static int resets_show(struct seq_file *s, void *unused)
{
	const struct ap_machine *m = &ap_sim_machine;
	unsigned int apid, apqi;

	guard(spinlock)(&ap_sim_machine_lock);
	apm_mask_for_each(apid, &m->config.apm)
		apm_mask_for_each(apqi, &m->config.aqm)
			if (m->adapter[apid]->queue[apqi].resets)
				seq_printf(s, "%02x.%04x %u\n", apid, apqi,
					   m->adapter[apid]->queue[apqi].resets);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(resets);

/* "0b.0006": the host's driver sends that queue a request. */
static ssize_t request_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	unsigned int apid, apqi;
	char text[16];
	int n = 0, rc;

	if (count >= sizeof(text) || copy_from_user(text, buf, count))
		return count >= sizeof(text) ? -EINVAL : -EFAULT;
	text[count] = '\0';
	if (sscanf(text, "%2x.%4x%n", &apid, &apqi, &n) != 2 || n < count - 1 || apqi > AP_ID_MAX)
		return -EINVAL;
	rc = ap_bus_request(APM_QID(apid, apqi));
	return rc ?: count;
}

static const struct file_operations request_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = request_write,
};

/* Context: ap_sim_live_mutex. */
void ap_debugfs_plug(unsigned int apid)
{
	char name[3];

	if (files[apid])
		return;
	snprintf(name, sizeof(name), "%02x", apid);
	files[apid] =
		debugfs_create_file(name, 0600, dir, (void *)(unsigned long)apid, &adapter_fops);
}

/* Context: ap_sim_live_mutex; before the adapter goes: it waits for writers. */
void ap_debugfs_unplug(unsigned int apid)
{
	debugfs_remove(files[apid]);
	files[apid] = NULL;
}

void ap_debugfs_init(void)
{
	dir = debugfs_create_dir("ap_sim", NULL);
	debugfs_create_file("counters", 0400, dir, NULL, &counters_fops);
	debugfs_create_file("request", 0200, dir, NULL, &request_fops);
	debugfs_create_file("resets", 0400, dir, NULL, &resets_fops);
}

void ap_debugfs_exit(void)
{
	debugfs_remove(dir);
}
