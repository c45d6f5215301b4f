/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A trace, read record by record: a recording, a copy of ptdbg.d/ctf made with
 * cp -r, or ptdbg.d/ctf itself.
 */
#ifndef PTDBG_READER_H
#define PTDBG_READER_H

#include "meta.h"
#include "stream.h"

/**
 * struct reader - an open trace
 * @meta: its metadata
 * @dir: directory it is in
 * @stream: one for each CPU, by number
 * @nr: number of them
 * @horizon: records after this time are held back; nanoseconds, as in records
 * @at: stream of the record that was given out last
 * @limit: @at has the oldest record up to this time
 * @unknown: records that were not understood, by type; the last counts the rest
 * @gone: streams that should be there and are not
 * @started: every stream has been looked at
 */
struct reader {
	struct meta meta;
	char *dir;
	struct stream *stream;
	unsigned int nr;
	u64 horizon;
	struct stream *at;
	u64 limit;
	u64 unknown[16];
	unsigned int gone;
	bool started;
};

/**
 * struct event - a record and where it comes from
 * @cpu: that made it
 * @number: see struct ptdbg_packet.first
 * @stream: that it is in
 * @offset: in the file of the stream
 * @v: the record, taken apart; only v.r is set when it was not @known
 * @known: it is of a known type, and whole
 */
struct event {
	unsigned int cpu;
	u64 number;
	const struct stream *stream;
	u64 offset;
	struct ptdbg_view v;
	bool known;
};

/**
 * struct tally - what became of the records of a trace
 * @records: read
 * @lost: overwritten before they could be read
 * @damaged: in damaged parts of files, as far as known
 * @missed: hits that were not recorded
 * @spots: damaged parts of files
 * @unknown: records that were read but not understood
 */
struct tally {
	u64 records;
	u64 lost;
	u64 damaged;
	u64 missed;
	u64 spots;
	u64 unknown;
};

/* Return: a reader, or NULL with a sentence on stderr. */
struct reader *reader_open(const char *dir);
void reader_close(struct reader *rd);

/**
 * reader_next() - the next record of all CPUs, by time
 * @rd: reader
 * @e: result; valid until the next call
 *
 * Return: false at the end, of now or at @rd->horizon; a later call goes on.
 */
bool reader_next(struct reader *rd, struct event *e);

/* Are there records behind rd->horizon? */
bool reader_holds(const struct reader *rd);

void reader_tally(const struct reader *rd, struct tally *t);

/*
 * Say on stderr what is missing from the trace, if anything is.
 * Return: EXIT_OK, or EXIT_DAMAGED: files of it are damaged or not there.
 */
int reader_say_missing(const struct reader *rd);

#endif /* PTDBG_READER_H */
