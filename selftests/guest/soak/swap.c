// SPDX-License-Identifier: GPL-2.0-only
/*
 * More memory than the process may have, so that the kernel has to reclaim and
 * swap: a cgroup with a limit or, where there are none, MADV_PAGEOUT.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chance.h"
#include "worker.h"

#define TREE		"/tmp/soak-cgroup"
#define GROUP		TREE "/soak"
#define LIMIT		(16 << 20)
#define WANTED		(24 << 20)
#define PIECE		256

static bool limited(void)
{
	char text[32];

	mkdir(TREE, 0755);
	/* it is there already when this is not the first phase */
	mount("none", TREE, "cgroup2", 0, NULL);
	try_write(TREE "/cgroup.subtree_control", "+memory");
	mkdir(GROUP, 0755);
	snprintf(text, sizeof(text), "%d", LIMIT);
	if (!try_write(GROUP "/memory.max", text))
		return false;
	snprintf(text, sizeof(text), "%d", getpid());
	return try_write(GROUP "/cgroup.procs", text);
}

void work_swap(void)
{
	unsigned long page = page_bytes(), pages = WANTED / page, i;
	bool limit = limited();
	char *p = pages_map(pages);

	for (;;) {
		for (i = 0; i < PIECE; i++)
			try_touch(p + random_below(pages) * page, random_below(4));
		if (!limit)
			madvise(p + random_below(pages - PIECE) * page, PIECE * page, MADV_PAGEOUT);
		worker_did();
	}
}
