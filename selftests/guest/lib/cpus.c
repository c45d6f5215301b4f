// SPDX-License-Identifier: GPL-2.0-only
/*
 * See cpus.h.
 */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "cpus.h"

void on_each_cpu(void (*work)(void *arg), void *arg)
{
	int cpu, nr = sysconf(_SC_NPROCESSORS_CONF);
	cpu_set_t all, one;

	if (sched_getaffinity(0, sizeof(all), &all))
		die("sched_getaffinity: %s", strerror(errno));
	for (cpu = 0; cpu < nr; cpu++) {
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		if (!sched_setaffinity(0, sizeof(one), &one) && work)
			work(arg);
	}
	if (sched_setaffinity(0, sizeof(all), &all))
		die("sched_setaffinity: %s", strerror(errno));
}
