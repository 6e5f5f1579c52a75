// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Measures vfio_ap through sysfs, on a simulated host of 16 adapters × 85 domains whose queues
 * are all given to guests. Prints what it measured as one JSON object; figures that are times
 * are meant to be compared with each other, within one run.
 *
 * usage: apbench counts|latency|cost DEVICES…|host NAME|large
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "bench.h"

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	srand(4711);
	printf("{");
	if (!strcmp(what, "counts"))
		run_counts();
	else if (!strcmp(what, "latency"))
		run_latency();
	else if (!strcmp(what, "cost") && argc > 2)
		run_cost(argc - 2, argv + 2);
	else if (!strcmp(what, "host") && argc == 3)
		run_host(argv[2]);
	else if (!strcmp(what, "large"))
		run_large();
	else
		die("usage: apbench counts|latency|cost DEVICES…|host NAME|large");
	printf("}\n");
	return 0;
}
