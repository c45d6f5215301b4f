// SPDX-License-Identifier: GPL-2.0-only
/*
 * fork, exec and exit; now and then a child that has memory of its own.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "chance.h"
#include "touch.h"
#include "worker.h"

#define PAGES	32

void work_exec(void)
{
	char *p = pages_map(PAGES);
	unsigned long i;
	pid_t pid;

	for (;;) {
		for (i = 0; i < PAGES; i++)
			store_byte(p + i * page_bytes(), i);
		pid = fork();
		if (!pid) {
			/* copies of these pages, which exec throws away */
			for (i = random_below(PAGES); i < PAGES; i++)
				store_byte(p + i * page_bytes(), i);
			if (random_below(2))
				execl("/bin/busybox", "busybox", "true", NULL);
			_exit(0);
		}
		if (pid > 0 && waitpid(pid, NULL, 0) == pid)
			worker_did();
	}
}
