// SPDX-License-Identifier: GPL-2.0-only
/*
 * A CPU that goes and comes back.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "worker.h"

#define ONLINE		"/sys/devices/system/cpu/cpu1/online"
#define PAUSE_US	300000

void work_cpus(void)
{
	if (access(ONLINE, W_OK))
		worker_cannot("no CPU can be taken away here");
	for (;;) {
		/* a busy machine may refuse */
		if (try_write(ONLINE, "0"))
			worker_did();
		else if (errno != EBUSY)
			worker_cannot("%s: %s", ONLINE, strerror(errno));
		usleep(PAUSE_US);
		try_write(ONLINE, "1");
		usleep(PAUSE_US);
	}
}
