// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads raw memory and ELF cores.  Nothing in the headers is believed before it
 * fits the file: a hostile one names no more memory than the file has bytes.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image.h"
#include "say.h"

#define PAGE		4096
#define CHUNK		(1024 * 1024)
/* makedumpfile -E makes a segment of every run of pages that it keeps. */
#define MAX_SEGMENTS	1000000

static size_t read_at(const struct image *img, u64 offset, void *buf,
		      size_t bytes)
{
	size_t done = 0;
	ssize_t got;

	while (done < bytes) {
		got = pread(img->fd, (char *)buf + done, bytes - done,
			    offset + done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		done += got;
	}
	return done;
}

static bool add_range(struct image *img, u64 phys, u64 offset, u64 size)
{
	struct image_range *more;

	/* grows by powers of two */
	if (!(img->nr & (img->nr - 1))) {
		more = realloc(img->range, (img->nr ? 2 * img->nr : 1) *
			       sizeof(*more));
		if (!more) {
			say("no memory for the headers of %s", img->path);
			return false;
		}
		img->range = more;
	}
	img->range[img->nr++] = (struct image_range){
		.size = size, .phys = phys, .offset = offset,
	};
	return true;
}

static int by_phys(const void *a, const void *b)
{
	const struct image_range *x = a, *y = b;

	return x->phys < y->phys ? -1 : x->phys > y->phys;
}

static void place_ranges(struct image *img)
{
	size_t i;

	qsort(img->range, img->nr, sizeof(*img->range), by_phys);
	for (i = 0; i < img->nr; i++) {
		img->range[i].at = img->size;
		img->size += img->range[i].size;
	}
}

/*
 * A segment of memory, as far as the file has it.  @left: bytes of the file that
 * no segment has claimed; segments of a core do not share any.
 */
static bool add_segment(struct image *img, const Elf64_Phdr *ph, u64 end,
			u64 *left)
{
	u64 size = ph->p_filesz;

	if (ph->p_type != PT_LOAD || !size)
		return true;
	/* /proc/kcore: not memory, or the same once more */
	if (ph->p_paddr == ~0ULL)
		return true;
	if (ph->p_offset >= end)
		size = 0;
	else if (size > end - ph->p_offset)
		size = end - ph->p_offset;
	if (size > *left)
		size = *left;
	if (img->cut > ~0ULL - (ph->p_filesz - size))
		img->cut = ~0ULL;
	else
		img->cut += ph->p_filesz - size;
	*left -= size;
	return !size || size > ~0ULL - ph->p_paddr ||
	       add_range(img, ph->p_paddr, ph->p_offset, size);
}

/* How many program headers there are: more than fit 16 bits are told elsewhere. */
static u64 nr_segments(const struct image *img, const Elf64_Ehdr *eh)
{
	Elf64_Shdr sh;

	if (eh->e_phnum != PN_XNUM)
		return eh->e_phnum;
	if (read_at(img, eh->e_shoff, &sh, sizeof(sh)) < sizeof(sh))
		return PN_XNUM;
	return sh.sh_info;
}

static bool open_elf(struct image *img, const Elf64_Ehdr *eh, u64 end)
{
	u64 n = nr_segments(img, eh), left = end, i;
	Elf64_Phdr ph[64];
	size_t got = 0;

	if (eh->e_ident[EI_CLASS] != ELFCLASS64 ||
	    eh->e_ident[EI_DATA] != ELFDATA2LSB || eh->e_type != ET_CORE ||
	    eh->e_phentsize != sizeof(*ph)) {
		say("%s is an ELF file, but not a core of a 64-bit little-endian machine",
		    img->path);
		return false;
	}
	img->kind = "an ELF core";
	if (n > MAX_SEGMENTS) {
		say("%s has %llu segments: only the first %d are looked at",
		    img->path, n, MAX_SEGMENTS);
		n = MAX_SEGMENTS;
	}
	for (i = 0; i < n; i++) {
		if (!(i % ARRAY_SIZE(ph)))
			got = read_at(img, eh->e_phoff + i * sizeof(*ph), ph,
				      sizeof(ph)) / sizeof(*ph);
		if (i % ARRAY_SIZE(ph) >= got) {
			say("%s ends in the middle of its headers", img->path);
			return false;
		}
		if (!add_segment(img, &ph[i % ARRAY_SIZE(ph)], end, &left))
			return false;
	}
	if (!img->nr) {
		say("%s has no memory in it%s", img->path,
		    img->cut ? ": it is cut short" : "");
		return false;
	}
	place_ranges(img);
	return true;
}

/* The formats that are left to a library */
static bool is_kdump(const char *head)
{
	return !memcmp(head, "KDUMP   ", 8) || !memcmp(head, "DISKDUMP", 8) ||
	       !memcmp(head, "makedumpfile", 12);
}

static bool open_kdump(struct image *img)
{
#ifdef HAVE_KDUMP
	return image_kdump_open(img);
#else
	say("%s: a kdump-compressed dump needs a ptdbg with libkdumpfile",
	    img->path);
	return false;
#endif
}

/* Bytes of the file, also of a block device; 0 with a sentence. */
static u64 file_size(const struct image *img)
{
	struct stat st;
	off_t end;

	if (!fstat(img->fd, &st) && S_ISDIR(st.st_mode)) {
		say("%s is a directory: ptdbg report shows recordings", img->path);
		return 0;
	}
	end = lseek(img->fd, 0, SEEK_END);
	if (end <= 0)
		say("%s has nothing in it, or is not a file", img->path);
	return end > 0 ? end : 0;
}

bool image_open(struct image *img, const char *path)
{
	bool good = false;
	Elf64_Ehdr eh;
	u64 end;

	memset(img, 0, sizeof(*img));
	memset(&eh, 0, sizeof(eh));
	img->path = path;
	img->step = PAGE;
	img->chunk = CHUNK;
	img->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (img->fd < 0) {
		say("%s: %s", path, strerror(errno));
		return false;
	}
	end = file_size(img);
	if (!end)
		goto done;
	read_at(img, 0, &eh, sizeof(eh));
	if (is_kdump((const char *)&eh)) {
		good = open_kdump(img);
	} else if (!memcmp(eh.e_ident, ELFMAG, SELFMAG)) {
		good = open_elf(img, &eh, end);
	} else {
		img->kind = "raw memory";
		good = add_range(img, 0, 0, end);
		if (good)
			place_ranges(img);
	}
done:
	if (!good)
		image_close(img);
	return good;
}

void image_close(struct image *img)
{
#ifdef HAVE_KDUMP
	image_kdump_close(img);
#endif
	free(img->range);
	img->range = NULL;
	close(img->fd);
}

/* The range that holds a place, or the first behind it; NULL: none. */
static const struct image_range *find(const struct image *img, u64 at)
{
	size_t low = 0, high = img->nr, mid;

	if (at >= img->size)
		return NULL;
	while (high - low > 1) {
		mid = low + (high - low) / 2;
		if (img->range[mid].at <= at)
			low = mid;
		else
			high = mid;
	}
	return &img->range[low];
}

size_t image_read(struct image *img, u64 at, void *buf, size_t bytes)
{
	const struct image_range *r = find(img, at);
	size_t done = 0, want, got;

#ifdef HAVE_KDUMP
	if (img->kdump)
		return image_kdump_read(img, at, buf, bytes);
#endif
	while (r && done < bytes) {
		want = bytes - done;
		if (want > r->at + r->size - at)
			want = r->at + r->size - at;
		got = read_at(img, r->offset + (at - r->at),
			      (char *)buf + done, want);
		done += got;
		at += got;
		if (got < want || r + 1 == img->range + img->nr ||
		    r[1].phys != r->phys + r->size)
			break;
		r++;
	}
	return done;
}

u64 image_seek(struct image *img, u64 *at, u64 step)
{
	const struct image_range *r;
	u64 skip;

	while ((r = find(img, *at))) {
		skip = -(r->phys + (*at - r->at)) & (step - 1);
		if (skip >= r->at + r->size - *at) {
			*at = r->at + r->size;
			continue;
		}
		*at += skip;
#ifdef HAVE_KDUMP
		if (img->kdump && !skip && image_kdump_seek(img, at))
			continue;
#endif
		return r->at + r->size - *at;
	}
	return 0;
}

u64 image_phys(const struct image *img, u64 at)
{
	const struct image_range *r = find(img, at);

	return r ? r->phys + (at - r->at) : 0;
}
