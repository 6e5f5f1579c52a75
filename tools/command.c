// SPDX-License-Identifier: LGPL-2.1-or-later
#include "command.h"

#include <string.h>

/* Where it is built without libvirt, nobody gets to see the option. */
#ifdef HAVE_LIBVIRT
#define CONNECT OPTION_CONNECT
#else
#define CONNECT 0
#endif

#define CHANGES (OPTION_JSON | OPTION_SCOPE | OPTION_DRY_RUN | OPTION_YES)

const struct command commands[] = {
	{ "validate", "FILE...", 1, -1, ARGS_FILES, OPTION_JSON,
	  "check host definitions and node device XML",
	  "Checks each FILE without looking at the host: a host definition, libvirt's XML of a "
	  "mediated device, or a definition of mdevctl (JSON). Everything that is wrong is "
	  "reported with file, line and element.",
	  cmd_validate },
	{ "show", "[GUEST]", 0, 1, ARGS_GUESTS,
	  OPTION_JSON | OPTION_SVG | OPTION_COLOUR | OPTION_HOST, "draw who has which queue",
	  "Draws adapters and domains with the owner of each queue: a capital letter where the "
	  "guest has it, a small one where it is assigned but not passed on, '-' for the host "
	  "drivers, '.' for a free one. With GUEST, a name or UUID, shows all about one.",
	  cmd_show },
	{ "explain", "APQN|GUEST", 1, 1, ARGS_GUESTS, OPTION_JSON, "say why a queue is where it is",
	  "Says who owns a queue (05.0047) or what a guest lacks, why, and what would change that.",
	  cmd_explain },
	{ "plan", "FILE", 1, 1, ARGS_FILES, OPTION_JSON | OPTION_SCOPE | CONNECT,
	  "show what apply would do",
	  "Lists the steps from the host as it is to the host definition FILE. Nothing is changed.",
	  cmd_plan },
	{ "apply", "FILE", 1, 1, ARGS_FILES, CHANGES | CONNECT,
	  "make the host as a definition says",
	  "Does what plan shows, and reads everything back. When a step fails or the result is "
	  "another, the host is put back as it was. Devices of an earlier definition that FILE "
	  "does not have any more are removed; devices of others stay. Matrices with "
	  "start='manual' are not started, but changed if they are active.",
	  cmd_apply },
	{ "diff", "FILE", 1, 1, ARGS_FILES, OPTION_JSON | OPTION_SCOPE | CONNECT,
	  "compare the host with a definition",
	  "Prints each difference in a line. Ends with 0 if there is none and with 1 if there is.",
	  cmd_diff },
	{ "export", "[GUEST]", 0, 1, ARGS_GUESTS, OPTION_JSON | OPTION_FORM | CONNECT,
	  "print the host as a definition",
	  "Prints a host definition that changes nothing when it is applied; with GUEST libvirt's "
	  "XML of that device, for virsh nodedev-define.",
	  cmd_export },
	{ "import", "FILE...", 1, -1, ARGS_FILES, OPTION_JSON, "make a host definition from others",
	  "Prints a host definition of the devices in the FILEs: libvirt's XML, or definitions of "
	  "mdevctl, whose file names are UUIDs. A device is named after its file.",
	  cmd_import },
	{ "reserve", "", 0, 0, ARGS_NONE, CHANGES | OPTION_IDS,
	  "take adapters and domains from the host drivers",
	  "Clears their bits in apmask and aqmask, now and, in the udev rule that chzdev writes "
	  "too, for the boots to come.",
	  cmd_reserve },
	{ "release", "", 0, 0, ARGS_NONE, CHANGES | OPTION_IDS,
	  "give adapters and domains back to the host drivers",
	  "The reverse of reserve. Refused while a guest has a queue that the host drivers would "
	  "get.",
	  cmd_release },
	{ "watch", "", 0, 0, ARGS_NONE, OPTION_JSON | OPTION_COUNT, "print events as they come",
	  "Prints the kernel's events of the AP bus, its cards and queues, and of mediated "
	  "devices, with what has changed, until it is interrupted.",
	  cmd_watch },
	{ "doctor", "", 0, 0, ARGS_NONE, OPTION_JSON | OPTION_REPAIR,
	  "check that all that is needed is there",
	  "Looks at modules, kernel features, mdevctl and its callouts, libvirt, autostart, "
	  "definitions and leftovers, and says how to mend what is wrong. With --repair "
	  "definitions that mdevctl cannot read are restored to the text last kept, or moved to "
	  "/var/lib/apmatrix/broken, and a lock that nobody owns any more is removed.",
	  cmd_doctor },
	{ NULL },
};

const struct option_entry option_entries[] = {
	{ "json", NULL, OPTION_JSON, "print JSON (schemas/output.json)" },
	{ "live", NULL, OPTION_SCOPE, "active devices and the masks now" },
	{ "config", NULL, OPTION_SCOPE, "definitions and the masks after a boot" },
	{ "both", NULL, OPTION_SCOPE, "both of them (this is the default)" },
	{ "dry-run", NULL, OPTION_DRY_RUN, "show the steps, change nothing" },
	{ "yes", NULL, OPTION_YES, "do not ask" },
	{ "svg", NULL, OPTION_SVG, "print a picture as SVG" },
	{ "color", "WHEN", OPTION_COLOUR, "always, never, or auto" },
	{ "host", NULL, OPTION_HOST, "show the whole host (this is the default)" },
	{ "adapters", "LIST", OPTION_IDS, "adapters such as 5,0x10-0x17" },
	{ "domains", "LIST", OPTION_IDS, "domains such as 4,0x47" },
	{ "matrix", NULL, OPTION_FORM, "write <ap:matrix>, not libvirt's attributes" },
	{ "count", "N", OPTION_COUNT, "end after N events" },
	{ "repair", NULL, OPTION_REPAIR, "mend definitions and the lock" },
#ifdef HAVE_LIBVIRT
	{ "connect", "URI", OPTION_CONNECT,
	  "do it through libvirt, such as qemu+ssh://host/system" },
#endif
	{ NULL },
};

const struct command *command_find(const char *name)
{
	const struct command *c;

	for (c = commands; c->name; c++)
		if (g_str_equal(c->name, name))
			return c;
	return NULL;
}
