/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes the memory of a machine with a ring in it, as module/ring.c and
 * module/ctf.c leave it there, and beside it the recording that ptdbg.d/ctf
 * would have given.
 */
#ifndef PTDBG_MEMORY_H
#define PTDBG_MEMORY_H

#include "recording.h"

#define MEM_BYTES	(4 * 1024 * 1024)
#define MEM_BLOCKS	(MEM_BYTES / REC_PACKET)
#define MEM_CPUS	2
#define MEM_RING	8
#define MEM_RECORDS	8000

/**
 * struct mem - a memory, and what is in it
 * @words: the memory
 * @block: the next one that is free
 * @made: records by CPU and number, from MEM_FIRST on
 * @nr: number of them
 * @packet: where the packets are, oldest first
 * @nr_packets: number of them
 * @metadata: where that is
 */
#define MEM_FIRST	1000
struct mem {
	u64 words[MEM_BYTES / 8];
	unsigned int block;
	union fix_record made[MEM_CPUS][MEM_RECORDS];
	unsigned int nr[MEM_CPUS];
	char *packet[MEM_CPUS][MEM_RING];
	unsigned int nr_packets[MEM_CPUS];
	char *metadata;
};

/* Blocks are used in an order that is not that of their addresses. */
static inline char *mem_block(struct mem *m)
{
	return (char *)m->words + (u64)(m->block++ * 29 % MEM_BLOCKS) * REC_PACKET;
}

static inline void mem_fill(struct mem *m, u64 seed)
{
	size_t i;

	memset(m, 0, sizeof(*m));
	m->block = 5;
	for (i = 0; i < MEM_BYTES / 16; i++)
		m->words[i] = rec_random(&seed);
}

static inline void mem_metadata(struct mem *m, const struct ptdbg_trace *t,
				const u8 uuid[16], const char *dir)
{
	static char text[PTDBG_METADATA_MAX];
	struct ptdbg_metadata_packet *h;
	size_t n = ptdbg_metadata(t, uuid, 1700000000000000007ULL, text, sizeof(text));

	m->metadata = mem_block(m);
	memset(m->metadata, 0, REC_PACKET);
	h = (void *)m->metadata;
	h->magic = PTDBG_METADATA_MAGIC;
	memcpy(h->uuid, uuid, 16);
	h->content_size = 8 * (offsetof(struct ptdbg_metadata_packet, text) + n);
	h->packet_size = h->content_size;
	h->major = 1;
	h->minor = 8;
	memcpy(h->text, text, n);
	mkdir(dir, 0777);
	if (!rec_write(dir, "metadata", text, n))
		perror("metadata");
}

/* The packet at hand of the recording, as the ring has it */
static inline void mem_packet(struct mem *m, const struct rec_stream *s)
{
	char *b = mem_block(m);
	struct ptdbg_packet *p = (void *)b;

	memset(b, 0, REC_PACKET);
	memcpy(b, s->bytes, s->used);
	/* what a record that was not committed leaves */
	memset(b + s->used, 0xcc, (REC_PACKET - s->used) / 2);
	p->content_size = 8ULL * s->used;
	p->packet_size = 8ULL * REC_PACKET;
	p->sum = 0;
	p->lost = 0;
	m->packet[p->cpu][m->nr_packets[p->cpu]++] = b;
}

/* A packet that was never used */
static inline void mem_unused(struct mem *m, const u8 uuid[16], unsigned int cpu)
{
	struct ptdbg_packet *p = (void *)mem_block(m);

	memset(p, 0, REC_PACKET);
	p->magic = PTDBG_PACKET_MAGIC;
	memcpy(p->uuid, uuid, 16);
	p->content_size = 8 * sizeof(*p);
	p->packet_size = 8ULL * REC_PACKET;
	p->cpu = cpu;
}

/**
 * mem_make() - a machine with a ring of MEM_CPUS * MEM_RING packets
 * @m: memory; mem_fill() was called
 * @uuid: of the trace
 * @seed: records differ with it
 * @dir: the recording
 *
 * CPU 0 has used all of its packets, CPU 1 all but one.
 */
static inline bool mem_make(struct mem *m, const u8 uuid[16], u64 seed,
			    const char *dir)
{
	static struct rec_stream s[MEM_CPUS];
	struct ptdbg_layout l = fix_n1();
	struct ptdbg_trace t = fix_trace(&l);
	union fix_record *f;
	u64 ts = 281000000000ULL;
	unsigned int cpu;

	memset(m->nr, 0, sizeof(m->nr));
	memset(m->nr_packets, 0, sizeof(m->nr_packets));
	t.ring_packets = MEM_RING;
	mem_metadata(m, &t, uuid, dir);
	for (cpu = 0; cpu < MEM_CPUS; cpu++) {
		if (!rec_open(&s[cpu], dir, cpu, MEM_FIRST, REC_PACKET))
			return false;
		s[cpu].p.seq = cpu ? 1 : 41;
		memcpy(s[cpu].p.uuid, uuid, 16);
		s[cpu].p.discarded = 3;
		while (m->nr_packets[cpu] < MEM_RING - cpu) {
			f = &m->made[cpu][m->nr[cpu]++];
			ts += rec_random(&seed) % 3000;
			rec_fill(f, 1 + rec_random(&seed) % 5, ts, &seed);
			rec_add(&s[cpu], &f->r);
			if (s[cpu].used + PTDBG_RECORD_MAX <= REC_PACKET)
				continue;
			s[cpu].p.discarded++;
			mem_packet(m, &s[cpu]);
			rec_flush(&s[cpu]);
		}
		if (!rec_close(&s[cpu]))
			return false;
	}
	mem_unused(m, uuid, 1);
	return true;
}

#endif /* PTDBG_MEMORY_H */
