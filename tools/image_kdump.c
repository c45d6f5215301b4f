// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps in the formats of kdump, through libkdumpfile: pages are compressed one
 * by one (zlib, lzo, snappy, zstd), and those of no interest may be left out.
 *
 * Places are physical addresses: nothing here needs the library to know the
 * kernel or the architecture.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <libkdumpfile/kdumpfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image.h"
#include "say.h"

/* What the module allocates is as long as this, and so aligned to it. */
#define STEP		65536
/* A page is decompressed to be looked at, so no more of them than need be. */
#define CHUNK		64

#define FLAT_HEAD	4096
#define HEAD_MIN	4096
/* place of its sizes, and the largest page that there is */
#define HEAD_SIZES	428
#define MAX_BLOCK	65536

/**
 * struct kdump - a dump that the library has open
 * @ctx: the library's
 * @pages: which pages are there
 * @page_size: bytes
 * @fd: a temporary file, or -1
 */
struct kdump {
	kdump_ctx_t *ctx;
	kdump_bmp_t *pages;
	kdump_num_t page_size;
	int fd;
};

/* What became of a piece of a flattened file */
enum piece {
	PIECE_DONE,
	PIECE_CUT,	/* the file ends before it does */
	PIECE_FAILED,	/* it can't be written; errno says why */
};

/* Copy @bytes from one file to a place of another. */
static enum piece copy(FILE *from, FILE *to, u64 offset, u64 bytes)
{
	static char buf[1024 * 1024];
	ssize_t n;

	while (bytes) {
		n = fread(buf, 1, bytes < sizeof(buf) ? bytes : sizeof(buf), from);
		if (!n)
			return PIECE_CUT;
		if (pwrite(fileno(to), buf, n, offset) != n)
			return PIECE_FAILED;
		offset += n;
		bytes -= n;
	}
	return PIECE_DONE;
}

/* All pieces, up to one with negative numbers */
static enum piece copy_all(FILE *from, FILE *to)
{
	enum piece done = PIECE_DONE;
	int64_t at[2];

	if (fseek(from, FLAT_HEAD, SEEK_SET))
		return PIECE_CUT;
	while (done == PIECE_DONE) {
		if (fread(at, sizeof(at), 1, from) != 1)
			return PIECE_CUT;
		at[0] = be64toh(at[0]);
		at[1] = be64toh(at[1]);
		if (at[0] < 0 || at[1] < 0)
			break;
		done = copy(from, to, at[0], at[1]);
	}
	return done;
}

/*
 * Flattened, as through a pipe: pieces of the file, each with its offset and its
 * size before it, big endian.  Libraries before 0.5.3 do not read that, so it is
 * put together in a temporary file.  Return: its descriptor, or -1 with a
 * sentence.
 */
static int unflatten(struct image *img)
{
	enum piece done = PIECE_FAILED;
	FILE *from, *to = NULL;
	int fd = -1;

	from = fopen(img->path, "re");
	if (from)
		to = tmpfile();
	if (to)
		done = copy_all(from, to);
	if (done != PIECE_FAILED)
		fd = dup(fileno(to));
	if (fd < 0)
		say("%s can't be put together in a temporary file: %s",
		    img->path, strerror(errno));
	/* what there is can be read all the same */
	if (done == PIECE_CUT)
		img->cut = 1;
	if (from)
		fclose(from);
	if (to)
		fclose(to);
	return fd;
}

/*
 * libkdumpfile 0.5.1 does not survive less than a header, and makes room for any
 * bitmap of pages that one tells of: struct disk_dump_header of a 64-bit machine.
 */
static bool holds_headers(int fd)
{
	struct {
		u32 block_size;
		u32 sub_hdr_size;
		u32 bitmap_blocks;
	} told;
	off_t end = lseek(fd, 0, SEEK_END);

	return end >= HEAD_MIN &&
	       pread(fd, &told, sizeof(told), HEAD_SIZES) == sizeof(told) &&
	       told.block_size <= MAX_BLOCK &&
	       (u64)told.bitmap_blocks * told.block_size <= (u64)end &&
	       (u64)told.sub_hdr_size * told.block_size <= (u64)end;
}

/* What could not be opened: libkdumpfile 0.5.1 dies when it is to free that. */
static kdump_ctx_t *unfit;

static bool fail_kdump(struct image *img, struct kdump *k)
{
	say("%s can't be read: libkdumpfile says \"%s\"", img->path,
	    kdump_get_err(k->ctx));
	return false;
}

static bool open_dump(struct image *img, struct kdump *k, bool flat)
{
	kdump_attr_t map = { .type = KDUMP_BITMAP };
	kdump_num_t max_pfn;

	if (flat)
		k->fd = unflatten(img);
	if (flat && k->fd < 0)
		return false;
	if (!holds_headers(flat ? k->fd : img->fd)) {
		say("%s ends in the middle of its headers, or they are damaged",
		    img->path);
		return false;
	}
	k->ctx = kdump_new();
	if (!k->ctx) {
		say("no memory to read %s", img->path);
		return false;
	}
	/* a mapping kills its reader where the file is cut short */
	kdump_set_number_attr(k->ctx, KDUMP_ATTR_FILE_MMAP_POLICY, KDUMP_MMAP_NEVER);
	if (kdump_open_fd(k->ctx, flat ? k->fd : img->fd) != KDUMP_OK) {
		fail_kdump(img, k);
		unfit = k->ctx;
		k->ctx = NULL;
		return false;
	}
	if (kdump_get_number_attr(k->ctx, KDUMP_ATTR_PAGE_SIZE, &k->page_size) != KDUMP_OK ||
	    kdump_get_number_attr(k->ctx, "max_pfn", &max_pfn) != KDUMP_OK ||
	    kdump_get_typed_attr(k->ctx, KDUMP_ATTR_FILE_PAGEMAP, &map) != KDUMP_OK)
		return fail_kdump(img, k);
	k->pages = map.val.bitmap;
	if (!k->page_size || k->page_size & (k->page_size - 1) ||
	    max_pfn > (1ULL << 52) / k->page_size) {
		say("%s can't be read: it has a size that none has", img->path);
		return false;
	}
	img->size = max_pfn * k->page_size;
	return true;
}

bool image_kdump_open(struct image *img)
{
	struct kdump *k = calloc(1, sizeof(*k));
	char head[12] = "";

	if (!k) {
		say("no memory to read %s", img->path);
		return false;
	}
	k->fd = -1;
	img->kdump = k;
	img->kind = "a kdump-compressed dump";
	img->step = STEP;
	img->chunk = CHUNK;
	img->range = calloc(1, sizeof(*img->range));
	if (!img->range || pread(img->fd, head, sizeof(head), 0) < 0)
		return false;
	if (!open_dump(img, k, !memcmp(head, "makedumpfile", 12)))
		return false;
	img->range->size = img->size;
	img->nr = 1;
	return true;
}

void image_kdump_close(struct image *img)
{
	struct kdump *k = img->kdump;

	if (!k)
		return;
	if (k->ctx)
		kdump_free(k->ctx);
	if (k->fd >= 0)
		close(k->fd);
	free(k);
	img->kdump = NULL;
}

size_t image_kdump_read(struct image *img, u64 at, void *buf, size_t bytes)
{
	struct kdump *k = img->kdump;
	size_t done = bytes;

	/* how much it got says it all: the rest is not in the dump */
	if (kdump_read(k->ctx, KDUMP_MACHPHYSADDR, at, buf, &done) != KDUMP_OK)
		kdump_clear_err(k->ctx);
	return done;
}

bool image_kdump_seek(struct image *img, u64 *at)
{
	struct kdump *k = img->kdump;
	kdump_addr_t pfn = *at / k->page_size;

	if (kdump_bmp_find_set(k->pages, &pfn) != KDUMP_OK) {
		*at = img->size;
		return true;
	}
	if (pfn <= *at / k->page_size)
		return false;
	*at = pfn * k->page_size;
	return true;
}
