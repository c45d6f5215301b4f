// SPDX-License-Identifier: GPL-2.0-only
/*
 * Readers of every file of ptdbg: whole, in part, and waiting for more.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "chance.h"
#include "control.h"
#include "worker.h"

#define READERS		3
#define POLL_MS		20
/* of a ring that is written as fast as it is read there is no end */
#define MOST_BYTES	(1024 * 1024)
#define PAUSE_US	100000

static const char *const files[] = {
	PTDBG_TEXT, PTDBG_DIR "/stats", PTDBG_DIR "/hooks", PTDBG_DIR "/walk",
	PTDBG_DIR "/tables", PTDBG_DIR "/ctf/metadata", PTDBG_DIR "/ctf/cpu0",
	PTDBG_DIR "/ctf/cpu1", PTDBG_DIR "/enable", PTDBG_DIR "/clear",
	PTDBG_DIR "/filter", PTDBG_DIR "/regions", PTDBG_DIR "/freeze_on",
	PTDBG_DIR "/panic_on_bad", PTDBG_DIR "/frees", PTDBG_DIR "/stacks",
};

static void read_one(const char *path)
{
	static char buf[64 * 1024];
	struct pollfd p = { .events = POLLIN };
	size_t most = random_below(4) ? MOST_BYTES : 1 + random_below(4096);
	size_t have = 0;
	ssize_t n;

	p.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	/* it is unloaded just now */
	if (p.fd < 0)
		return;
	do {
		n = read(p.fd, buf, 1 + random_below(sizeof(buf)));
		if (n > 0)
			have += n;
	} while (n > 0 && have < most);
	if (!random_below(3)) {
		poll(&p, 1, POLL_MS);
		have += read(p.fd, buf, sizeof(buf)) > 0;
	}
	close(p.fd);
	if (have)
		worker_did();
}

void work_reads(void)
{
	unsigned int i;

	for (i = 1; i < READERS; i++) {
		if (fork())
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		srandom(random() + i);
		break;
	}
	for (;;) {
		read_one(files[random_below(sizeof(files) / sizeof(*files))]);
		/* or it would never be unloaded */
		usleep(random_below(PAUSE_US));
	}
}
