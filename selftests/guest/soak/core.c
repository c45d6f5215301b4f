// SPDX-License-Identifier: GPL-2.0-only
/*
 * Core dumps of a process that has touched every other page of its memory.
 */
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "touch.h"
#include "worker.h"

#define PATTERN		"/proc/sys/kernel/core_pattern"
#define PAGES		64

void work_core(void)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	unsigned long page = page_bytes(), i;
	int status;
	pid_t pid;

	if (!try_write(PATTERN, CORE) || !try_write("/proc/sys/kernel/core_uses_pid", "0"))
		worker_cannot("no core dumps");
	setrlimit(RLIMIT_CORE, &all);
	for (;;) {
		pid = fork();
		if (!pid) {
			char *p = pages_map(PAGES);

			for (i = 0; i < PAGES; i += 2)
				store_byte(p + i * page, i);
			abort();
		}
		if (pid > 0 && waitpid(pid, &status, 0) == pid && WCOREDUMP(status))
			worker_did();
		unlink(CORE);
	}
}
