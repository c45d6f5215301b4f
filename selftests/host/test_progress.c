// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who waits for a long recording sees how far it is: at a terminal, and only
 * there.  The output goes into a pipe that is not read for a while.
 */
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../tools/progress.h"
#include "recording.h"
#include "tap.h"

#define DIR	BUILD "/progress"
/* More text than a pipe and the buffers hold */
#define RECORDS	(4 * PROGRESS_STEP)

static bool make(void)
{
	static struct rec_stream s;
	struct ptdbg_layout l = fix_n1();
	struct ptdbg_trace t = fix_trace(&l);
	union fix_record f;
	u64 state = 5;
	unsigned int i;

	if (!rec_begin(DIR, &t) || !rec_open(&s, DIR, 0, 0, REC_PACKET))
		return false;
	for (i = 0; i < RECORDS; i++) {
		rec_fill(&f, PTDBG_FAULT, 1000 + i, &state);
		rec_add(&s, &f.r);
	}
	return rec_close(&s);
}

/* A terminal; its other end is @slave. */
static int terminal(int *slave)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);

	if (master < 0 || grantpt(master) || unlockpt(master))
		return -1;
	*slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	return *slave < 0 ? -1 : master;
}

/* All that can be read; @text gets the beginning of it. */
static size_t read_all(int fd, char *text, size_t size)
{
	char buf[65536];
	size_t have = 0, all = 0;
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		if ((size_t)n < size - have) {
			memcpy(text + have, buf, n);
			have += n;
		}
		all += n;
	}
	text[have] = '\0';
	return all;
}

/* Run a report whose reader sleeps first; what it says, and its exit code. */
static int slow_report(bool on_terminal, char *said, size_t size)
{
	int out[2], err[2], slave, status;
	char some[16];
	pid_t pid;

	if (pipe(out) || (!on_terminal && pipe(err)))
		return -1;
	if (on_terminal) {
		err[0] = terminal(&slave);
		err[1] = slave;
	}
	if (err[0] < 0)
		return -1;
	pid = fork();
	if (!pid) {
		dup2(out[1], STDOUT_FILENO);
		dup2(err[1], STDERR_FILENO);
		close(out[0]);
		close(err[0]);
		execl(BUILD "/ptdbg", "ptdbg", "report", DIR, NULL);
		_exit(127);
	}
	close(out[1]);
	close(err[1]);
	/* nothing is shown in the first second */
	usleep(1200000);
	if (!read_all(out[0], some, sizeof(some)))
		printf("# no report\n");
	read_all(err[0], said, size);
	close(out[0]);
	close(err[0]);
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

int main(void)
{
	char said[8192];
	const char *end = "\r\033[K";

	tap_begin();
	if (!ok(make(), "a recording is made"))
		return tap_end();
	ok(!slow_report(true, said, sizeof(said)), "a report with a terminal");
	has_text(said, " % of ", "it shows how far it is");
	ok(strlen(said) > strlen(end) &&
	   !strcmp(said + strlen(said) - strlen(end), end),
	   "and takes that away at the end");
	ok(!slow_report(false, said, sizeof(said)), "a report without one");
	is_text(said, "", "it shows nothing");
	return tap_end();
}
