/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The build id of a program or library: what tells one build of it from another.
 */
#ifndef PTDBG_BUILDID_H
#define PTDBG_BUILDID_H

#include "core/env.h"

/* Longest build id in hexadecimal, and the end of the text. */
#define BUILDID_MAX	64
#define BUILDID_TEXT	(2 * BUILDID_MAX + 1)

/**
 * buildid_read() - the build id in a file
 * @fd: of an ELF file of 64 bits; may be anything
 * @text: result, in hexadecimal
 *
 * Return: false when it has none.
 */
bool buildid_read(int fd, char text[BUILDID_TEXT]);

/*
 * A file to be read: regular, or it is not opened, for to open a device may do
 * something.  Return: file descriptor, or -1.
 */
int buildid_open(const char *path);

#endif /* PTDBG_BUILDID_H */
