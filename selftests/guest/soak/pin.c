// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that the kernel pins: by O_DIRECT, by buffers that io_uring is given for
 * good, by vmsplice.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "chance.h"
#include "swap.h"
#include "worker.h"

#define PAGES	16

static bool pin_ring(int ring, char *p)
{
	struct iovec v = { .iov_base = p, .iov_len = PAGES * page_bytes() };

	if (ring < 0 || syscall(SYS_io_uring_register, ring, IORING_REGISTER_BUFFERS, &v, 1))
		return false;
	/* the entries go, the pages stay until they are let go */
	madvise(p, v.iov_len, MADV_DONTNEED);
	syscall(SYS_io_uring_register, ring, IORING_UNREGISTER_BUFFERS, NULL, 0);
	return true;
}

static bool pin_pipe(const int *pipe_fd, char *p)
{
	struct iovec v = { .iov_base = p, .iov_len = page_bytes() };
	char sink[4096];
	long n = vmsplice(pipe_fd[1], &v, 1, SPLICE_F_NONBLOCK), got;

	for (got = n; got > 0; got -= sizeof(sink)) {
		if (read(pipe_fd[0], sink, sizeof(sink)) <= 0)
			break;
	}
	return n > 0;
}

void work_pin(void)
{
	unsigned long page = page_bytes();
	struct io_uring_params params = { };
	int ring, disk, pipe_fd[2];
	char *p = pages_map(PAGES);
	bool done;

	disk = open(SWAP_DISK, O_RDONLY | O_DIRECT | O_CLOEXEC);
	ring = syscall(SYS_io_uring_setup, 4, &params);
	if (disk < 0 && ring < 0)
		worker_cannot("neither a disk nor io_uring: %s", strerror(errno));
	if (pipe(pipe_fd))
		worker_cannot("pipe: %s", strerror(errno));
	for (;;) {
		switch (random_below(3)) {
		case 0:
			done = pread(disk, p + random_below(PAGES) * page, page,
				     random_below(64) * page) > 0;
			break;
		case 1:
			done = pin_ring(ring, p);
			break;
		default:
			done = pin_pipe(pipe_fd, p + random_below(PAGES) * page);
			break;
		}
		if (done)
			worker_did();
		madvise(p, PAGES * page, MADV_DONTNEED);
	}
}
