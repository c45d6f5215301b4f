// SPDX-License-Identifier: GPL-2.0-only
/*
 * See advise.h.
 */
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "advise.h"
#include "control.h"

void advise(void *at, size_t size, int advice)
{
	int cpu, nr = sysconf(_SC_NPROCESSORS_CONF);
	cpu_set_t all, one;

	if (sched_getaffinity(0, sizeof(all), &all))
		die("sched_getaffinity: %s", strerror(errno));
	for (cpu = 0; cpu < nr; cpu++) {
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		/* a CPU that is offline has no list */
		if (sched_setaffinity(0, sizeof(one), &one))
			continue;
		if (madvise(at, size, advice))
			die("madvise %d: %s", advice, strerror(errno));
	}
	if (sched_setaffinity(0, sizeof(all), &all))
		die("sched_setaffinity: %s", strerror(errno));
}
