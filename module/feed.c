// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handing out what is made piece by piece: a text, a packet, a list.
 */
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "ptdbg.h"

/**
 * ptdbg_feed() - fill a read() with pieces
 * @to: user's buffer
 * @size: its bytes
 * @p: the piece at hand
 * @next: makes the next piece in @p: returns 1, 0 at the end, or -errno
 * @data: for @next
 *
 * Context: process context; the reader's own lock is held.
 *
 * Return: bytes handed out, 0 at the end, or -errno when there were none.
 */
ssize_t ptdbg_feed(char __user *to, size_t size, struct ptdbg_piece *p,
		   int (*next)(void *data), void *data)
{
	ssize_t got = 0;
	int more = 1;
	size_t n;

	while (got < size) {
		if (p->done == p->len) {
			more = next(data);
			if (more <= 0)
				break;
		}
		n = min(size - got, p->len - p->done);
		if (copy_to_user(to + got, p->at + p->done, n)) {
			more = -EFAULT;
			break;
		}
		p->done += n;
		got += n;
		if (signal_pending(current))
			break;
		cond_resched();
	}
	return got ? got : min(more, 0);
}
