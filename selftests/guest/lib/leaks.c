// SPDX-License-Identifier: GPL-2.0-only
/*
 * See leaks.h.
 *
 * A scan of kmemleak that finds no pointer to an object may have come when the only
 * one was in a register, so the second one decides.  It never tells of objects that
 * are younger than five seconds.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "leaks.h"

#define KMEMLEAK	"/sys/kernel/debug/kmemleak"
#define AGE_SECONDS	6
/* lines of what is found, in all */
#define MOST_LINES	200

static bool has_kmemleak(void)
{
	return !access(KMEMLEAK, F_OK);
}

static void tell(const char *what)
{
	/* it switches itself off when it gets no memory, and nothing is seen then */
	if (write_file(KMEMLEAK, what, strlen(what)) != (long)strlen(what))
		die(KMEMLEAK " does not take \"%s\": %s", what, strerror(errno));
}

void leaks_before(struct memory *before)
{
	memory_settled(before);
	if (has_kmemleak()) {
		tell("scan");
		tell("clear");
	}
}

static void print_lines(char *text)
{
	static unsigned int lines;
	char *line;

	while ((line = strsep(&text, "\n"))) {
		if (*line && lines++ < MOST_LINES)
			printf("# %s\n", line);
	}
}

/*
 * Has a module lost it that is gone, so that its addresses have no names?  TEXT is
 * one object, with the stack of its allocation.  Where sysfs_slab_add() fails, Linux
 * itself loses the name of a cache (mm/slub.c of 6.12: there is no kobject_put()).
 */
static bool is_lost(const char *text)
{
	if (strstr(text, " kobject_set_name_vargs+") && strstr(text, " sysfs_slab_add+"))
		return false;
	return strstr(text, "\n    0x") || strstr(text, "[ptdbg");
}

/* Objects that ptdbg has lost; what others have is told as well. */
static unsigned int kmemleak_finds(void)
{
	static const char head[] = "unreferenced object";
	char *found, *object, *next;
	unsigned int lost = 0;

	sleep(AGE_SECONDS);
	tell("scan");
	tell("scan");
	found = need_file(KMEMLEAK);
	for (object = *found ? found : NULL; object; object = next) {
		next = strstr(object + 1, head);
		if (next)
			next[-1] = '\0';
		lost += is_lost(object);
		print_lines(object);
	}
	free(found);
	return lost;
}

bool leaks_none(const struct memory *before, long pages)
{
	struct memory now;
	bool callers, missing, leaks;

	memory_settled(&now);
	memory_print("before", before);
	memory_print("after", &now);
	callers = now.vmalloc > before->vmalloc || now.slab > before->slab ||
		  now.pages > before->pages;
	if (now.pages > before->pages)
		memory_tell_pages();
	/*
	 * Where pages tell their callers these decide: KASAN keeps for a while what is
	 * freed, and page_owner each stack it has seen.
	 */
	missing = now.pages < 0 && now.free < before->free - pages;
	if (missing)
		printf("# %ld pages are missing, %ld may be\n", before->free - now.free, pages);
	leaks = has_kmemleak() && kmemleak_finds();
	if (!has_kmemleak())
		printf("# this kernel has no kmemleak\n");
	return !callers && !missing && !leaks;
}
