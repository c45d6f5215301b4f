// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every system call that takes a file, as nobody would call it.
 */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "ops.h"

#define ROOM		(64 * 1024)
#define POLL_MS		3
/* ptdbg takes 1023 characters at once */
#define TEXT		1200

static char room[ROOM];

/* Memory of which the second page can't be touched, so that a copy ends there. */
static char *cut_off(void)
{
	static char *p;
	long page = sysconf(_SC_PAGESIZE);

	if (!p) {
		p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p == MAP_FAILED)
			_exit(1);
		mprotect(p + page, page, PROT_NONE);
	}
	return p + page - rnd(64);
}

static void *any_buffer(void)
{
	switch (rnd(16)) {
	case 0:
		return NULL;
	case 1:
		return cut_off();
	case 2:
		/* the kernel's own, as far as it goes */
		return (void *)(uintptr_t)(-1UL << rnd(64));
	default:
		return room;
	}
}

static unsigned long any_size(void)
{
	switch (rnd(8)) {
	case 0:
		return rnd(8);
	case 1:
		return ROOM;
	default:
		return rnd(5000);
	}
}

static off_t any_offset(void)
{
	static const off_t ends[] = {
		0, -1, 1, 4095, 4096, 4097, INT_MAX, UINT_MAX, LONG_MAX, LONG_MIN, LONG_MAX - 4095,
	};

	return rnd(2) ? (off_t)rnd(70000) : ends[rnd(sizeof(ends) / sizeof(*ends))];
}

static void write_text(const struct target *t)
{
	unsigned long len = t->panics ? text_noise(room, TEXT) : text_any(room, TEXT);
	struct iovec v[2] = {
		{ room, len / 2 }, { room + len / 2, len - len / 2 },
	};

	if (!rnd(16))
		writev(t->fd, v, 2);
	else if (!rnd(16))
		pwrite(t->fd, room, len, any_offset());
	else if (!rnd(16))
		write(t->fd, any_buffer(), t->panics ? 0 : any_size());
	else
		write(t->fd, room, len);
}

static void through_pipe(const struct target *t)
{
	off_t at = any_offset();
	int p[2];

	if (pipe2(p, O_NONBLOCK | O_CLOEXEC))
		return;
	if (rnd(2)) {
		splice(t->fd, rnd(2) ? &at : NULL, p[1], NULL, any_size(), SPLICE_F_NONBLOCK);
	} else if (!t->panics) {
		write(p[1], room, text_any(room, TEXT));
		splice(p[0], NULL, t->fd, rnd(2) ? &at : NULL, any_size(), SPLICE_F_NONBLOCK);
	}
	if (rnd(2)) {
		at = any_offset();
		sendfile(p[1], t->fd, rnd(2) ? &at : NULL, any_size());
	}
	close(p[0]);
	close(p[1]);
}

static void look_into(const struct target *t)
{
	struct pollfd p = { .fd = t->fd, .events = rnd(65536) };
	struct stat st;
	void *map;

	switch (rnd(9)) {
	case 0:
		poll(&p, 1, rnd(POLL_MS));
		break;
	case 1:
		ioctl(t->fd, rnd(2) ? rnd(1 << 16) : rnd(-1UL), any_buffer());
		break;
	case 2:
		map = mmap(NULL, 1 + any_size(), rnd(8), rnd(2) ? MAP_SHARED : MAP_PRIVATE,
			   t->fd, any_offset() & -4096L);
		if (map != MAP_FAILED)
			munmap(map, 1);
		break;
	case 3:
		ftruncate(t->fd, any_offset());
		break;
	case 4:
		fallocate(t->fd, rnd(8), any_offset(), any_offset());
		break;
	case 5:
		fcntl(t->fd, F_SETFL, rnd(2) ? O_NONBLOCK : O_NONBLOCK | O_ASYNC | O_APPEND);
		break;
	case 6:
		fsync(t->fd);
		break;
	case 7:
		fcntl(t->fd, F_SETLEASE, rnd(3));
		break;
	default:
		fstat(t->fd, &st);
		break;
	}
}

void op_any(struct target *t)
{
	struct iovec v[3] = {
		{ any_buffer(), rnd(100) }, { any_buffer(), any_size() }, { room, rnd(10) },
	};

	switch (rnd(10)) {
	case 0:
	case 1:
	case 2:
		write_text(t);
		break;
	case 3:
	case 4:
		read(t->fd, any_buffer(), any_size());
		break;
	case 5:
		pread(t->fd, any_buffer(), any_size(), any_offset());
		break;
	case 6:
		readv(t->fd, v, 3);
		break;
	case 7:
		lseek(t->fd, any_offset(), rnd(6));
		break;
	case 8:
		through_pipe(t);
		break;
	default:
		look_into(t);
		break;
	}
}
