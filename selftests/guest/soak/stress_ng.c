// SPDX-License-Identifier: GPL-2.0-only
/*
 * stress-ng, where the lab could bring it: the host's, for a guest of the same
 * architecture.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "worker.h"

#define PROGRAM		"./stress-ng"

void work_stress_ng(void)
{
	int status;
	pid_t pid;

	if (access(PROGRAM, X_OK))
		worker_cannot("there is no stress-ng beside the test");
	for (;;) {
		pid = fork();
		if (!pid) {
			execl(PROGRAM, "stress-ng", "--quiet", "--timeout", "5",
			      "--temp-path", "/tmp", "--oomable",
			      "--fault", "1", "--vm", "1", "--vm-bytes", "8M",
			      "--mremap", "1", "--mremap-bytes", "4M",
			      "--madvise", "1", "--vforkmany", "1",
			      NULL);
			_exit(127);
		}
		sleep(1);
		while (!waitpid(pid, &status, WNOHANG)) {
			/* it goes on */
			worker_did();
			sleep(1);
		}
		if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
			worker_cannot("stress-ng does not start here");
	}
}
