/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The picture of a recording: table pages, what happened to them and when, and
 * some of the records, in bounded memory.
 *
 * picture.c collects it, picture_page.c writes it into a page, picture.html with
 * picture.css and picture*.js is that page, without its data.
 */
#ifndef PTDBG_PICTURE_H
#define PTDBG_PICTURE_H

#include "names.h"
#include "tables.h"

/* Time is cut into as many pieces at most; they get longer with the recording. */
#define PICTURE_BINS	256

/* What is more has no room in a page that a browser can show. */
#define PICTURE_TABLES	16384

/* With one record for each table page there is still a place for the next. */
#define PICTURE_RECORDS	(PICTURE_TABLES + 1)

/* Records that a table page may keep at first: fewer as these places fill. */
#define PICTURE_KEEP	32

/* What a record is for the histogram: the first that fits. */
enum picture_class {
	PICTURE_VERDICT,	/* it has a verdict */
	PICTURE_FAILED,		/* a fault that was not resolved, a signal, an oops */
	PICTURE_RETRIED,	/* a fault that is to be tried again */
	PICTURE_FINE,		/* a fault that was resolved */
	PICTURE_OTHER,		/* no fault: gup, free */
	PICTURE_CLASSES
};

/* A set of pieces of time. */
struct picture_bins {
	u64 word[PICTURE_BINS / 64];
};

/**
 * struct picture_moment - a table page came to be, or was given back
 * @ts: nanoseconds; 0: it did not happen
 * @addr: the address of the fault, or the first that was unmapped
 * @end: behind the last that was unmapped, or 0
 * @cpu: where
 * @pid: of the task
 * @comm: its name
 * @made: this fault asked for the table, see struct ptdbg_chain
 */
struct picture_moment {
	u64 ts;
	u64 addr;
	u64 end;
	u32 cpu;
	u32 pid;
	char comm[PTDBG_COMM_LEN];
	bool made;
};

/**
 * struct picture_mark - what is known of a table page besides its struct table
 * @kept: places of its records in picture.slot, oldest first: its first one, if
 *	there is room for two, and the newest ones
 * @nr_kept: number of them
 * @room: what @kept has room for
 * @order: of the last record, to tell which level of a page was the last
 * @frees: how often it was given back
 * @born: when it first came to be
 * @reborn: and when it last did
 * @gone: when it was last given back
 * @used: pieces of time with records of it
 * @fresh: those in which it came to be
 * @freed: those in which it was given back
 * @line: what ptdbg.d/tables says of it, or NULL
 */
struct picture_mark {
	u32 *kept;
	u32 nr_kept;
	u32 room;
	u64 order;
	u64 frees;
	struct picture_moment born;
	struct picture_moment reborn;
	struct picture_moment gone;
	struct picture_bins used;
	struct picture_bins fresh;
	struct picture_bins freed;
	char *line;
};

/**
 * struct picture_record - the copy of a record
 * @order: of records, from 1
 * @users: table pages that keep it; 0: a free place
 * @cpu: that made it
 * @class: enum picture_class
 * @r: the record
 * @bytes: as long as the longest without stacks
 */
struct picture_record {
	u64 order;
	u32 users;
	u32 cpu;
	u32 class;
	union {
		struct ptdbg_record r;
		char bytes[PTDBG_RECORD_PLAIN];
	};
};

/**
 * struct picture - all of it
 * @title: what it is of
 * @rules: the region rules, a line each, or NULL
 * @mode: of the recording
 * @tables: the table pages
 * @mark: by struct table.nr
 * @room: what @mark has room for
 * @slot: copies of records
 * @nr_slots: places made in @slot
 * @spare: free places in @slot
 * @nr_spare: number of them
 * @keep: records that a table page may keep now
 * @closed: table pages that are not there yet are of no interest
 * @bin: number of records in each piece of time, by class
 * @start: when the first piece starts
 * @shift: the pieces are 1 << @shift nanoseconds long
 * @records: of known types
 * @more_tables: times that a record led to a table page that had no room
 * @more_breaches: of these, those with a breach
 * @more_frees: table pages given back that had no room
 */
struct picture {
	const char *title;
	const char *rules;
	const struct ptdbg_mode *mode;
	struct tables tables;
	struct picture_mark *mark;
	size_t room;
	struct picture_record *slot;
	u32 nr_slots;
	u32 *spare;
	u32 nr_spare;
	u32 keep;
	bool closed;
	u64 bin[PICTURE_BINS][PICTURE_CLASSES];
	u64 start;
	unsigned int shift;
	u64 records;
	u64 more_tables;
	u64 more_breaches;
	u64 more_frees;
};

/* Return: true, or false with a sentence. */
bool picture_begin(struct picture *p, const struct ptdbg_mode *m);
void picture_end(struct picture *p);

/* Take the next record, by time.  Return: true; false: no memory. */
bool picture_add(struct picture *p, const struct event *e);

/* Take a line of ptdbg.d/tables.  Return: as above. */
bool picture_add_line(struct picture *p, const struct ptdbg_trace *t,
		      const char *line);

/* picture.html, .css and all .js, as picture_page.c has them in the program */
extern const char picture_html[], picture_css[], picture_js[];

/**
 * picture_write() - write the page
 * @p: picture; there is no adding to it any more
 * @rd: that the records came from
 * @names: of addresses, or NULL
 * @path: of the file
 *
 * Return: true, or false with a sentence.
 */
bool picture_write(struct picture *p, const struct reader *rd,
		   struct names *names, const char *path);

#endif /* PTDBG_PICTURE_H */
