/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A recording in the making: packets go from ptdbg.d/ctf to a directory.
 */
#ifndef PTDBG_RECFILE_H
#define PTDBG_RECFILE_H

#include <poll.h>
#include <sys/types.h>

#include "reader.h"
#include "seen.h"

/**
 * struct recfile - a recording in the making
 * @dir: the directory
 * @from: ptdbg.d/ctf
 * @out: the file for each stream of @from
 * @poll: for each of them, and one more
 * @bytes: written
 * @seen: whom the records are about
 */
struct recfile {
	const char *dir;
	struct reader *from;
	int *out;
	struct pollfd *poll;
	u64 bytes;
	struct seen seen;
};

/**
 * recfile_create() - begin a recording
 * @dir: directory; it is made; if there is one, it must be empty or a recording
 *
 * What was recorded before is passed over.
 *
 * Return: the recording, or NULL with a sentence.
 */
struct recfile *recfile_create(const char *dir);

/* Copy what has come.  Return: bytes, or -1 with a sentence. */
ssize_t recfile_copy(struct recfile *rf);

/* Wait until there is something to copy, or to be read from @also. */
void recfile_wait(struct recfile *rf, int also);

/*
 * End it; frees @rf.
 * Return: true, or false with a sentence: not all is on the disk.
 */
bool recfile_close(struct recfile *rf);

#endif /* PTDBG_RECFILE_H */
