/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A memory image: raw RAM, an ELF core, or, with libkdumpfile, a dump in one of
 * the kdump formats.
 */
#ifndef PTDBG_IMAGE_H
#define PTDBG_IMAGE_H

#include "core/env.h"

/**
 * struct image_range - a piece of memory that lies in one piece in the file
 * @at: its place in the image, see struct image
 * @size: bytes
 * @phys: physical address; of a raw image the place in the file
 * @offset: in the file
 */
struct image_range {
	u64 at;
	u64 size;
	u64 phys;
	u64 offset;
};

/**
 * struct image - an open memory image
 * @path: of the file
 * @fd: the file
 * @kind: "raw memory"
 * @range: the pieces, by physical address; a place in the image counts the bytes
 *	of those before.  Of a kdump there is one, and places are addresses
 * @nr: number of them
 * @size: bytes of memory
 * @cut: bytes that should be in the file and are not
 * @step: what ptdbg allocates begins at physical addresses that are a multiple
 * @chunk: bytes to be read at a time by those who look through all of it
 * @kdump: the library's, or NULL
 */
struct image {
	const char *path;
	int fd;
	const char *kind;
	struct image_range *range;
	size_t nr;
	u64 size;
	u64 cut;
	u64 step;
	size_t chunk;
	void *kdump;
};

/* Return: true, or false with a sentence. */
bool image_open(struct image *img, const char *path);
void image_close(struct image *img);

/**
 * image_read() - memory
 * @img: image
 * @at: place in it
 * @buf: for the bytes
 * @bytes: wanted
 *
 * Return: bytes from @at on that are in the image and physically contiguous;
 * less than @bytes where pages are missing.
 */
size_t image_read(struct image *img, u64 at, void *buf, size_t bytes);

/**
 * image_seek() - the next place where something may begin
 * @img: image
 * @at: place to start at, and the result
 * @step: it must be at a physical address that is a multiple of this
 *
 * Return: bytes that can be read there without a gap, or that lie in one range;
 * 0 at the end.
 */
u64 image_seek(struct image *img, u64 *at, u64 step);

/* Physical address of a place. */
u64 image_phys(const struct image *img, u64 at);

/* image_kdump.c, with libkdumpfile; without it, none of these is called */
bool image_kdump_open(struct image *img);
void image_kdump_close(struct image *img);
size_t image_kdump_read(struct image *img, u64 at, void *buf, size_t bytes);
bool image_kdump_seek(struct image *img, u64 *at);

#endif /* PTDBG_IMAGE_H */
