/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds the packets of the ring in a memory image, and what belongs to them
 * (carve.c); says which of them count (settle.c).
 */
#ifndef PTDBG_CARVE_H
#define PTDBG_CARVE_H

#include "image.h"
#include "meta.h"
#include "packet.h"

/* UUIDs that are told apart; more are only counted. */
#define CARVE_TRACES	64
/* Packets that are remembered: 64 GiB of rings */
#define CARVE_PACKETS	(1024 * 1024)

/**
 * struct carve_trace - what has one UUID: one load of the module
 * @uuid: it
 * @text: its metadata, or NULL
 * @bytes: of @text
 * @why: why @text can't be read, or NULL
 * @page_size: of the machine
 * @ring: packets that each CPU has; 0: not known
 * @packets: of the ring, with records in them
 * @records: in these
 * @cpus: that they are of
 * @half: packets that were being written
 * @torn: packets with a part that is missing or damaged
 * @cut: records in these parts
 * @missing: packets that are not in the image
 * @copies: packets that are older or other copies of those of the ring
 * @clones: packets that contradict others: of a machine that was doubled
 * @last: time of its last record
 */
struct carve_trace {
	u8 uuid[16];
	char *text;
	size_t bytes;
	char *why;
	size_t page_size;
	u32 ring;
	u64 packets;
	u64 records;
	u64 cpus;
	u64 half;
	u64 torn;
	u64 cut;
	u64 missing;
	u64 copies;
	u64 clones;
	u64 last;
};

/**
 * struct carve_packet - a packet in the image
 * @at: place
 * @seq: its number
 * @first: see struct ptdbg_packet
 * @begin: of its time
 * @end: of its time
 * @discarded: see struct ptdbg_packet
 * @records: that its head tells of; 0: it is empty
 * @bytes: of its content
 * @trace: index of its trace
 * @cpu: that wrote it
 */
struct carve_packet {
	u64 at;
	u64 seq;
	u64 first;
	u64 begin;
	u64 end;
	u64 discarded;
	u32 records;
	u32 bytes;
	u32 trace;
	u32 cpu;
};

/**
 * struct carve - what is in an image
 * @img: the image
 * @trace: by UUID
 * @nr_traces: number of them
 * @packet: by trace, CPU and number; each once
 * @nr: number of them
 * @odd: places that begin like a packet or a metadata and are none
 * @over: packets and metadata that were too many to be looked at
 * @buf: the packet at hand
 * @before: head of the packet before
 */
struct carve {
	struct image *img;
	struct carve_trace trace[CARVE_TRACES];
	unsigned int nr_traces;
	struct carve_packet *packet;
	size_t nr;
	u64 odd;
	u64 over;
	struct ptdbg_packet *buf;
	struct ptdbg_packet before;
};

/* Look through @img.  Return: what is there, or NULL with a sentence. */
struct carve *carve_open(struct image *img);
void carve_close(struct carve *c);

/**
 * carve_metadata() - take a metadata from elsewhere
 * @c: carve, not settled
 * @text: it, NUL terminated
 * @bytes: of it, less than PTDBG_METADATA_MAX
 * @name: of the file, for messages
 *
 * Return: true; false, with a sentence, when it is for none of the traces.
 */
bool carve_metadata(struct carve *c, const char *text, size_t bytes,
		    const char *name);

/* settle.c: put the packets in order, each once. */
void carve_settle(struct carve *c);

/**
 * carve_packet() - a packet as a recording has it
 * @c: carve, settled
 * @k: one of c->packet; all are to be asked for, in their order
 *
 * Counts it and its records in its trace.
 *
 * Return: the packet, until the next call; NULL when nothing of it is good, or
 * nothing is in it.
 */
const struct ptdbg_packet *carve_packet(struct carve *c,
					const struct carve_packet *k);

#endif /* PTDBG_CARVE_H */
