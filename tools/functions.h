/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names of functions in programs and libraries, from their symbol tables; only
 * where elfutils is.
 */
#ifndef PTDBG_FUNCTIONS_H
#define PTDBG_FUNCTIONS_H

#include "core/env.h"

struct object;

#ifdef HAVE_ELF
/**
 * functions_open() - the functions of a file
 * @sysroot: goes before @file; "": none
 * @file: name on the machine that recorded
 * @build: its build id; a file with another is not used
 *
 * Those of SYSROOT/usr/lib/debug/.build-id, if they are there, or its own.
 *
 * Return: its functions, or NULL: there are none.
 */
struct object *functions_open(const char *sysroot, const char *file,
			      const char *build);

void functions_close(struct object *o);

/* The function at an offset of the file, and how far in; NULL: there is none. */
const char *functions_at(const struct object *o, u64 offset, u64 *into);
#else
static inline struct object *functions_open(const char *sysroot,
					    const char *file, const char *build)
{
	(void)sysroot;
	(void)file;
	(void)build;
	return NULL;
}

static inline void functions_close(struct object *o)
{
	(void)o;
}

static inline const char *functions_at(const struct object *o, u64 offset,
				       u64 *into)
{
	(void)o;
	(void)offset;
	(void)into;
	return NULL;
}
#endif

#endif /* PTDBG_FUNCTIONS_H */
