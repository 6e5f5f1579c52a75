// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The real modules, by sysfs, VFIO, and the simulator's configfs and debugfs.
 *
 * Nothing happens by itself: a reset takes an hour unless it is told to end, nobody lingers, and
 * newcomers wait for each other until they are told not to. So each operation has one outcome.
 * The module's parameters are set by who starts this (tests/vm/TEST-18-MODEL).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "../tools/guest.h"
#include "sysfs.h"

#define PARAMETERS "/sys/module/vfio_ap/parameters/"
/* Long enough for ever, as milliseconds and as a time from now on. */
#define FOR_EVER "360000000"
#define SECONDS_MAX 20

static struct guest guests[DEVICES];

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Waits for what the module does in the background: it must come. */
#define UNTIL(condition)                                                                   \
	do {                                                                               \
		double end_ = now() + SECONDS_MAX;                                         \
		while (!(condition)) {                                                     \
			if (now() > end_)                                                  \
				trouble("%s: not in %d seconds", #condition, SECONDS_MAX); \
			usleep(500);                                                       \
		}                                                                          \
	} while (0)

static void scan(void)
{
	sysfs_must(BUS "/scans", "1");
}

/* Faults of one queue; -ENODEV when the machine has no such adapter. */
static int fault(unsigned int a, unsigned int d, const char *items)
{
	int rc = sysfs_put(sysfs_path(FAULTS "/%02x", real_id[a]),
			   sysfs_path("%04x %s\n", real_id[d], items));

	return rc == -ENOENT ? -ENODEV : rc;
}

static void must_fault(unsigned int a, unsigned int d, const char *items)
{
	int rc = fault(a, d, items);

	if (rc)
		trouble("no fault \"%s\" for %02x.%04x: %s", items, real_id[a], real_id[d],
			strerror(-rc));
}

static void create(unsigned int device)
{
	sysfs_must(MATRIX "/mdev_supported_types/vfio_ap-passthrough/create", sysfs_uuid(device));
}

static void destroy(unsigned int device)
{
	if (!access(sysfs_attr(device, ""), F_OK))
		sysfs_must(sysfs_attr(device, "remove"), "1");
}

/* --- the machine ---------------------------------------------------------------------------- */

static void set_machine(const struct sets *s)
{
	int a;

	for (a = 0; a < IDS; a++)
		sysfs_must(sysfs_path(MACHINE "/adapters/0x%02x/present", real_id[a]),
			   s->in[ADAPTER][a] ? "1" : "0");
	sysfs_must(MACHINE "/usage_domains", sysfs_mask(s->in[DOMAIN]));
	sysfs_must(MACHINE "/control_domains", sysfs_mask(s->in[CONTROL]));
	sysfs_must(MACHINE "/commit", "1");
}

static int machine(const struct op *op)
{
	set_machine(&op->sets);
	return 0;
}

static int appear(const struct op *op, const char *items)
{
	int rc = fault(op->id, op->domain, items);

	if (rc)
		return rc;
	scan();
	return 0;
}

static int busy(const struct op *op)
{
	if (sysfs_queue_state(op->id, op->domain) == UNBOUND)
		return -EBUSY;
	must_fault(op->id, op->domain, op->on ? "busy=2" : "busy=1,zapq");
	return 0;
}

/* --- masks ---------------------------------------------------------------------------------- */

struct mask_write {
	const char *path;
	char text[16];
	int rc;
	bool done;
};

static void *write_mask(void *arg)
{
	struct mask_write *w = arg;

	w->rc = sysfs_put(w->path, w->text);
	__atomic_store_n(&w->done, true, __ATOMIC_RELEASE);
	return NULL;
}

/* The i-th queue of the adapter or domain that a mask operation is about. */
static unsigned int mask_adapter(const struct op *op, unsigned int i)
{
	return op->set % 2 == ADAPTER ? op->id : i;
}

static unsigned int mask_domain(const struct op *op, unsigned int i)
{
	return op->set % 2 == ADAPTER ? i : op->id;
}

static enum reset mask_queue(const struct op *op, unsigned int i)
{
	return sysfs_queue_state(mask_adapter(op, i), mask_domain(op, i));
}

/*
 * Who hands a queue back waits a while for its reset: that is made to end as soon as it is seen
 * that vfio_ap has let it go. @bound: the queues that it had.
 */
static void end_resets(const struct op *op, const struct mask_write *w, const bool *bound)
{
	bool ended[IDS] = { false };
	unsigned int i;

	while (!__atomic_load_n(&w->done, __ATOMIC_ACQUIRE)) {
		for (i = 0; i < IDS; i++) {
			if (!bound[i] || ended[i] || mask_queue(op, i) != UNBOUND)
				continue;
			must_fault(mask_adapter(op, i), mask_domain(op, i), "reset_ms=0");
			ended[i] = true;
		}
		usleep(200);
	}
	for (i = 0; i < IDS; i++)
		if (ended[i])
			must_fault(mask_adapter(op, i), mask_domain(op, i), "clear");
}

static int mask(const struct op *op)
{
	/* Not on the stack: trouble() may leave the writer behind. */
	static struct mask_write w;
	bool bound[IDS];
	pthread_t writer;
	unsigned int i;

	w = (struct mask_write){ .path = op->set % 2 == ADAPTER ? BUS "/apmask" : BUS "/aqmask" };
	snprintf(w.text, sizeof(w.text), "%c0x%x", op->on ? '+' : '-', real_id[op->id]);
	for (i = 0; i < IDS; i++)
		bound[i] = mask_queue(op, i) != UNBOUND;
	if (pthread_create(&writer, NULL, write_mask, &w))
		trouble("no thread");
	end_resets(op, &w, bound);
	pthread_join(writer, NULL);
	return w.rc;
}

/* --- resets --------------------------------------------------------------------------------- */

/* Deconfiguring counts as a reset. */
static int reset_ends(const struct op *op)
{
	if (sysfs_queue_state(op->id, op->domain) != RESETTING)
		return -EBUSY;
	must_fault(op->id, op->domain, op->device == 3 ? "clear deconfigured" : "clear reset_ms=0");
	UNTIL(sysfs_queue_state(op->id, op->domain) == CLEAN);
	must_fault(op->id, op->domain, "clear");
	return 0;
}

static bool any_resetting(void)
{
	unsigned int a, d;

	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			if (sysfs_queue_state(a, d) == RESETTING)
				return true;
	return false;
}

static int give_up(void)
{
	sysfs_must(PARAMETERS "reset_give_up_ms", "0");
	UNTIL(!any_resetting());
	sysfs_must(PARAMETERS "reset_give_up_ms", FOR_EVER);
	return 0;
}

/* --- devices -------------------------------------------------------------------------------- */

static int assign_one(const struct op *op, const char *verb, const char *text)
{
	static const char *const kinds[] = { "adapter", "domain", "control_domain" };

	return sysfs_put(sysfs_attr(op->device, sysfs_path("%s_%s", verb, kinds[op->set])), text);
}

static int commit(const struct op *op)
{
	char list[DEVICES * 40 + 8] = "";
	int i;

	for (i = 0; i < DEVICES; i++)
		if (op->devices >> i & 1) {
			strcat(list, sysfs_uuid((unsigned int)i));
			strcat(list, op->id & 1 ? " " : "\n");
		}
	strcat(list, "\n");
	return sysfs_put(MATRIX "/commit", op->devices == (1 << DEVICES) - 1 ? "all\n" : list);
}

static int bad_commit(const struct op *op)
{
	return sysfs_put(MATRIX "/commit", op->id % 2 ? "no-such-device\n" : "all");
}

static int bad_text(const struct op *op)
{
	const struct nonsense *what = &nonsense[op->id];

	if (!what->config)
		return assign_one(op, op->on ? "assign" : "unassign", what->text);
	return sysfs_put(sysfs_attr(op->device, op->on ? "staged_config" : "ap_config"),
			 what->text);
}

static int guest_opens(unsigned int device)
{
	struct guest second;
	bool twice = sysfs_vfio[device] >= 0;

	if (guest_enter(twice ? &second : &guests[device], sysfs_uuid(device)) < 0)
		return -errno;
	if (twice)
		trouble("device %u was opened twice", device);
	sysfs_vfio[device] = guests[device].fd;
	return 0;
}

static int guest_closes(unsigned int device)
{
	if (sysfs_vfio[device] < 0)
		return -EBUSY;
	guest_leave(&guests[device]);
	sysfs_vfio[device] = -1;
	return 0;
}

/* Of what it has, each reset ends at once; nothing of it is being reset now. */
static int device_reset(unsigned int device)
{
	struct sets s;
	int a, d, rc;

	if (sysfs_vfio[device] < 0)
		return -EBUSY;
	sysfs_guest(device, &s);
	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			if (sets_have(&s, a, d))
				must_fault((unsigned int)a, (unsigned int)d, "reset_ms=0");
	rc = ioctl(guests[device].fd, VFIO_DEVICE_RESET) < 0 ? -errno : 0;
	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			if (sets_have(&s, a, d))
				must_fault((unsigned int)a, (unsigned int)d, "clear");
	return rc;
}

static int recreate(unsigned int device)
{
	if (sysfs_vfio[device] >= 0)
		return -EBUSY;
	destroy(device);
	create(device);
	return 0;
}

/* Its own matrix, committed when nothing is waited for; what was staged stays staged. */
static int patience_ends(unsigned int device)
{
	char assigned[256], staged[256];

	if (sysfs_get(sysfs_attr(device, "ap_config"), assigned, sizeof(assigned)) ||
	    sysfs_get(sysfs_attr(device, "staged_config"), staged, sizeof(staged)))
		trouble("device %u cannot be read", device);
	sysfs_must(PARAMETERS "gain_together_ms", "0");
	sysfs_must(sysfs_attr(device, "staged_config"), assigned);
	sysfs_must(MATRIX "/commit", sysfs_path("%s\n", sysfs_uuid(device)));
	sysfs_must(PARAMETERS "gain_together_ms", FOR_EVER);
	if (*staged)
		sysfs_must(sysfs_attr(device, "staged_config"), staged);
	return 0;
}

/* --- all ------------------------------------------------------------------------------------ */

static void start(void)
{
	struct sets all;
	unsigned int i;

	memset(&all, true, sizeof(all));
	sysfs_start();
	for (i = 0; i < DEVICES; i++) {
		guest_closes(i);
		destroy(i);
	}
	sysfs_must(PARAMETERS "linger_ms", "0");
	sysfs_must(PARAMETERS "gain_together_ms", FOR_EVER);
	sysfs_must(PARAMETERS "reset_give_up_ms", FOR_EVER);
	set_machine(&all);
	for (i = 0; i < IDS; i++)
		sysfs_must(sysfs_path(FAULTS "/%02x", real_id[i]), "* clear rc=0x01,forever\n");
	scan();
	sysfs_must(BUS "/apmask", "0x0");
	sysfs_must(BUS "/aqmask", "0x0");
	for (i = 0; i < DEVICES; i++)
		create(i);
}

static int apply_to_host(const struct op *op)
{
	switch (op->kind) {
	case OP_MASK:
		return mask(op);
	case OP_MACHINE:
		return machine(op);
	case OP_APPEAR:
		return appear(op, "clear");
	case OP_VANISH:
		return appear(op, "clear rc=0x01,forever");
	case OP_BUSY:
		return busy(op);
	case OP_RESET_ENDS:
		return reset_ends(op);
	case OP_RETRY:
		return sysfs_put(sysfs_queue(op->id, op->domain, "reset_retry"), "1");
	case OP_GIVE_UP:
		return give_up();
	default:
		trouble("operation %d is not for sysfs", op->kind);
	}
}

static int apply(const struct op *op)
{
	const char *number = sysfs_path(op->device & 1 ? "0x%x\n" : "%u", real_id[op->id % IDS]);

	switch (op->kind) {
	case OP_ASSIGN:
		return assign_one(op, "assign", number);
	case OP_UNASSIGN:
		return assign_one(op, "unassign", number);
	case OP_CONFIG:
		return sysfs_put(sysfs_attr(op->device, "ap_config"), sysfs_config(&op->sets));
	case OP_STAGE:
		return sysfs_put(sysfs_attr(op->device, "staged_config"), sysfs_config(&op->sets));
	case OP_DISCARD:
		return sysfs_put(sysfs_attr(op->device, "staged_config"), "\n");
	case OP_COMMIT:
		return commit(op);
	case OP_NONSENSE:
		return bad_text(op);
	case OP_BAD_COMMIT:
		return bad_commit(op);
	case OP_OPEN:
		return guest_opens(op->device);
	case OP_CLOSE:
		return guest_closes(op->device);
	case OP_DEVICE_RESET:
		return device_reset(op->device);
	case OP_RECREATE:
		return recreate(op->device);
	case OP_PATIENCE_ENDS:
		return patience_ends(op->device);
	default:
		return apply_to_host(op);
	}
}

/* Why a newcomer waits is seen by the reasons. */
static void blind(struct view *v)
{
	int i;

	for (i = 0; i < DEVICES; i++) {
		memset(v->device[i].unclean_adapter, 0, sizeof(v->device[i].unclean_adapter));
		memset(v->device[i].unclean_domain, 0, sizeof(v->device[i].unclean_domain));
		v->device[i].waiting = false;
	}
}

const struct backend subject = {
	.name = "vfio_ap",
	.operations = 20000,
	.weight = {
		[OP_ASSIGN] = 8, [OP_UNASSIGN] = 4, [OP_CONFIG] = 8, [OP_STAGE] = 7,
		[OP_DISCARD] = 1, [OP_COMMIT] = 6, [OP_NONSENSE] = 3, [OP_BAD_COMMIT] = 1,
		[OP_OPEN] = 6, [OP_CLOSE] = 3, [OP_DEVICE_RESET] = 1, [OP_RECREATE] = 1,
		[OP_MASK] = 2, [OP_RESET_ENDS] = 24, [OP_RETRY] = 3, [OP_GIVE_UP] = 1,
		[OP_PATIENCE_ENDS] = 4, [OP_APPEAR] = 8, [OP_VANISH] = 2, [OP_BUSY] = 2,
		[OP_MACHINE] = 2,
	},
	.appears = OP_APPEAR,
	.whole = true,
	.shrink_seconds = 90,
	.start = start,
	.apply = apply,
	.look = sysfs_look,
	.blind = blind,
};
