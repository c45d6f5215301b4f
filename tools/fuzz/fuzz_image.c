// SPDX-License-Identifier: GPL-2.0-only
/*
 * A memory image out of one input: raw memory or an ELF core.  What is found in it
 * is written as a recording, of which the reader must get as many records.
 *
 * The input: a byte of forms, then pieces of the image: a byte that is the page
 * that they lie in, 2 bytes size, and so many bytes.
 */
#include <elf.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/metadata.h"
#include "core/sum.h"
#include "fuzz.h"
#include "reader.h"
#include "salvage.h"

#define FORM_ELF	0x01	/* an ELF header that is right comes before it */
#define FORM_FIX	0x02	/* metadata gets its checksum */

#define PAGE		4096
#define PAGES		64

/* Put the sum behind the text, and the sizes before it. */
static void fix_metadata(char *bytes, size_t room)
{
	struct ptdbg_metadata_packet *h = (void *)bytes;
	size_t head = offsetof(typeof(*h), text), n;

	if (room < sizeof(*h) || h->magic != PTDBG_METADATA_MAGIC)
		return;
	n = strnlen(h->text, sizeof(h->text) - 64);
	n += sprintf(h->text + n, PTDBG_METADATA_SUM "\n",
		     ptdbg_sum(PTDBG_SUM_START, h->text, n));
	h->content_size = 8 * (head + n);
	h->packet_size = h->content_size;
}

static int make_image(struct input *in)
{
	static char memory[PAGES * PAGE];
	const Elf64_Ehdr eh = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, 1 },
		.e_type = ET_CORE, .e_phnum = 2, .e_phoff = sizeof(eh),
		.e_phentsize = sizeof(Elf64_Phdr),
	};
	const size_t at = sizeof(eh) + 2 * sizeof(Elf64_Phdr), half = sizeof(memory) / 2;
	/* with a page between them that is missing, and the upper one first */
	const Elf64_Phdr ph[2] = {
		{ .p_type = PT_LOAD, .p_offset = at, .p_filesz = half,
		  .p_paddr = 0x80001000 + half },
		{ .p_type = PT_LOAD, .p_offset = at + half, .p_filesz = half,
		  .p_paddr = 0x80000000 },
	};
	unsigned int form = take(in, 1);
	int fd = memfd_create("image", MFD_CLOEXEC);
	size_t place, size;

	must(fd >= 0);
	memset(memory, 0, sizeof(memory));
	while (in->left) {
		place = take(in, 1) % PAGES * PAGE;
		size = take(in, 2);
		if (size > in->left)
			size = in->left;
		if (size > sizeof(memory) - place)
			size = sizeof(memory) - place;
		take_bytes(in, memory + place, size);
		if (form & FORM_FIX)
			fix_metadata(memory + place, sizeof(memory) - place);
	}
	if (form & FORM_ELF)
		must(write(fd, &eh, sizeof(eh)) == sizeof(eh) &&
		     write(fd, ph, sizeof(ph)) == sizeof(ph));
	/* the formats of libkdumpfile are its own matter */
	else if (!memcmp(memory, "KDUMP", 5) || !memcmp(memory, "DISKDUMP", 8) ||
		 !memcmp(memory, "makedumpfile", 12))
		memory[0] = 0;
	must(write(fd, memory, sizeof(memory)) == sizeof(memory));
	return fd;
}

/* Nothing but what was told, of the trace that was told */
static void check_packets(struct carve *c, unsigned int trace)
{
	const struct ptdbg_packet *p;
	size_t i;

	for (i = 0; i < c->nr; i++) {
		if (c->packet[i].trace != trace)
			continue;
		p = carve_packet(c, &c->packet[i]);
		must(!p || (p->content_size <= 8ULL * c->packet[i].bytes &&
			    p->records <= c->packet[i].records &&
			    p->sum == ptdbg_packet_sum(p) &&
			    !memcmp(p->uuid, c->trace[trace].uuid, 16)));
	}
}

static void check_trace(struct carve *c, unsigned int trace)
{
	const struct carve_trace *t = &c->trace[trace];
	const char *top = getenv("FUZZ_SCRATCH");
	char dir[128];
	struct reader *rd;
	struct event e;
	u64 n = 0;

	if (!t->text)
		return;
	snprintf(dir, sizeof(dir), "%s/fuzz.XXXXXX", top ? top : "/dev/shm");
	must(mkdtemp(dir));
	must(salvage_write(c, trace, dir));
	rd = t->records ? reader_open(dir) : NULL;
	must(rd || !t->records);
	while (rd && reader_next(rd, &e))
		n++;
	if (rd)
		reader_close(rd);
	salvage_remove(c, trace, dir);
	must(access(dir, F_OK));
	must(n == t->records);
	check_packets(c, trace);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, size };
	int fd = make_image(&in);
	struct image img;
	struct carve *c;
	unsigned int i;
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (image_open(&img, path)) {
		c = carve_open(&img);
		must(c);
		carve_settle(c);
		for (i = 0; i < c->nr_traces; i++)
			check_trace(c, i);
		carve_close(c);
		image_close(&img);
	}
	close(fd);
	return 0;
}
