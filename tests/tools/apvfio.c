// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A stand-in for a VMM: opens matrix devices by VFIO group and container, or by iommufd, with or
 * without a virtual machine, and does what it is told, step by step. Prints one line a step.
 *
 * usage: apvfio STEP…
 *   kvm           from now on devices are opened for a virtual machine
 *   iommufd       from now on devices are opened by their character devices and iommufd
 *   open:UUID     open a device
 *   unbound:UUID  ask an ioctl of its character device before it is bound
 *   close:UUID    close it
 *   info          VFIO_DEVICE_GET_INFO of the device opened last
 *   irqinfo:N     VFIO_DEVICE_GET_IRQ_INFO
 *   irq:N         VFIO_DEVICE_SET_IRQS: an eventfd for index N
 *   noirq:N       take it away
 *   badirq:N      an eventfd number that is none
 *   badset:N      the Nth malformed VFIO_DEVICE_SET_IRQS
 *   orphan        close container and group, and keep the device opened last
 *   novm          close the virtual machine
 *   wait:N:MS     wait for the eventfd of index N
 *   reset         VFIO_DEVICE_RESET
 *   unknown       an ioctl that does not exist
 *   write:PATH=VALUE, read:PATH, insmod:PATH=PARAMETERS
 *   watch:PATH    of an attribute; notified:MS waits for its sysfs_notify()
 *   fail:N        let the Nth allocation for the next step fail, and say whether there were N
 *   every:LIMIT[+STRIDE]
 *                 first of all: the last of the following steps with each of its allocations (with
 *                 STRIDE, some) failing in turn; after "undo" what undoes it
 *   hold          wait for a line, or the end, of standard input
 *
 * Interface: Linux, include/uapi/linux/vfio.h and Documentation/driver-api/vfio.rst.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <linux/kvm.h>
#include <linux/vfio.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "every.h"
#include "fault.h"

/* Headers before Linux 6.6 do not have it, kernels of that time neither. */
#if __has_include(<linux/iommufd.h>) && defined(VFIO_DEVICE_BIND_IOMMUFD)
#include <linux/iommufd.h>
#define HAVE_IOMMUFD 1
#else
#define HAVE_IOMMUFD 0
#endif

#define DEVICES 8
#define IRQS 2

/* In place of a group: it is closed, only the device is open. */
#define ORPHAN (-2)

/* The fd that KVM knows the device by is its group, or the device itself (group -1). */
struct opened {
	char uuid[40];
	int group;
	int fd;
};

static struct opened devices[DEVICES];
static int count;
static int container = -1;
static int iommufd = -1;
static int kvm = -1, vm = -1, kvm_vfio = -1;
static int events[IRQS] = { -1, -1 };

static int say(const char *step, int rc)
{
	if (rc < 0)
		printf("%s: %s\n", step, strerrorname_np(errno));
	else
		printf("%s: ok\n", step);
	fflush(stdout);
	return rc;
}

static int step_kvm(void)
{
	struct kvm_create_device dev = { .type = KVM_DEV_TYPE_VFIO };

	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	vm = kvm < 0 ? -1 : ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm < 0 || ioctl(vm, KVM_CREATE_DEVICE, &dev) < 0)
		return -1;
	kvm_vfio = (int)dev.fd;
	return 0;
}

/* Descriptors only: what the kernel holds of it goes when its devices do. */
static int step_novm(void)
{
	close(kvm_vfio);
	close(vm);
	close(kvm);
	kvm = vm = kvm_vfio = -1;
	return 0;
}

static int step_iommufd(void)
{
	iommufd = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	return iommufd;
}

/* Since Linux 6.6 these attributes are also called KVM_DEV_VFIO_FILE: a group or a device. */
static int kvm_file(__u64 attr, int file)
{
	__s32 fd = file;
	struct kvm_device_attr a = {
		.group = KVM_DEV_VFIO_GROUP,
		.attr = attr,
		.addr = (__u64)(unsigned long)&fd,
	};

	return kvm_vfio < 0 ? 0 : ioctl(kvm_vfio, KVM_SET_DEVICE_ATTR, &a);
}

static int open_group(const char *uuid)
{
	char path[PATH_MAX], target[PATH_MAX];
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/iommu_group", uuid);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return -1;
	target[n] = '\0';
	snprintf(path, sizeof(path), "/dev/vfio/%.20s", basename(target));
	return open(path, O_RDWR | O_CLOEXEC);
}

static int join_container(int group)
{
	int fresh = container < 0;

	if (fresh)
		container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	if (container < 0 || ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) < 0)
		return -1;
	return fresh ? ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU) : 0;
}

static void leave_group(int group)
{
	int saved = errno;

	kvm_file(KVM_DEV_VFIO_GROUP_DEL, group);
	ioctl(group, VFIO_GROUP_UNSET_CONTAINER);
	close(group);
	errno = saved;
}

/* Without a group the container has no IOMMU any more: the next group begins a new one. */
static void leave_container(void)
{
	if (!count && container >= 0) {
		close(container);
		container = -1;
	}
}

static int open_device(int group, const char *uuid)
{
	if (join_container(group) < 0 || kvm_file(KVM_DEV_VFIO_GROUP_ADD, group) < 0)
		return -1;
	return ioctl(group, VFIO_GROUP_GET_DEVICE_FD, uuid);
}

static int open_by_group(struct opened *d, const char *uuid)
{
	d->group = open_group(uuid);
	if (d->group < 0)
		return -1;
	d->fd = open_device(d->group, uuid);
	if (d->fd < 0) {
		leave_group(d->group);
		leave_container();
		return -1;
	}
	return 0;
}

/* The device's folder vfio-dev holds one entry, the name of its character device. */
static int open_cdev(const char *uuid)
{
	char path[PATH_MAX] = "";
	struct dirent *e;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%.40s/vfio-dev", uuid);
	dir = opendir(path);
	if (!dir)
		return -1;
	while ((e = readdir(dir)))
		if (e->d_name[0] != '.')
			snprintf(path, sizeof(path), "/dev/vfio/devices/%s", e->d_name);
	closedir(dir);
	return open(path, O_RDWR | O_CLOEXEC);
}

static void close_cdev(int fd)
{
	int saved = errno;

	kvm_file(KVM_DEV_VFIO_GROUP_DEL, fd);
	close(fd);
	errno = saved;
}

#if HAVE_IOMMUFD
static int bind_iommufd(int fd)
{
	struct vfio_device_bind_iommufd bind = { .argsz = sizeof(bind), .iommufd = iommufd };

	return ioctl(fd, VFIO_DEVICE_BIND_IOMMUFD, &bind);
}

static int attach_iommufd(int fd)
{
	struct vfio_device_attach_iommufd_pt pt = { .argsz = sizeof(pt) };
	struct iommu_ioas_alloc ioas = { .size = sizeof(ioas) };

	if (ioctl(iommufd, IOMMU_IOAS_ALLOC, &ioas) < 0)
		return -1;
	pt.pt_id = ioas.out_ioas_id;
	return ioctl(fd, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &pt);
}
#else
static int bind_iommufd(int fd)
{
	(void)fd;
	errno = ENOSYS;
	return -1;
}

static int attach_iommufd(int fd)
{
	return bind_iommufd(fd);
}
#endif

static int open_by_iommufd(struct opened *d, const char *uuid)
{
	d->group = -1;
	d->fd = open_cdev(uuid);
	if (d->fd < 0)
		return -1;
	if (kvm_file(KVM_DEV_VFIO_GROUP_ADD, d->fd) < 0 || bind_iommufd(d->fd) < 0 ||
	    attach_iommufd(d->fd) < 0) {
		close_cdev(d->fd);
		return -1;
	}
	return 0;
}

static int step_unbound(const char *uuid)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };
	int fd = open_cdev(uuid), rc;

	if (fd < 0)
		return -1;
	rc = ioctl(fd, VFIO_DEVICE_GET_INFO, &info);
	close_cdev(fd);
	return rc;
}

static int step_open(const char *uuid)
{
	struct opened *d = &devices[count];

	if (count == DEVICES) {
		errno = EMFILE;
		return -1;
	}
	if ((iommufd >= 0 ? open_by_iommufd(d, uuid) : open_by_group(d, uuid)) < 0)
		return -1;
	snprintf(d->uuid, sizeof(d->uuid), "%s", uuid);
	count++;
	return 0;
}

static int step_close(const char *uuid)
{
	int i;

	for (i = 0; i < count && strcmp(devices[i].uuid, uuid); i++)
		;
	if (i == count) {
		errno = ENODEV;
		return -1;
	}
	if (devices[i].group == ORPHAN) {
		close(devices[i].fd);
	} else if (devices[i].group < 0) {
		close_cdev(devices[i].fd);
	} else {
		close(devices[i].fd);
		leave_group(devices[i].group);
	}
	devices[i] = devices[--count];
	leave_container();
	return 0;
}

static int step_orphan(void)
{
	struct opened *d = count ? &devices[count - 1] : NULL;

	if (!d || d->group < 0) {
		errno = ENODEV;
		return -1;
	}
	close(container);
	close(d->group);
	container = -1;
	d->group = ORPHAN;
	return 0;
}

static int device(void)
{
	return count ? devices[count - 1].fd : -1;
}

static int step_info(void)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };

	if (ioctl(device(), VFIO_DEVICE_GET_INFO, &info) < 0)
		return -1;
	printf("flags%s%s regions %u irqs %u\n", info.flags & VFIO_DEVICE_FLAGS_AP ? " ap" : "",
	       info.flags & VFIO_DEVICE_FLAGS_RESET ? " reset" : "", info.num_regions,
	       info.num_irqs);
	return 0;
}

static int step_irqinfo(unsigned int index)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = index };

	if (ioctl(device(), VFIO_DEVICE_GET_IRQ_INFO, &info) < 0)
		return -1;
	printf("count %u%s\n", info.count, info.flags & VFIO_IRQ_INFO_EVENTFD ? " eventfd" : "");
	return 0;
}

static int set_irq(unsigned int index, int fd)
{
	struct {
		struct vfio_irq_set set;
		__s32 fd;
	} arg = {
		.set = {
			.argsz = sizeof(arg),
			.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = index,
			.count = 1,
		},
		.fd = fd,
	};

	return ioctl(device(), VFIO_DEVICE_SET_IRQS, &arg);
}

/* An eventfd, and what is wrong with how it is set. */
static int step_badset(unsigned int n)
{
	struct {
		struct vfio_irq_set set;
		__s32 fd;
	} good = {
		.set = {
			.argsz = sizeof(good),
			.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
			.index = 1,
			.count = 1,
		},
		.fd = -2,
	}, bad[] = { good, good, good, good, good, good, good };

	bad[1].set.argsz = sizeof(good.set) - 1;
	bad[2].set.argsz = sizeof(good.set);
	bad[3].set.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_MASK;
	bad[4].set.flags = VFIO_IRQ_SET_DATA_BOOL | VFIO_IRQ_SET_ACTION_TRIGGER;
	bad[5].set.start = 1;
	bad[6].set.count = 2;
	if (n > 6) {
		errno = ENOENT;
		return -1;
	}
	if (n)
		bad[n].fd = -1;
	return ioctl(device(), VFIO_DEVICE_SET_IRQS, &bad[n]);
}

static int step_irq(unsigned int index)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int rc = fd < 0 ? fd : set_irq(index, fd);

	if (rc >= 0 && index < IRQS) {
		if (events[index] >= 0)
			close(events[index]);
		events[index] = fd;
	}
	return rc;
}

static int step_wait(unsigned int index, int ms)
{
	struct pollfd p = { .fd = index < IRQS ? events[index] : -1, .events = POLLIN };
	__u64 n;

	if (poll(&p, 1, ms) <= 0 || read(p.fd, &n, sizeof(n)) != sizeof(n)) {
		errno = ETIMEDOUT;
		return -1;
	}
	return 0;
}

static int step_hold(void)
{
	char line[16];

	printf("held\n");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		clearerr(stdin);
	return 0;
}

static int dispatch(const char *step)
{
	unsigned int index;
	int ms;

	if (!strcmp(step, "kvm"))
		return step_kvm();
	if (!strcmp(step, "iommufd"))
		return step_iommufd();
	if (!strncmp(step, "unbound:", 8))
		return step_unbound(step + 8);
	if (!strncmp(step, "open:", 5))
		return step_open(step + 5);
	if (!strncmp(step, "close:", 6))
		return step_close(step + 6);
	if (!strcmp(step, "info"))
		return step_info();
	if (sscanf(step, "irqinfo:%u", &index) == 1)
		return step_irqinfo(index);
	if (sscanf(step, "irq:%u", &index) == 1)
		return step_irq(index);
	if (sscanf(step, "noirq:%u", &index) == 1)
		return set_irq(index, -1);
	if (sscanf(step, "badirq:%u", &index) == 1)
		return set_irq(index, 4711);
	if (sscanf(step, "badset:%u", &index) == 1)
		return step_badset(index);
	if (!strcmp(step, "orphan"))
		return step_orphan();
	if (!strcmp(step, "novm"))
		return step_novm();
	if (sscanf(step, "wait:%u:%d", &index, &ms) == 2)
		return step_wait(index, ms);
	if (!strcmp(step, "reset"))
		return ioctl(device(), VFIO_DEVICE_RESET);
	if (!strncmp(step, "write:", 6))
		return step_write(step + 6);
	if (!strncmp(step, "read:", 5))
		return step_read(step + 5);
	if (!strncmp(step, "watch:", 6))
		return step_watch(step + 6);
	if (sscanf(step, "notified:%d", &ms) == 1)
		return step_notified(ms);
	if (!strncmp(step, "insmod:", 7))
		return step_insmod(step + 7);
	if (!strcmp(step, "unknown"))
		return ioctl(device(), _IO(VFIO_TYPE, VFIO_BASE + 90));
	if (!strcmp(step, "hold"))
		return step_hold();
	fprintf(stderr, "apvfio: unknown step %s\n", step);
	exit(2);
}

int every_step(const char *text)
{
	int rc;

	fault_begin();
	rc = dispatch(text);
	fault_end();
	return rc;
}

static int step(const char *text)
{
	static bool armed;
	int rc;

	if (!strncmp(text, "fail:", 5)) {
		armed = true;
		return step_fail(text + 5);
	}
	rc = every_step(text);
	if (armed)
		puts(fault_injected() ? "failure" : "no failure");
	armed = false;
	return rc;
}

static int every(const char *limit, char **steps, int all)
{
	const char *stride = strchr(limit, '+');
	struct every e = { .limit = atoi(limit),
			   .stride = stride ? atoi(stride) : 1,
			   .steps = steps,
			   .undo = steps + all };

	while (e.count < all && strcmp(steps[e.count], "undo"))
		e.count++;
	if (e.count < all) {
		e.undo = steps + e.count + 1;
		e.undo_count = all - e.count - 1;
	}
	return every_run(&e);
}

int main(int argc, char **argv)
{
	int i, failed = 0;

	if (argc > 2 && !strncmp(argv[1], "every:", 6))
		return every(argv[1] + 6, argv + 2, argc - 2);
	for (i = 1; i < argc; i++)
		if (say(argv[i], step(argv[i])) < 0)
			failed = 1;
	return failed;
}
