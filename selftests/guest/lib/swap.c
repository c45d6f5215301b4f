// SPDX-License-Identifier: GPL-2.0-only
/*
 * Swapping to the disk that every guest has.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/swap.h>
#include <unistd.h>

#include "advise.h"
#include "control.h"
#include "smaps.h"
#include "swap.h"

#define TRIES		500
#define PAUSE_US	10000

/* union swap_header, include/linux/swap.h */
#define VERSION_AT	1024
#define LAST_PAGE_AT	1028
#define MAGIC		"SWAPSPACE2"

/* What mkswap(8) does. */
static int make_swap(void)
{
	unsigned long page = sysconf(_SC_PAGESIZE), size;
	unsigned int version = 1, last;
	char *head = calloc(1, page);
	int fd, err = -1;

	fd = open(SWAP_DISK, O_RDWR | O_CLOEXEC);
	if (fd >= 0 && head && !ioctl(fd, BLKGETSIZE64, &size)) {
		last = size / page - 1;
		memcpy(head + VERSION_AT, &version, sizeof(version));
		memcpy(head + LAST_PAGE_AT, &last, sizeof(last));
		memcpy(head + page - strlen(MAGIC), MAGIC, strlen(MAGIC));
		if (pwrite(fd, head, page, 0) == (long)page && !fsync(fd))
			err = 0;
	}
	if (fd >= 0)
		close(fd);
	free(head);
	return err;
}

int swap_on(void)
{
	return make_swap() || swapon(SWAP_DISK, 0) ? -1 : 0;
}

void swap_off(void)
{
	if (swapoff(SWAP_DISK))
		die("swapoff: %s", strerror(errno));
}

bool swap_out(void *at)
{
	unsigned long page = sysconf(_SC_PAGESIZE), before;
	struct smaps m;
	unsigned int i;

	if (!smaps_find(at, &m))
		return false;
	before = m.swap;
	for (i = 0; i < TRIES; i++) {
		advise(at, page, MADV_PAGEOUT);
		if (!smaps_find(at, &m) ||
		    (m.swap == before + page / 1024 &&
		     !(pagemap_word(at) & PM_PRESENT)))
			return m.end;
		/* it may be on its way to the disk */
		usleep(PAUSE_US);
	}
	return false;
}
