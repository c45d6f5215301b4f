// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages with the same content, which the kernel makes one, and writes that part
 * them again.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "chance.h"
#include "touch.h"
#include "worker.h"

#define KSM		"/sys/kernel/mm/ksm/"
#define PAGES		128
#define PAUSE_US	100000

void work_ksm(void)
{
	unsigned long page = page_bytes(), i;
	char *p = pages_map(PAGES);

	if (!try_write(KSM "run", "1"))
		worker_cannot("no KSM");
	try_write(KSM "sleep_millisecs", "5");
	try_write(KSM "pages_to_scan", "1000");
	if (madvise(p, PAGES * page, MADV_MERGEABLE))
		worker_cannot("MADV_MERGEABLE is refused");
	for (;;) {
		memset(p, random_below(3), PAGES * page);
		usleep(PAUSE_US);
		for (i = 0; i < PAGES; i++)
			store_byte(p + i * page, random_below(3));
		if (!random_below(16)) {
			madvise(p, PAGES * page, MADV_UNMERGEABLE);
			madvise(p, PAGES * page, MADV_MERGEABLE);
		}
		worker_did();
	}
}
