/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The files that were mapped by processes, out of the note "maps".
 */
#ifndef PTDBG_MAPS_H
#define PTDBG_MAPS_H

#include "core/env.h"

/* A look that ended so close before the next address space came is not trusted. */
#define MAPS_DOUBT_NS	20000000ULL

struct object;

/**
 * struct mapping - a line of /proc/PID/maps
 * @first: first address
 * @end: behind the last
 * @offset: of @first in the file, in bytes
 * @ino: inode of the file
 * @dev: its device: major << 20 | minor
 * @exec: the mapping is executable
 * @file: name of the file
 * @build: its build id, or NULL
 * @object: its functions, if it was @asked for them
 * @asked: see @object
 */
struct mapping {
	u64 first;
	u64 end;
	u64 offset;
	u64 ino;
	u32 dev;
	bool exec;
	const char *file;
	const char *build;
	struct object *object;
	bool asked;
};

struct maps;

/* Understand a line; @m->file points into it.  False: it is not of a file. */
bool mapping_parse(const char *line, struct mapping *m);

/* From the text of the note; takes @text, which is cut up and freed at last. */
struct maps *maps_parse(char *text);

void maps_free(struct maps *m);

/**
 * struct place - where in which process at what time
 * @tgid: the process
 * @root: its address space, see seen_space()
 * @ts: nanoseconds, as in records
 * @addr: address
 */
struct place {
	u32 tgid;
	u64 root;
	u64 ts;
	u64 addr;
};

/* The mapping that was at a place; NULL: not known for sure. */
struct mapping *maps_at(struct maps *m, const struct place *p);

/* A mapping of that file in the same address space; NULL: not known. */
struct mapping *maps_of_file(struct maps *m, const struct place *p, u32 dev,
			     u64 ino);

/* A mapping of that file in any address space of a process; NULL: not known. */
struct mapping *maps_of_process(struct maps *m, u32 tgid, u32 dev, u64 ino);

#endif /* PTDBG_MAPS_H */
