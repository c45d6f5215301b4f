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

#include "chance.h"
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
	return p + page - random_below(64);
}

static void *any_buffer(void)
{
	switch (random_below(16)) {
	case 0:
		return NULL;
	case 1:
		return cut_off();
	case 2:
		/* the kernel's own, as far as it goes */
		return (void *)(uintptr_t)(-1UL << random_below(64));
	default:
		return room;
	}
}

/* Few are long: making text takes far more time than a call. */
static unsigned long any_size(void)
{
	switch (random_below(32)) {
	case 0:
		return ROOM;
	case 1:
	case 2:
	case 3:
		return random_below(5000);
	case 4:
	case 5:
	case 6:
		return random_below(8);
	default:
		return random_below(400);
	}
}

static off_t any_offset(void)
{
	static const off_t ends[] = {
		0, -1, 1, 4095, 4096, 4097, INT_MAX, UINT_MAX, LONG_MAX, LONG_MIN, LONG_MAX - 4095,
	};

	if (!random_below(16))
		return random_below(70000);
	return random_below(2) ? (off_t)random_below(400) :
				 ends[random_below(sizeof(ends) / sizeof(*ends))];
}

static void write_text(const struct target *t)
{
	unsigned long len = t->panics ? text_noise(room, TEXT) : text_any(room, TEXT);
	struct iovec v[2] = {
		{ room, len / 2 }, { room + len / 2, len - len / 2 },
	};

	if (!random_below(16))
		writev(t->fd, v, 2);
	else if (!random_below(16))
		pwrite(t->fd, room, len, any_offset());
	else if (!random_below(16))
		write(t->fd, any_buffer(), t->panics ? 0 : any_size());
	else
		write(t->fd, room, len);
}

/* Ours, empty; to make one takes far longer than what is done with it. */
static const int *pipe_ends(void)
{
	static int p[2] = { -1, -1 };

	if (p[0] < 0 && pipe2(p, O_NONBLOCK | O_CLOEXEC))
		_exit(1);
	while (read(p[0], room, ROOM) > 0)
		;
	return p;
}

static void through_pipe(const struct target *t)
{
	const int *p = pipe_ends();
	off_t at = any_offset();

	if (random_below(2)) {
		splice(t->fd, random_below(2) ? &at : NULL, p[1], NULL, any_size(),
		       SPLICE_F_NONBLOCK);
	} else if (!t->panics) {
		write(p[1], room, text_any(room, TEXT));
		splice(p[0], NULL, t->fd, random_below(2) ? &at : NULL, any_size(),
		       SPLICE_F_NONBLOCK);
	}
	if (random_below(2)) {
		at = any_offset();
		sendfile(p[1], t->fd, random_below(2) ? &at : NULL, any_size());
	}
}

static void look_into(const struct target *t)
{
	struct pollfd p = { .fd = t->fd, .events = random_below(65536) };
	struct stat st;
	void *map;

	switch (random_below(9)) {
	case 0:
		poll(&p, 1, random_below(POLL_MS));
		break;
	case 1:
		ioctl(t->fd, random_below(random_below(2) ? 1 << 16 : -1UL), any_buffer());
		break;
	case 2:
		map = mmap(NULL, 1 + any_size(), random_below(8),
			   random_below(2) ? MAP_SHARED : MAP_PRIVATE,
			   t->fd, any_offset() & -4096L);
		if (map != MAP_FAILED)
			munmap(map, 1);
		break;
	case 3:
		ftruncate(t->fd, any_offset());
		break;
	case 4:
		fallocate(t->fd, random_below(8), any_offset(), any_offset());
		break;
	case 5:
		fcntl(t->fd, F_SETFL, O_NONBLOCK | (random_below(2) ? 0 : O_ASYNC | O_APPEND));
		break;
	case 6:
		fsync(t->fd);
		break;
	case 7:
		fcntl(t->fd, F_SETLEASE, random_below(3));
		/* whoever opens it waits 45 s for a lease, also one who holds another */
		fcntl(t->fd, F_SETLEASE, F_UNLCK);
		break;
	default:
		fstat(t->fd, &st);
		break;
	}
}

enum op op_any(const struct target *t)
{
	struct iovec v[3] = {
		{ any_buffer(), random_below(100) }, { any_buffer(), any_size() },
		{ room, random_below(10) },
	};

	switch (random_below(10)) {
	case 0:
	case 1:
	case 2:
		write_text(t);
		return OP_WRITE;
	case 3:
	case 4:
		read(t->fd, any_buffer(), any_size());
		return OP_READ;
	case 5:
		pread(t->fd, any_buffer(), any_size(), any_offset());
		return OP_PREAD;
	case 6:
		readv(t->fd, v, 3);
		return OP_READV;
	case 7:
		lseek(t->fd, any_offset(), random_below(6));
		return OP_SEEK;
	case 8:
		through_pipe(t);
		return OP_PIPE;
	default:
		look_into(t);
		return OP_LOOK;
	}
}
