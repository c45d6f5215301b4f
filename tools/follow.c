// SPDX-License-Identifier: GPL-2.0-only
/*
 * Follows a trace in turns: take what has come, wait.  While records come, a turn
 * is not begun before a pause is over, so that one wakeup is for many records;
 * when none come, poll() of the module's files waits for the next.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "follow.h"
#include "out.h"
#include "place.h"
#include "say.h"

/*
 * Records come in the order of time over all CPUs.  One that is about to be
 * written has a time that is past already, so the newest are held back.  The
 * clock of a recording may be that of another machine: there, the order holds
 * for what is in the files.
 */
#define HOLD_BACK_NS	2000000
#define PAUSE_NS	20000000ULL
/* There is no poll() for a file that grows. */
#define LOOK_NS		100000000ULL
/* Records in a turn: signals and keys are looked for in between. */
#define TURN		65536

u64 follow_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * FOLLOW_SECOND + t.tv_nsec;
}

static void stop(int sig)
{
	(void)sig;
	out_stop = true;
}

/* But for those that nohup, or a shell without job control, has switched off. */
static void catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = stop }, before;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		if (!sigaction(signals[i], NULL, &before) &&
		    before.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
}

/* Pass over what is there. */
static bool skip(struct follow *f)
{
	struct stream *s;
	struct event e;
	unsigned int i;

	for (i = 0; f->ring && i < f->rd->nr; i++) {
		s = &f->rd->stream[i];
		if (lseek(s->fd, 0, SEEK_END) < 0) {
			say("%s: %s", s->path, strerror(errno));
			return false;
		}
	}
	while (!f->ring && !out_stop && reader_next(f->rd, &e))
		;
	reader_tally(f->rd, &f->before);
	return true;
}

bool follow_open(struct follow *f, const char *dir, bool all)
{
	unsigned int i;

	memset(f, 0, sizeof(*f));
	f->rd = reader_open(dir);
	if (!f->rd)
		return false;
	f->ring = place_is_ring(dir);
	f->fds = calloc(f->rd->nr + 1, sizeof(*f->fds));
	if (!f->fds)
		say("no memory for %u CPUs", f->rd->nr);
	for (i = 0; f->fds && i < f->rd->nr; i++) {
		f->rd->stream[i].grows = !f->ring;
		f->fds[i + 1] = (struct pollfd){ f->rd->stream[i].fd, POLLIN, 0 };
	}
	catch_signals();
	if (f->fds && (all || skip(f)))
		return true;
	follow_close(f);
	return false;
}

void follow_close(struct follow *f)
{
	reader_close(f->rd);
	free(f->fds);
}

bool follow_next(struct follow *f, struct event *e)
{
	if (!f->taken) {
		f->any = false;
		if (f->ring)
			f->rd->horizon = follow_now() - HOLD_BACK_NS;
	}
	if (f->taken == TURN || !reader_next(f->rd, e)) {
		f->taken = 0;
		return false;
	}
	f->taken++;
	f->any = true;
	return true;
}

/* How long to wait, and for what: the number of f->fds. */
static unsigned int plan(const struct follow *f, u64 *ns)
{
	u64 most = f->any || f->ring ? PAUSE_NS : LOOK_NS;

	if (f->ring && !f->any && !reader_holds(f->rd))
		return 1 + f->rd->nr;
	*ns = *ns < most ? *ns : most;
	return 1;
}

bool follow_wait(struct follow *f, u64 until, int fd)
{
	u64 now = follow_now(), ns = until > now ? until - now : 0;
	struct timespec t;
	sigset_t caught, before;
	unsigned int nr = plan(f, &ns);

	t.tv_sec = ns / FOLLOW_SECOND;
	t.tv_nsec = ns % FOLLOW_SECOND;
	f->fds[0] = (struct pollfd){ fd, POLLIN, 0 };
	/* a signal comes before the look at out_stop, or ends ppoll() */
	sigemptyset(&caught);
	sigaddset(&caught, SIGINT);
	sigaddset(&caught, SIGTERM);
	sigaddset(&caught, SIGHUP);
	sigprocmask(SIG_BLOCK, &caught, &before);
	if (!out_stop)
		ppoll(f->fds, nr, until == ~0ULL && nr > 1 ? NULL : &t, &before);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return !out_stop;
}

void follow_tally(const struct follow *f, struct tally *t)
{
	reader_tally(f->rd, t);
	t->records -= f->before.records;
	t->lost -= f->before.lost;
	t->missed -= f->before.missed;
}
