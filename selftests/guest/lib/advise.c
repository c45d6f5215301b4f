// SPDX-License-Identifier: GPL-2.0-only
/*
 * See advise.h.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "advise.h"
#include "control.h"
#include "cpus.h"

struct advice {
	void *at;
	size_t size;
	int advice;
};

static void advise_here(void *arg)
{
	const struct advice *a = arg;

	if (madvise(a->at, a->size, a->advice))
		die("madvise %d: %s", a->advice, strerror(errno));
}

void advise(void *at, size_t size, int advice)
{
	struct advice a = { at, size, advice };

	on_each_cpu(advise_here, &a);
}
