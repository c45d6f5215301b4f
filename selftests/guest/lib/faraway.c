// SPDX-License-Identifier: GPL-2.0-only
/*
 * A child that maps memory far away from all that it has.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"
#include "faraway.h"
#include "touch.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

int far_child;
unsigned long far_area, far_bytes;

static unsigned long page;
static char *area;
static int to_child[2], from_child[2];

static void map_area(void)
{
	if (mmap(area, far_bytes, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != area ||
	    madvise(area, far_bytes, MADV_NOHUGEPAGE))
		_exit(1);
}

static void touch_all(void)
{
	unsigned int i;

	for (i = 0; i < FAR_SPANS; i++)
		store_byte(area + i * (page / 8 * page), 1);
}

static void *touch_held(void *unused)
{
	store_byte(area, 1);
	return unused;
}

/*
 * The first page of a span is shared memory that userfaultfd watches, the
 * second one private.  A thread writes to the first and waits in its fault;
 * the private page is touched; then the thread gets its page.
 */
static void race(void)
{
	struct uffdio_register reg = {
		.range = { far_area, page },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_copy copy = { .dst = far_area, .len = page };
	struct pollfd wait = { .events = POLLIN };
	struct uffd_msg msg;
	pthread_t thread;
	char *from;

	from = mmap(NULL, page, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	copy.src = (unsigned long)from;
	store_byte(from, 1);
	if (mmap(area, page, PROT_READ | PROT_WRITE,
		 MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != area)
		_exit(2);
	wait.fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	if (wait.fd < 0 || ioctl(wait.fd, UFFDIO_API, &api) ||
	    ioctl(wait.fd, UFFDIO_REGISTER, &reg))
		_exit(3);
	if (pthread_create(&thread, NULL, touch_held, NULL))
		_exit(4);
	if (poll(&wait, 1, 30000) != 1 ||
	    read(wait.fd, &msg, sizeof(msg)) != sizeof(msg) ||
	    msg.event != UFFD_EVENT_PAGEFAULT)
		_exit(5);
	store_byte(area + page, 1);
	if (ioctl(wait.fd, UFFDIO_COPY, &copy) || pthread_join(thread, NULL))
		_exit(6);
	close(wait.fd);
}

static void serve(void)
{
	char order;

	close(to_child[1]);
	while (read(to_child[0], &order, 1) == 1) {
		switch (order) {
		case FAR_MAP:
			map_area();
			break;
		case FAR_TOUCH:
			touch_all();
			break;
		case FAR_RACE:
			race();
			break;
		case FAR_UNMAP:
			munmap(area, far_bytes);
			break;
		}
		if (write(from_child[1], "", 1) != 1)
			break;
	}
	_exit(0);
}

/* An address whose upper bits nothing else of a process has. */
static void choose_area(void)
{
	static const unsigned int bits[] = { 46, 45, 40, 37, 36 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		far_area = 1UL << bits[i];
		area = (void *)far_area;
		if (mmap(area, far_bytes, PROT_NONE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
			 -1, 0) == area) {
			munmap(area, far_bytes);
			return;
		}
	}
	die("no address is free");
}

void far_start(void)
{
	page = sysconf(_SC_PAGESIZE);
	far_bytes = FAR_SPANS * (page / 8 * page);
	choose_area();
	if (pipe(to_child) || pipe(from_child))
		die("pipe: %s", strerror(errno));
	far_child = fork();
	if (far_child < 0)
		die("fork: %s", strerror(errno));
	if (!far_child)
		serve();
}

void far_tell(enum far_order order)
{
	char byte = order;

	if (write(to_child[1], &byte, 1) != 1 || read(from_child[0], &byte, 1) != 1)
		die("the child does not answer to '%c'", order);
}

void far_end(void)
{
	close(to_child[1]);
	waitpid(far_child, NULL, 0);
}
