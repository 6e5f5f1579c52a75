// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What is needed, whether it is there, and how to mend it.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "conflict.h"
#include "file.h"
#include "kept.h"
#include "lockfile.h"
#include "out.h"

#define PARENT "sys/devices/vfio_ap/" AP_MDEV_PARENT
#define TEXT_MAX (256 * 1024)
#define LOCK_SECONDS 60

typedef enum { GOOD, INFO, ODD, BAD } Verdict;

static const char *const verdicts[] = { "ok", "info", "odd", "bad" };

struct doctor {
	const ApHost *host;
	ApState *state;
	JsonBuilder *b;
	guint count[4];
};

/* One finding; @mend is NULL where there is nothing to be mended. */
static void tell(struct doctor *d, Verdict verdict, const char *mend, const char *format, ...)
	G_GNUC_PRINTF(4, 5);

static void tell(struct doctor *d, Verdict verdict, const char *mend, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	d->count[verdict]++;
	if (!d->b) {
		printf("%-4s %s\n", verdicts[verdict], text);
		if (mend)
			printf("     → %s\n", mend);
		return;
	}
	json_builder_begin_object(d->b);
	out_string(d->b, "verdict", verdicts[verdict]);
	out_string(d->b, "text", text);
	out_string(d->b, "mend", mend);
	json_builder_end_object(d->b);
}

static gboolean exists(const struct doctor *d, const char *path)
{
	g_autofree char *full = ap_host_path(d->host, path);

	return g_file_test(full, G_FILE_TEST_EXISTS);
}

static char *read_text(const struct doctor *d, const char *path)
{
	g_autofree char *full = ap_host_path(d->host, path);

	return ap_file_read(full, TEXT_MAX, NULL, NULL);
}

static void check_overrides(struct doctor *d)
{
	const struct ap_matrix all = { .apm = APM_MASK_ALL, .aqm = APM_MASK_ALL };
	const ApOverrides *overrides = ap_state_get_overrides(d->state);
	const struct ap_matrix *rule = ap_state_get_rule(d->state);
	g_autofree char *text = overrides ? ap_overrides_describe(overrides) : NULL;

	if (text)
		tell(d, INFO, NULL,
		     "queues have a driver_override (%s): the masks do not count for them, and "
		     "cannot be changed",
		     text);
	else if (ap_state_get_features(d->state) & AP_FEATURE_DRIVER_OVERRIDE)
		tell(d, INFO, NULL,
		     "queues can have a driver_override here, in place of the masks; none has");
	if (overrides && rule &&
	    (!apm_mask_equal(&rule->apm, &all.apm) || !apm_mask_equal(&rule->aqm, &all.aqm)))
		tell(d, ODD, "keep one of them: chzdev --type ap, or driverctl -b ap",
		     "the masks are set after a boot, and queues have a driver_override: the "
		     "kernel takes only one of them");
}

static void check_kernel(struct doctor *d)
{
	ApFeatures features = ap_state_get_features(d->state);

	if (!ap_state_has_bus(d->state)) {
		tell(d, BAD, "load the module of the AP bus (ap; ap_sim for a simulated one)",
		     "there is no AP bus");
		return;
	}
	tell(d, GOOD, NULL, "the AP bus is there");
	if (!ap_state_has_parent(d->state)) {
		tell(d, BAD, "modprobe vfio_ap; a file in /etc/modules-load.d does it at boot",
		     "the module vfio_ap is not loaded");
		return;
	}
	tell(d, GOOD, NULL, "vfio_ap is loaded");
	if (!(features & AP_FEATURE_AP_CONFIG))
		tell(d, INFO, NULL, "this kernel has no ap_config: changes are made id by id");
	if (!(features & AP_FEATURE_COMMIT))
		tell(d, INFO, NULL,
		     "this kernel has no commit: several devices are changed one after another");
	if (!(features & AP_FEATURE_FILTERED))
		tell(d, INFO, NULL, "this kernel gives no reasons for queues that are not passed");
	check_overrides(d);
}

static void check_mdevctl(struct doctor *d)
{
	static const char *const paths[] = { "usr/sbin/mdevctl", "usr/bin/mdevctl",
					     "usr/local/sbin/mdevctl", "sbin/mdevctl" };
	guint i;

	for (i = 0; i < G_N_ELEMENTS(paths); i++) {
		if (exists(d, paths[i])) {
			tell(d, GOOD, NULL, "mdevctl is installed");
			return;
		}
	}
	tell(d, BAD, "install the package mdevctl", "mdevctl is not installed");
}

static void check_callout(struct doctor *d)
{
	static const char *const dirs[] = { "usr/lib/mdevctl/scripts.d/callouts/apmatrix",
					    "etc/mdevctl.d/scripts.d/callouts/apmatrix" };
	guint i;

	for (i = 0; i < G_N_ELEMENTS(dirs); i++) {
		g_autofree char *path = ap_host_path(d->host, dirs[i]);

		if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE)) {
			tell(d, GOOD, NULL, "the callout for mdevctl is installed");
			return;
		}
	}
	tell(d, BAD,
	     "install apmatrix' callout; without it mdevctl checks nothing and cannot change "
	     "active devices",
	     "the callout for mdevctl is not installed, or not executable");
}

/* mdevctl asks the callouts by name, and goes on asking the first that knows the type. */
static void check_other_callouts(struct doctor *d)
{
	static const char *const dirs[] = { "usr/lib/mdevctl/scripts.d/callouts",
					    "usr/lib/mdevctl/scripts.d/notifiers" };
	guint i;

	for (i = 0; i < G_N_ELEMENTS(dirs); i++) {
		g_autofree char *path = ap_host_path(d->host, dirs[i]);
		g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
		gboolean notifiers = i == 1, found = FALSE;
		const char *name;

		while (dir && (name = g_dir_read_name(dir))) {
			found |= g_str_equal(name, "apmatrix");
			if (!notifiers && strcmp(name, "apmatrix") < 0)
				tell(d, INFO, NULL,
				     "the callout %s comes before apmatrix: if it tells its "
				     "capabilities it is asked in place of apmatrix",
				     name);
		}
		if (notifiers && !found)
			tell(d, INFO, "install apmatrix' notifier",
			     "changes by mdevctl are not written to the journal");
	}
}

static void check_libvirt(struct doctor *d)
{
	if (exists(d, "run/libvirt/libvirt-sock") || exists(d, "run/libvirt/virtnodedevd-sock"))
		tell(d, GOOD, NULL, "libvirt listens");
	else if (exists(d, "usr/sbin/libvirtd") || exists(d, "usr/sbin/virtnodedevd"))
		tell(d, INFO, "systemctl start libvirtd", "libvirt is installed but not running");
	else
		tell(d, INFO, NULL, "libvirt is not installed; it is not needed for matrices");
}

/* Whether a daemon runs without the layer in its memory; only root can look. */
static gboolean daemon_lacks_layer(const struct doctor *d)
{
	static const char *const files[] = { "run/libvirtd.pid", "run/virtnodedevd.pid" };
	gboolean lacks = FALSE;
	guint i;

	for (i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *pid = read_text(d, files[i]);
		g_autofree char *path =
			pid ? g_build_filename("proc", g_strstrip(pid), "maps", NULL) : NULL;
		g_autofree char *maps = path ? read_text(d, path) : NULL;

		lacks = lacks || (maps && *maps && !strstr(maps, "/apmatrix-layer.so"));
	}
	return lacks;
}

/* What libvirt-driver/helper.c left when libvirt's daemon was started. */
static void check_layer(struct doctor *d)
{
	g_autofree char *state = read_text(d, "run/apmatrix/libvirt.state");
	g_autofree char *crashed = read_text(d, "run/apmatrix/libvirt.crashed");
	const char *how = crashed ? strchr(crashed, '\n') : NULL;

	if (state)
		g_strstrip(state);
	if (!state && !exists(d, "usr/lib/apmatrix/libvirt/apmatrix-layer.so"))
		tell(d, INFO, NULL,
		     "libvirt works without the AP layer, which is not installed: it shows plain "
		     "attributes");
	else if (how)
		tell(d, BAD,
		     "report it; to try the layer again: rm /run/apmatrix/libvirt.crashed, and "
		     "restart libvirt",
		     "libvirt's daemon crashed with the AP layer, and works without it since: %s",
		     g_strstrip(crashed + (how - crashed)));
	else if (!state)
		tell(d, INFO, "systemctl restart libvirtd, or virtnodedevd",
		     "libvirt has not been started since the AP layer was installed");
	else if (!g_str_equal(state, "in use"))
		tell(d, ODD, "systemctl restart libvirtd, or virtnodedevd, when that is mended",
		     "libvirt works without the AP layer: %s", state);
	else if (daemon_lacks_layer(d))
		tell(d, ODD,
		     "systemctl restart libvirtd, or virtnodedevd; then its journal says why",
		     "libvirt's daemon works without the AP layer, which was ready for it");
	else
		tell(d, GOOD, NULL, "libvirt works with the AP layer");
}

static guint count_autostart(const struct doctor *d)
{
	const GPtrArray *entries = ap_state_get_entries(d->state);
	guint i, n = 0;

	for (i = 0; i < entries->len; i++)
		n += ((ApEntry *)entries->pdata[i])->autostart;
	return n;
}

/* The path that a udev rule runs mdevctl by, NULL if it is fine or there is none. */
static char *find_bad_path(const struct doctor *d, const char *rule)
{
	const char *p = rule;
	gsize len;

	while ((p = strstr(p, "/mdevctl start-parent-mdevs"))) {
		const char *start = p;
		g_autofree char *path = NULL;

		while (start > rule && (g_ascii_isalnum(start[-1]) || strchr("/-_.", start[-1])))
			start--;
		len = p - start + strlen("/mdevctl");
		path = g_strndup(start, len);
		if (!exists(d, path))
			return g_steal_pointer(&path);
		p += len - (p - start);
	}
	return NULL;
}

static void check_autostart(struct doctor *d)
{
	static const char *const rules[] = { "etc/udev/rules.d/60-mdevctl.rules",
					     "usr/lib/udev/rules.d/60-mdevctl.rules",
					     "lib/udev/rules.d/60-mdevctl.rules" };
	g_autofree char *text = NULL;
	g_autofree char *bad = NULL;
	guint i, n = count_autostart(d);

	for (i = 0; i < G_N_ELEMENTS(rules) && !text; i++)
		text = read_text(d, rules[i]);
	bad = text ? find_bad_path(d, text) : NULL;
	if (exists(d, "usr/lib/systemd/system/apmatrix-autostart.service") &&
	    exists(d, "usr/lib/udev/rules.d/61-apmatrix.rules"))
		tell(d, GOOD, NULL, "%u definitions start with the host, by apmatrix' own unit", n);
	else if (text && !bad)
		tell(d, GOOD, NULL, "%u definitions start with the host", n);
	else if (bad)
		tell(d, n ? BAD : INFO,
		     "link the path to where mdevctl is, or install apmatrix' units for autostart",
		     "mdevctl's udev rule runs %s, which is not there: nothing starts at boot",
		     bad);
	else
		tell(d, n ? BAD : INFO, "install mdevctl's udev rule (60-mdevctl.rules)",
		     "no udev rule starts definitions at boot");
}

static void check_masks(struct doctor *d)
{
	const struct ap_matrix *rule = ap_state_get_rule(d->state);
	const struct ap_matrix *masks = ap_state_get_masks(d->state);

	if (!ap_state_has_bus(d->state))
		return;
	if (!rule)
		tell(d, INFO, "apmatrix reserve, or apply with <ap:reserve>, keeps them",
		     "the masks are not kept over a boot by the rule of chzdev");
	else if (!apm_mask_equal(&rule->apm, &masks->apm) ||
		 !apm_mask_equal(&rule->aqm, &masks->aqm))
		tell(d, ODD, "apmatrix apply makes them the same",
		     "the masks are not what they will be after a boot");
	else
		tell(d, GOOD, NULL, "the masks are the same after a boot");
}

static void check_entry(struct doctor *d, const ApEntry *e)
{
	g_autofree char *below = g_build_filename(PARENT, e->uuid, "staged_config", NULL);
	g_autofree char *staged = e->active ? read_text(d, below) : NULL;
	const char *label = ap_entry_get_label(e);

	if (e->broken)
		tell(d, BAD,
		     "apmatrix doctor --repair restores it or moves it away: while it is there "
		     "mdevctl can neither list nor start anything",
		     "the definition of %s cannot be read", label);
	if (staged && *g_strstrip(staged))
		tell(d, ODD, "the next apmatrix apply that changes it replaces that",
		     "%s has a staged matrix that was never committed", label);
	if (e->name && !e->defined && !e->active)
		tell(d, ODD, "apmatrix apply makes it, or forgets the name",
		     "%s has a name and nothing else", label);
	if (e->active && e->defined && !e->broken && !apm_matrix_equal(&e->matrix, &e->definition))
		tell(d, ODD, "apmatrix apply, or write the one into the other with mdevctl",
		     "%s: the active device has another matrix than its definition", label);
	if (e->defined && e->autostart && !e->active && ap_state_has_parent(d->state))
		tell(d, INFO,
		     "systemctl restart apmatrix-autostart; journalctl -u apmatrix-autostart tells "
		     "why it was not started",
		     "%s is defined to start with the host and is not active", label);
	if (e->active && e->has_guest && !apm_mask_equal(&e->matrix.apm, &e->guest.apm))
		tell(d, INFO, NULL, "%s does not have all that is assigned; apmatrix explain %s",
		     label, label);
}

static void check_definitions(struct doctor *d, const GPtrArray *warnings)
{
	const GPtrArray *entries = ap_state_get_entries(d->state);
	g_autoptr(ApState) none = ap_state_new();
	g_autoptr(GError) error = NULL;
	guint i;

	for (i = 0; i < warnings->len; i++)
		tell(d, ODD, NULL, "%s", (const char *)warnings->pdata[i]);
	for (i = 0; i < entries->len; i++)
		check_entry(d, entries->pdata[i]);
	if (!ap_state_check(d->state, none, &error))
		tell(d, BAD, "change one of the definitions, or the masks", "%s", error->message);
	else
		tell(d, GOOD, NULL, "%u devices and definitions share no queues", entries->len);
}

/* The lock that s390-tools share: its content is the owner's process id. */
static void check_lock(struct doctor *d)
{
	g_autofree char *text = read_text(d, "run/lock/s390apconfig.lock");
	g_autofree char *proc = NULL;
	guint64 pid = 0;

	if (!text)
		return;
	g_strstrip(text);
	if (g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT32, &pid, NULL))
		proc = g_strdup_printf("proc/%" G_GUINT64_FORMAT, pid);
	if (proc && exists(d, proc))
		tell(d, INFO, NULL, "process %s is changing the AP configuration", text);
	else
		tell(d, ODD, "apmatrix doctor --repair removes it; so does the next mdevctl",
		     "a lock of a process that is gone was left: /run/lock/s390apconfig.lock");
}

static gboolean repair(struct doctor *d, GError **error)
{
	g_autoptr(GPtrArray) told = g_ptr_array_new_with_free_func(g_free);
	guint i;

	if (!ap_lockfile_take(d->host, getpid(), LOCK_SECONDS, told, error))
		return FALSE;
	ap_kept_repair(d->host, told);
	ap_lockfile_release(d->host, getpid());
	for (i = 0; i < told->len; i++)
		tell(d, INFO, NULL, "%s", (const char *)told->pdata[i]);
	if (!told->len)
		tell(d, GOOD, NULL, "nothing had to be repaired");
	return TRUE;
}

int cmd_doctor(const struct options *o, GError **error)
{
	g_autoptr(GPtrArray) warnings = g_ptr_array_new_with_free_func(g_free);
	struct doctor d = { .host = o->host };

	d.b = o->json ? out_begin("doctor") : NULL;
	if (d.b)
		out_array(d.b, "findings");
	if (o->repair && !repair(&d, error))
		return 1;
	d.state = ap_state_read(o->host, warnings, error);
	if (!d.state)
		return 1;
	check_kernel(&d);
	check_mdevctl(&d);
	check_callout(&d);
	check_other_callouts(&d);
	check_libvirt(&d);
	check_layer(&d);
	check_autostart(&d);
	check_masks(&d);
	check_definitions(&d, warnings);
	check_lock(&d);
	ap_state_free(d.state);
	if (d.b) {
		json_builder_end_array(d.b);
		out_bool(d.b, "healthy", !d.count[BAD] && !d.count[ODD]);
		out_end(d.b, TRUE);
	} else if (!d.count[BAD] && !d.count[ODD]) {
		puts("Nothing is wrong.");
	}
	return d.count[BAD] ? 1 : 0;
}
