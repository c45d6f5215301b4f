// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults that wait for the program itself: one thread touches, the other fills
 * the page in, copied or zero.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "chance.h"
#include "control.h"
#include "touch.h"
#include "worker.h"

#define PAGES	64

static char *room;

static void *touch_and_drop(void *unused)
{
	unsigned long i, page = page_bytes();

	(void)unused;
	for (;;) {
		for (i = 0; i < PAGES; i++) {
			if (i % 2)
				store_byte(room + i * page, i);
			else
				load_byte(room + i * page);
		}
		if (madvise(room, PAGES * page, MADV_DONTNEED))
			break;
	}
	return NULL;
}

static void fill(int fd, unsigned long at, const char *from)
{
	unsigned long page = page_bytes();
	struct uffdio_copy copy = {
		.dst = at & -page, .src = (unsigned long)from, .len = page,
	};
	struct uffdio_zeropage zero = {
		.range = { at & -page, page },
	};

	if (random_below(2))
		ioctl(fd, UFFDIO_COPY, &copy);
	else
		ioctl(fd, UFFDIO_ZEROPAGE, &zero);
}

void work_uffd(void)
{
	unsigned long page = page_bytes();
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	struct uffd_msg msg;
	pthread_t thread;
	char *from;
	int fd;

	fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	if (fd < 0)
		worker_cannot("userfaultfd: %s", strerror(errno));
	if (ioctl(fd, UFFDIO_API, &api))
		die("UFFDIO_API: %s", strerror(errno));
	from = pages_map(1);
	store_byte(from, 1);
	room = pages_map(PAGES);
	reg.range.start = (unsigned long)room;
	reg.range.len = PAGES * page;
	if (ioctl(fd, UFFDIO_REGISTER, &reg))
		die("UFFDIO_REGISTER: %s", strerror(errno));
	if (pthread_create(&thread, NULL, touch_and_drop, NULL))
		die("no thread");
	while (read(fd, &msg, sizeof(msg)) == sizeof(msg)) {
		if (msg.event != UFFD_EVENT_PAGEFAULT)
			continue;
		fill(fd, msg.arg.pagefault.address, from);
		worker_did();
	}
	die("no event: %s", strerror(errno));
}
