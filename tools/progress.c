// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shows how far a recording was read: "34 % of 512 MB".
 */
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"
#include "say.h"

#define FIRST_NS	1000000000ULL
#define AGAIN_NS	200000000ULL

static u64 now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

void progress_begin(struct progress *p, const struct reader *rd)
{
	struct stat st;
	unsigned int i;

	memset(p, 0, sizeof(*p));
	for (i = 0; i < rd->nr; i++) {
		if (!fstat(rd->stream[i].fd, &st) && S_ISREG(st.st_mode))
			p->bytes += st.st_size;
	}
	if (!p->bytes || !isatty(STDERR_FILENO))
		return;
	p->rd = rd;
	p->next = now() + FIRST_NS;
}

void progress_show(struct progress *p)
{
	u64 done = 0, t;
	unsigned int i;

	p->steps = 0;
	if (!p->rd)
		return;
	t = now();
	if (t < p->next)
		return;
	p->next = t + AGAIN_NS;
	for (i = 0; i < p->rd->nr; i++)
		done += p->rd->stream[i].base + p->rd->stream[i].at;
	if (done > p->bytes)
		done = p->bytes;
	say_progress("%.0f %% of %llu MB ", 100.0 * done / p->bytes, p->bytes >> 20);
}
