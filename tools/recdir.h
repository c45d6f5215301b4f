/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The directory of a recording in the making.
 */
#ifndef PTDBG_RECDIR_H
#define PTDBG_RECDIR_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Make the directory, and the one for the notes.  What is left of a recording in
 * it is removed; with anything else in it, it is refused.
 * Return: true, or false with a sentence.
 */
bool recdir_make(const char *dir);

/* A file in it, opened to be written anew; -1 with a sentence. */
int recdir_create(const char *dir, const char *name);

/* Write all of it.  Return: true, or false with errno. */
bool recdir_write(int fd, const char *at, size_t left);

#endif /* PTDBG_RECDIR_H */
