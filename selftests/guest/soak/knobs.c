// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every knob of ptdbg, turned all the time; there are moments without any.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "chance.h"
#include "control.h"
#include "worker.h"

#define PAUSE_US	20000

/* A comm that nobody has, and rules that no table breaks, go on to record. */
static const struct {
	const char *knob;
	const char *text;
} turns[] = {
	{ "enable", "0" }, { "enable", "1" }, { "enable", "1" },
	{ "clear", "1" },
	{ "filter", "comm=soak user" }, { "filter", "type=gup,sig" },
	{ "filter", "pid=1 addr=1000-7ffff000" }, { "filter", "bad" },
	{ "filter", "\n" }, { "filter", "\n" },
	{ "regions", "allow table 0-" }, { "regions", "deny pte 0-1000" }, { "regions", "\n" },
	{ "freeze_on", "table_region" }, { "freeze_on", "\n" },
	{ "frees", "1" }, { "frees", "0" },
	{ "stacks", "1" }, { "stacks", "0" },
	{ "enable", "nonsense" }, { "regions", "nonsense" },
};

void work_knobs(void)
{
	char path[128], text[64];
	unsigned int i;

	for (;;) {
		i = random_below(sizeof(turns) / sizeof(*turns) + 2);
		if (i < sizeof(turns) / sizeof(*turns)) {
			snprintf(path, sizeof(path), PTDBG_DIR "/%s", turns[i].knob);
			snprintf(text, sizeof(text), "%s", turns[i].text);
		} else {
			/* of any process that may be there */
			snprintf(path, sizeof(path), PTDBG_DIR "/%s",
				 i % 2 ? "walk" : "tables");
			snprintf(text, sizeof(text), i % 2 ? "%lu %lx" : "%lu",
				 1 + random_below(getpid() + 64), random_below(1UL << 38));
		}
		if (try_write(path, text))
			worker_did();
		usleep(PAUSE_US);
	}
}
