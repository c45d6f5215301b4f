// SPDX-License-Identifier: GPL-2.0-only
/*
 * A storm of page faults for tests in shell: storm SECONDS, or until it is told
 * to end by SIGTERM.
 */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "storm.h"

int main(int argc, char **argv)
{
	sigset_t end;
	int storm, sig;

	sigemptyset(&end);
	sigaddset(&end, SIGTERM);
	sigaddset(&end, SIGALRM);
	sigprocmask(SIG_BLOCK, &end, NULL);
	storm = storm_start("storm", 0);
	alarm(argc > 1 ? atoi(argv[1]) : 60);
	sigwait(&end, &sig);
	storm_end(storm);
	return 0;
}
