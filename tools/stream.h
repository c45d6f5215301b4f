/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The records of one CPU: a file cpuN, of a recording or of the module.
 */
#ifndef PTDBG_STREAM_H
#define PTDBG_STREAM_H

#include "core/env.h"

/* No packet is longer; the module's have 64 KiB. */
#define STREAM_PACKET_MAX	(1024 * 1024U)

/**
 * struct stream - an open file of packets
 * @fd: read from front to back, so a pipe will do
 * @cpu: that the file is for
 * @path: of the file, for messages
 * @uuid: of the trace
 * @buf: bytes @base to @base + @have of the file
 * @room: bytes that @buf has room for
 * @have: see @buf
 * @base: see @buf
 * @at: in @buf: what is not used yet
 * @end: in @buf: behind the records of the packet at hand
 * @next: in @buf: behind that packet
 * @r: the record at hand, in @buf; NULL: at the end of what there is
 * @number: of the next record; see struct ptdbg_packet
 * @begun: @number is known
 * @missed_before: hits missed before the first packet; of no concern
 * @lost_before: @lost of the packet before
 * @grows: it is being written: a packet may come in parts
 * @expected: what the file should have is known, and not compared yet
 * @expect: bytes that it should have
 * @expect_records: records
 * @expect_lost: records lost
 * @hurt: a part of the file was damaged, and no good packet has followed yet
 * @records: records read
 * @lost: records that were overwritten before they were read
 * @damaged: records that were in damaged parts of the file, as far as known
 * @missed: hits that were not recorded, as far as the packets tell
 * @spots: damaged parts of the file
 */
struct stream {
	int fd;
	unsigned int cpu;
	const char *path;
	const u8 *uuid;
	char *buf;
	size_t room;
	size_t have;
	u64 base;
	size_t at;
	size_t end;
	size_t next;
	const struct ptdbg_record *r;
	u64 number;
	bool begun;
	u64 missed_before;
	u64 lost_before;
	bool grows;
	bool expected;
	u64 expect;
	u64 expect_records;
	u64 expect_lost;
	bool hurt;
	u64 records;
	u64 lost;
	u64 damaged;
	u64 missed;
	u64 spots;
};

/* Return: 0 or -errno.  @path and @uuid must live as long as the stream. */
int stream_open(struct stream *s, const char *path, unsigned int cpu,
		const u8 uuid[16]);
void stream_close(struct stream *s);

/**
 * stream_next() - go to the next record
 * @s: stream
 *
 * Damage is reported on stderr and passed over.  At the end of a file that
 * grows, a later call goes on with what has come.
 *
 * Return: s->r.
 */
const struct ptdbg_record *stream_next(struct stream *s);

/**
 * stream_packet() - go to the next packet, and pass over its records
 * @s: stream
 *
 * Not to be mixed with stream_next().
 *
 * Return: the packet, checked, with all its records; NULL at the end.
 */
const struct ptdbg_packet *stream_packet(struct stream *s);

#endif /* PTDBG_STREAM_H */
