// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What sysfs says of the world, read by the formats of docs/sysfs.md and by nothing of core/.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "../tools/guest.h"
#include "sysfs.h"

int sysfs_vfio[DEVICES] = { -1, -1, -1, -1 };

/* Texts live until some more calls. */
const char *sysfs_path(const char *fmt, ...)
{
	static char text[8][PATH_MAX];
	static int turn;
	va_list args;

	turn = (turn + 1) % 8;
	va_start(args, fmt);
	vsnprintf(text[turn], PATH_MAX, fmt, args);
	va_end(args);
	return text[turn];
}

const char *sysfs_uuid(unsigned int device)
{
	return sysfs_path(UUID, device + 1);
}

const char *sysfs_attr(unsigned int device, const char *name)
{
	return sysfs_path(MATRIX "/" UUID "/%s", device + 1, name);
}

const char *sysfs_queue(unsigned int a, unsigned int d, const char *name)
{
	return sysfs_path("/sys/devices/ap/card%02x/%02x.%04x/%s", real_id[a], real_id[a],
			  real_id[d], name);
}

/* One write(2): 0 or a negative errno. */
int sysfs_put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), rc = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, text, strlen(text));
	if (n != (ssize_t)strlen(text))
		rc = n < 0 ? -errno : -EIO;
	close(fd);
	return rc;
}

void sysfs_must(const char *path, const char *text)
{
	int rc = sysfs_put(path, text);

	if (rc)
		trouble("cannot write \"%.60s\" to %s: %s", text, path, strerror(-rc));
}

/* All of a file, without its last newline: 0 or a negative errno. */
int sysfs_get(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n, total = 0;

	if (fd < 0)
		return -errno;
	while ((n = read(fd, buf + total, size - 1 - (size_t)total)) > 0)
		total += n;
	n = n < 0 ? -errno : 0;
	close(fd);
	if (total && buf[total - 1] == '\n')
		total--;
	buf[total] = '\0';
	return (int)n;
}

/* "0x" and 64 digits, id 0 leftmost */
const char *sysfs_mask(const bool *in)
{
	unsigned char bytes[32] = { 0 };
	char text[65];
	int i;

	for (i = 0; i < IDS; i++)
		if (in[i])
			bytes[real_id[i] / 8] |= 0x80 >> real_id[i] % 8;
	for (i = 0; i < 32; i++)
		sprintf(text + 2 * i, "%02x", bytes[i]);
	return sysfs_path("0x%s", text);
}

const char *sysfs_config(const struct sets *s)
{
	return sysfs_path("%s,%s,%s", sysfs_mask(s->in[ADAPTER]), sysfs_mask(s->in[DOMAIN]),
			  sysfs_mask(s->in[CONTROL]));
}

static int digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : c - 'a' + 10;
}

/* The reverse; there must be no bit that the world does not know. */
static void parse_mask(const char *text, bool *in)
{
	unsigned int i, bits = 0, known = 0;

	for (i = 0; i < 64; i++)
		bits += (unsigned int)__builtin_popcount((unsigned int)digit(text[2 + i]));
	for (i = 0; i < IDS; i++) {
		in[i] = digit(text[2 + real_id[i] / 4]) & 8 >> real_id[i] % 4;
		known += in[i];
	}
	if (bits != known)
		trouble("a bit of \"%s\" is nobody's", text);
}

static void parse_config(const char *text, struct sets *s)
{
	int kind;

	if (strlen(text) != 3 * 66 + 2)
		trouble("\"%s\" is no configuration", text);
	for (kind = 0; kind < KINDS; kind++)
		parse_mask(text + kind * 67, s->in[kind]);
}

static void read_config(unsigned int device, const char *attr, struct sets *s)
{
	char text[256];
	int rc = sysfs_get(sysfs_attr(device, attr), text, sizeof(text));

	if (rc)
		trouble("cannot read %s of device %u: %s", attr, device, strerror(-rc));
	parse_config(text, s);
}

void sysfs_guest(unsigned int device, struct sets *s)
{
	read_config(device, "guest_config", s);
}

static unsigned int index_of(unsigned int id)
{
	unsigned int i;

	for (i = 0; i < IDS && real_id[i] != id; i++)
		;
	if (i == IDS)
		trouble("a reason names %04x, which nobody has", id);
	return i;
}

/* Does @line match all of @fmt, which sets one or two or three ids? */
#define MATCHES(line, fmt, ...) \
	(end = 0, sscanf(line, fmt "%n", __VA_ARGS__, &end), end && !line[end])

/* Is @line @name, an id, and @rest? */
static bool id_between(const char *line, const char *name, const char *rest, unsigned int *id)
{
	size_t n = strlen(name);
	char *end;

	if (strncmp(line, name, n) || line[n] != ' ')
		return false;
	*id = (unsigned int)strtoul(line + n, &end, 16);
	return end != line + n && !strcmp(end, rest);
}

/* One line of `filtered`: docs/sysfs.md. */
static void parse_reason(const char *line, struct device_view *v)
{
	static const struct {
		const char *name;
		int kind;
		const char *waits;
	} kinds[] = {
		{ "adapter", ADAPTER, ": waits for other queues of the same change" },
		{ "domain", DOMAIN, ": waits for other queues of the same change" },
		{ "control domain", CONTROL, ": waits for queues of the same change" },
	};
	unsigned int id, apid, apqi, i;
	int end;

	for (i = 0; i < 3; i++) {
		if (id_between(line, kinds[i].name, ": not in the host's configuration", &id)) {
			v->absent.in[kinds[i].kind][index_of(id)] = true;
			return;
		}
		if (id_between(line, kinds[i].name, kinds[i].waits, &id)) {
			v->held.in[kinds[i].kind][index_of(id)] = true;
			return;
		}
	}
	if (MATCHES(line, "adapter %x: queue %x.%x is not bound to vfio_ap", &id, &apid, &apqi) &&
	    id == apid)
		v->unbound[index_of(id)] = (unsigned char)(index_of(apqi) + 1);
	else if (MATCHES(line, "queue %x.%x: reset in progress", &apid, &apqi))
		v->why[index_of(apid)][index_of(apqi)] = RESETTING;
	else if (MATCHES(line, "queue %x.%x: reset failed", &apid, &apqi))
		v->why[index_of(apid)][index_of(apqi)] = FAILED;
	else
		trouble("not a reason: \"%s\"", line);
}

static void read_reasons(unsigned int device, struct device_view *v)
{
	char text[16384], *rest = text, *line;
	int rc = sysfs_get(sysfs_attr(device, "filtered"), text, sizeof(text));

	if (rc)
		trouble("cannot read filtered of device %u: %s", device, strerror(-rc));
	while (*text && (line = strsep(&rest, "\n")))
		parse_reason(line, v);
}

/* Two texts of one thing: `guest_matrix`, line by line, and `guest_config`. */
static void check_listing(unsigned int device, const struct sets *s)
{
	char want[4096] = "", got[4096];
	size_t n = 0;
	int a, d;

	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++)
			if (sets_have(s, a, d))
				n += (size_t)sprintf(want + n, "%02x.%04x\n", real_id[a],
						     real_id[d]);
	if (!n)
		return;
	want[n - 1] = '\0';
	if (sysfs_get(sysfs_attr(device, "guest_matrix"), got, sizeof(got)) || strcmp(want, got))
		trouble("guest_matrix of device %u is not its guest_config: \"%s\"", device, got);
}

/* What the guest's own instruction says: its APCB, as the simulator has it. */
static void check_apcb(unsigned int device, const struct sets *s)
{
	unsigned char block[AP_QCI_SIZE], want[96] = { 0 };
	struct vfio_ap_insn a = {
		.opcode = AP_OP_PQAP,
		.gr0 = AP_FC_QCI << 24,
		.buf = (unsigned long)block,
		.len = sizeof(block),
	};
	int kind, i;

	for (kind = 0; kind < KINDS; kind++)
		for (i = 0; i < IDS; i++)
			if (s->in[kind][i])
				want[32 * kind + real_id[i] / 8] |= 0x80 >> real_id[i] % 8;
	if (guest_insn(sysfs_vfio[device], &a) || memcmp(block + 16, want, sizeof(want)))
		trouble("the APCB of device %u is not its guest_config", device);
}

/* The commits that the simulator has seen of an open device. */
static unsigned long commits_of(unsigned int device)
{
	char text[4096], want[64];
	const char *at;
	int rc = sysfs_get(FAULTS "/counters", text, sizeof(text));

	if (rc)
		trouble("cannot read the counters: %s", strerror(-rc));
	snprintf(want, sizeof(want), "guest %s commits ", sysfs_uuid(device));
	at = strstr(text, want);
	if (!at)
		trouble("the simulator has no guest of device %u", device);
	return strtoul(at + strlen(want), NULL, 10);
}

/* What was seen of each device at the last look; of no guest when it was not open. */
static struct {
	bool open;
	unsigned long commits;
	unsigned int generation;
} last[DEVICES];

void sysfs_start(void)
{
	memset(last, 0, sizeof(last));
}

/* While a guest is there, what it saw is what `generation` says. */
static void check_commits(unsigned int device, unsigned int generation)
{
	int fd = sysfs_vfio[device];
	unsigned long commits = fd < 0 ? 0 : commits_of(device);

	if (fd >= 0 && last[device].open &&
	    commits - last[device].commits != generation - last[device].generation)
		trouble("the guest of device %u saw %lu transitions, its generation %u", device,
			commits - last[device].commits, generation - last[device].generation);
	last[device].open = fd >= 0;
	last[device].commits = commits;
	last[device].generation = generation;
}

static void look_at_device(unsigned int i, struct device_view *v)
{
	char text[256];

	read_config(i, "ap_config", &v->assigned);
	read_config(i, "guest_config", &v->guest);
	check_listing(i, &v->guest);
	if (sysfs_vfio[i] >= 0)
		check_apcb(i, &v->guest);
	read_reasons(i, v);
	if (sysfs_get(sysfs_attr(i, "staged_config"), text, sizeof(text)))
		trouble("cannot read staged_config of device %u", i);
	v->has_staged = *text;
	if (*text)
		parse_config(text, &v->staged);
	if (sysfs_get(sysfs_attr(i, "generation"), text, sizeof(text)))
		trouble("cannot read generation of device %u", i);
	v->transitions = (unsigned int)atoi(text);
	check_commits(i, v->transitions);
}

static unsigned char word(const char *text, const char *const *words, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count && strcmp(text, words[i]); i++)
		;
	if (i == count)
		trouble("\"%s\" is not a state", text);
	return (unsigned char)i;
}

enum reset sysfs_queue_state(unsigned int a, unsigned int d)
{
	static const char *const states[] = { "", "clean", "in progress", "failed" };
	char text[64];

	if (sysfs_get(sysfs_queue(a, d, "reset_state"), text, sizeof(text)))
		return UNBOUND;
	return word(text, states, 4);
}

static enum status queue_status(unsigned int a, unsigned int d)
{
	static const char *const statuses[] = { "", "unassigned", "assigned", "in use" };
	char text[64];

	if (sysfs_get(sysfs_queue(a, d, "status"), text, sizeof(text)))
		return NO_STATUS;
	return word(text, statuses, 4);
}

void sysfs_look(struct view *v)
{
	unsigned int i, a, d;

	for (i = 0; i < DEVICES; i++)
		look_at_device(i, &v->device[i]);
	for (a = 0; a < IDS; a++)
		for (d = 0; d < IDS; d++) {
			v->queue[a][d] = sysfs_queue_state(a, d);
			v->status[a][d] = v->queue[a][d] == UNBOUND ? NO_STATUS
								    : queue_status(a, d);
		}
}
