// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that go bad under a process, and those that the kernel moves away from
 * in time.  A bad page is lost for good, so there are few of them.
 */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "chance.h"
#include "worker.h"

/* For a C library that does not know it. */
#ifndef MADV_SOFT_OFFLINE
#define MADV_SOFT_OFFLINE	101
#endif

#define PAUSE_US	1000000

void work_poison(void)
{
	unsigned long page = page_bytes();
	char *p;

	for (;;) {
		p = pages_map(1);
		try_touch(p, true);
		if (random_below(2)) {
			if (!madvise(p, page, MADV_HWPOISON))
				worker_did();
			else if (errno == EINVAL)
				worker_cannot("this kernel has no MADV_HWPOISON");
		} else {
			madvise(p, page, MADV_SOFT_OFFLINE);
		}
		/* SIGBUS, where it is bad */
		try_touch(p, random_below(2));
		munmap(p, page);
		usleep(PAUSE_US);
	}
}
