/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes recordings, from the structs of the ABI, as the module hands them out.
 */
#ifndef PTDBG_RECORDING_H
#define PTDBG_RECORDING_H

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "../../module/core/metadata.h"
#include "../../module/core/sum.h"
#include "fixture.h"

#define REC_PACKET	(64 * 1024)

static const u8 rec_uuid[16] = {
	0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe,
	0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
};

/**
 * struct rec_stream - a file cpuN in the making
 * @file: it
 * @number: of the next record
 * @p: the packet at hand
 * @used: bytes in it
 * @limit: a packet is closed when it has so many
 */
struct rec_stream {
	FILE *file;
	u64 number;
	u32 used;
	u32 limit;
	union {
		struct ptdbg_packet p;
		char bytes[REC_PACKET];
	};
};

static inline bool rec_write(const char *dir, const char *name,
			     const void *data, size_t size)
{
	char path[512];
	FILE *file;
	bool good;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "wb");
	if (!file)
		return false;
	good = fwrite(data, 1, size, file) == size;
	return !fclose(file) && good;
}

/* Make the directory and its metadata. */
static inline bool rec_begin(const char *dir, const struct ptdbg_trace *t)
{
	static char text[PTDBG_METADATA_MAX];

	if (mkdir(dir, 0777) && errno != EEXIST)
		return false;
	return rec_write(dir, "metadata", text,
			 ptdbg_metadata(t, rec_uuid, 1700000000000000007ULL,
					text, sizeof(text)));
}

static inline void rec_head(struct rec_stream *s)
{
	s->used = sizeof(s->p);
	s->p.records = 0;
	s->p.first = s->number;
	s->p.seq++;
}

static inline bool rec_open(struct rec_stream *s, const char *dir,
			    unsigned int cpu, u64 number, u32 limit)
{
	char path[512];

	memset(s, 0, sizeof(*s));
	snprintf(path, sizeof(path), "%s/cpu%u", dir, cpu);
	s->file = fopen(path, "wb");
	s->number = number;
	s->limit = limit;
	s->p.magic = PTDBG_PACKET_MAGIC;
	memcpy(s->p.uuid, rec_uuid, sizeof(rec_uuid));
	s->p.cpu = cpu;
	rec_head(s);
	return s->file;
}

/* Close the packet at hand. */
static inline void rec_flush(struct rec_stream *s)
{
	if (!s->p.records)
		return;
	s->p.content_size = 8ULL * s->used;
	s->p.packet_size = 8ULL * s->used;
	s->p.sum = ptdbg_packet_sum(&s->p);
	if (fwrite(s->bytes, s->used, 1, s->file) != 1)
		perror("recording");
	rec_head(s);
}

static inline void rec_add(struct rec_stream *s, const struct ptdbg_record *r)
{
	if (s->used + r->size > s->limit)
		rec_flush(s);
	if (!s->p.records)
		s->p.ts_begin = r->ts;
	s->p.ts_end = r->ts;
	memcpy(s->bytes + s->used, r, r->size);
	s->used += r->size;
	s->p.records++;
	s->number++;
}

/* @n records are overwritten before they are read. */
static inline void rec_lose(struct rec_stream *s, u64 n)
{
	rec_flush(s);
	s->number += n;
	s->p.first += n;
	s->p.discarded += n;
	s->p.lost += n;
}

static inline bool rec_close(struct rec_stream *s)
{
	rec_flush(s);
	return !fclose(s->file);
}

/* Numbers that look random and are the same each time: xorshift64 */
static inline u64 rec_random(u64 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static inline void rec_page(struct ptdbg_page *p, u64 x)
{
	p->pfn = 0x80000 + x % 0x40000;
	p->refcount = 1 + x % 3;
	p->mapcount = -1 + x % 3;
	p->where = PTDBG_WHERE_RAM;
	p->type = PTDBG_PT_ANON;
	p->present = 1;
}

/* A record of type @id of the mode of fix_n1(): Sv39 */
static inline void rec_fill(union fix_record *f, unsigned int id, u64 ts,
			    u64 *state)
{
	u64 x = rec_random(state);
	u64 entry[3] = { 0x20c39c01, 0x20c37c01, 0 };
	struct ptdbg_table table[3] = {
		{ 1, -1, PTDBG_WHERE_RAM, PTDBG_PT_TABLE, 0, 0, 0, 0, { } },
		{ 1, -1, PTDBG_WHERE_RAM, PTDBG_PT_TABLE, 0, 0, 0, 1, { } },
		{ 1, -1, PTDBG_WHERE_RAM, PTDBG_PT_TABLE, 0, 0, 0, 0, { } },
	};
	struct ptdbg_vma vma = {
		.start = 0x3fbd117000, .end = 0x3fbd11a000, .flags = 0x100073,
		.ino = 4711, .dev = 0xfe00001, .kind = PTDBG_VMA_FILE,
	};
	struct ptdbg_page page = { 0 };
	unsigned int before = x >> 8 & 3;

	memset(f, 0, sizeof(*f));
	f->r.id = id;
	f->r.ts = ts;
	f->r.pid = 700 + x % 5;
	f->r.tgid = 700;
	snprintf(f->r.comm, sizeof(f->r.comm), "task%llu", x % 5);
	f->r.addr = 0x3fbd117000 + (x >> 16 & 0x2fff);
	f->r.ip = x & 1 ? 0xffffffff8018817c : 0x10000 + (x >> 32);
	if (x % 100 == 7)
		f->r.verdicts = 1 << PTDBG_PERMITTED;
	rec_page(&page, x >> 20);
	entry[2] = page.pfn << 10 | 0xd7;
	switch (id) {
	case PTDBG_FAULT:
		f->fault.flags = 0x1240 | (x >> 4 & 1);
		f->fault.result = x % 50 == 3 ? 0x400 : 0;
		f->fault.duration = x % 100000;
		f->fault.vma = vma;
		f->fault.page = page;
		f->fault.chain.root = 0x8203c000;
		f->fault.chain.before_stop = PTDBG_STOP_NONE;
		f->fault.chain.after_stop = PTDBG_STOP_LEAF;
		f->fault.chain.fresh = x >> 12 & 4;
		f->fault.chain.made = f->fault.chain.fresh;
		fix_chain(f, &f->fault.chain, before, entry, 3, entry, table);
		break;
	case PTDBG_GUP:
		f->r.ip = 0;
		f->gup.flags = 0xc;
		f->gup.vma = vma;
		f->gup.page = page;
		f->gup.chain.root = 0x8203c000;
		f->gup.chain.after_stop = PTDBG_STOP_LEAF;
		fix_chain(f, &f->gup.chain, 0, NULL, 3, entry, table);
		break;
	case PTDBG_SIG:
		f->sig.sig = 11;
		f->sig.code = 1;
		f->sig.chain.root = 0x8203c000;
		f->sig.chain.after_stop = PTDBG_STOP_NONE;
		entry[1] = 0;
		fix_chain(f, &f->sig.chain, 0, NULL, 2, entry, table);
		break;
	case PTDBG_OOPS:
		f->oops.access = PTDBG_ACCESS_READ;
		f->oops.chain.root = 0x8203c000;
		f->oops.chain.after_stop = PTDBG_STOP_NONE;
		entry[0] = 0;
		fix_chain(f, &f->oops.chain, 0, NULL, 1, entry, table);
		break;
	default:
		f->free.level = 2;
		f->free.page = page;
		f->free.chain.root = 0x8203c000;
		fix_chain(f, &f->free.chain, 0, NULL, 0, NULL, NULL);
	}
}

#endif /* PTDBG_RECORDING_H */
