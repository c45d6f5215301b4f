// SPDX-License-Identifier: GPL-2.0-only
/*
 * Opens a trace and merges its CPUs by time.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <unistd.h>

#include "notes.h"
#include "number.h"
#include "place.h"
#include "ptdbg.h"
#include "reader.h"
#include "say.h"

#define MAX_CPUS	8192

/* All of the metadata into m->text.  Return: bytes, or -1 with a sentence. */
static ssize_t read_metadata(struct meta *m, const char *path)
{
	size_t have = 0;
	ssize_t got;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		if (!strncmp(path, PLACE_DEBUGFS "/", strlen(PLACE_DEBUGFS) + 1))
			fail_debugfs(path);
		else if (errno == ENOENT || errno == ENOTDIR)
			say("there is no recording: %s is not there; ptdbg record makes one",
			    path);
		else
			say("%s: %s", path, strerror(errno));
		return -1;
	}
	do {
		got = read(fd, m->text + have, sizeof(m->text) - 1 - have);
		if (got > 0)
			have += got;
	} while (got > 0);
	if (got < 0)
		say("%s: %s", path, strerror(errno));
	else if (have == sizeof(m->text) - 1)
		say("%s can't be read: it is longer than ptdbg makes it", path);
	close(fd);
	m->text[have] = '\0';
	return got < 0 || have == sizeof(m->text) - 1 ? -1 : (ssize_t)have;
}

static bool open_metadata(struct reader *rd)
{
	const char *why;
	char *path;
	ssize_t n;

	if (asprintf(&path, "%s/metadata", rd->dir) < 0)
		return false;
	n = read_metadata(&rd->meta, path);
	why = n < 0 ? NULL : meta_parse(&rd->meta, n);
	if (why)
		say("%s can't be read: %s", path, why);
	free(path);
	return n >= 0 && !why;
}

static bool add_stream(struct reader *rd, const char *name)
{
	struct stream *more;
	char *path;
	u64 cpu;
	int err;

	if (strncmp(name, "cpu", 3) ||
	    !parse_number(name + 3, 10, MAX_CPUS - 1, NULL, &cpu))
		return true;
	more = realloc(rd->stream, (rd->nr + 1) * sizeof(*more));
	if (!more || asprintf(&path, "%s/%s", rd->dir, name) < 0) {
		say("no memory for %s", name);
		return false;
	}
	rd->stream = more;
	err = stream_open(&rd->stream[rd->nr], path, cpu, rd->meta.uuid);
	if (err) {
		say("%s: %s", path, strerror(-err));
		free(path);
		return false;
	}
	rd->nr++;
	return true;
}

static int by_cpu(const void *a, const void *b)
{
	const struct stream *x = a, *y = b;

	return x->cpu < y->cpu ? -1 : x->cpu > y->cpu;
}

static bool open_streams(struct reader *rd)
{
	struct dirent *d;
	bool good = true;
	DIR *dir;

	dir = opendir(rd->dir);
	if (!dir) {
		say("%s: %s", rd->dir, strerror(errno));
		return false;
	}
	while (good && (d = readdir(dir)))
		good = add_stream(rd, d->d_name);
	closedir(dir);
	if (good && !rd->nr) {
		say("%s has no records: there is no file cpuN in it", rd->dir);
		return false;
	}
	if (rd->nr)
		qsort(rd->stream, rd->nr, sizeof(*rd->stream), by_cpu);
	return good;
}

static struct stream *find_stream(const struct reader *rd, u64 cpu)
{
	unsigned int i;

	for (i = 0; i < rd->nr; i++) {
		if (rd->stream[i].cpu == cpu)
			return &rd->stream[i];
	}
	return NULL;
}

/* The note "files" tells how long each file was: see notes.h. */
static void expect_files(struct reader *rd)
{
	u64 cpu, size, records, lost;
	char *text, *rest, *line;
	struct stream *s;
	const char *at;
	size_t bytes;

	text = notes_read(rd->dir, "files", &bytes);
	rest = text;
	while ((line = strsep(&rest, "\n"))) {
		if (strncmp(line, "cpu", 3) ||
		    !parse_number(line + 3, 10, MAX_CPUS - 1, &at, &cpu) ||
		    *at++ != ' ' || !parse_number(at, 10, ~0ULL, &at, &size) ||
		    *at++ != ' ' || !parse_number(at, 10, ~0ULL, &at, &records) ||
		    *at++ != ' ' || !parse_number(at, 10, ~0ULL, &at, &lost))
			continue;
		s = find_stream(rd, cpu);
		if (s) {
			s->expected = true;
			s->expect = size;
			s->expect_records = records;
			s->expect_lost = lost;
			continue;
		}
		say("%s/cpu%llu is missing", rd->dir, cpu);
		rd->gone++;
	}
	free(text);
}

struct reader *reader_open(const char *dir)
{
	struct reader *rd = calloc(1, sizeof(*rd));
	char *copy = strdup(dir);

	if (!rd || !copy) {
		say("no memory to open %s", dir);
		free(copy);
		free(rd);
		return NULL;
	}
	rd->dir = copy;
	rd->horizon = ~0ULL;
	notes_damaged = 0;
	notes_missing = NULL;
	if (open_metadata(rd) && open_streams(rd)) {
		expect_files(rd);
		return rd;
	}
	reader_close(rd);
	return NULL;
}

void reader_close(struct reader *rd)
{
	while (rd->nr--) {
		stream_close(&rd->stream[rd->nr]);
		free((char *)rd->stream[rd->nr].path);
	}
	free(rd->stream);
	free(rd->dir);
	free(rd);
}

/* Find the stream with the oldest record, and how long it will have that. */
static void choose(struct reader *rd)
{
	struct stream *s;
	unsigned int i;

	rd->at = NULL;
	rd->limit = ~0ULL;
	for (i = 0; i < rd->nr; i++) {
		s = &rd->stream[i];
		if (!s->r)
			continue;
		if (!rd->at) {
			rd->at = s;
		} else if (s->r->ts < rd->at->r->ts) {
			rd->limit = rd->at->r->ts;
			rd->at = s;
		} else if (s->r->ts < rd->limit) {
			rd->limit = s->r->ts;
		}
	}
}

/* Look into the streams that were at their end; there may be more by now. */
static void look_again(struct reader *rd)
{
	unsigned int i;

	for (i = 0; i < rd->nr; i++) {
		if (!rd->stream[i].r)
			stream_next(&rd->stream[i]);
	}
	rd->started = true;
}

bool reader_next(struct reader *rd, struct event *e)
{
	const struct ptdbg_record *r;

	if (!rd->started) {
		look_again(rd);
		choose(rd);
	} else if (rd->at) {
		r = stream_next(rd->at);
		/* of equal times the lower CPU comes first */
		if (!r || r->ts >= rd->limit)
			choose(rd);
	}
	if (!rd->at || rd->at->r->ts > rd->horizon) {
		rd->at = NULL;
		rd->started = false;
		return false;
	}
	r = rd->at->r;
	e->cpu = rd->at->cpu;
	e->number = rd->at->number;
	e->stream = rd->at;
	e->offset = rd->at->base + rd->at->at;
	e->known = ptdbg_view(r, r->size, &e->v);
	if (!e->known) {
		e->v.r = r;
		rd->unknown[r->id < ARRAY_SIZE(rd->unknown) ? r->id : 0]++;
	}
	return true;
}

bool reader_holds(const struct reader *rd)
{
	unsigned int i;

	for (i = 0; i < rd->nr; i++) {
		if (rd->stream[i].r)
			return true;
	}
	return false;
}

void reader_tally(const struct reader *rd, struct tally *t)
{
	const struct stream *s;
	unsigned int i;

	memset(t, 0, sizeof(*t));
	t->spots = rd->gone;
	for (i = 0; i < rd->nr; i++) {
		s = &rd->stream[i];
		t->records += s->records;
		t->lost += s->lost;
		t->damaged += s->damaged;
		t->missed += s->missed;
		t->spots += s->spots;
	}
	for (i = 0; i < ARRAY_SIZE(rd->unknown); i++)
		t->unknown += rd->unknown[i];
}

int reader_say_missing(const struct reader *rd)
{
	struct tally t;
	unsigned int i;

	reader_tally(rd, &t);
	if (t.lost)
		say("%llu records are missing: they were overwritten before they could be read",
		    t.lost);
	if (t.missed)
		say("%llu events are missing: they could not be recorded",
		    t.missed);
	if (t.damaged)
		say("%llu records are missing%s: the files are damaged",
		    t.damaged, t.spots ? " at least" : "");
	else if (t.spots)
		say("records are missing, nobody knows how many: the files are damaged");
	for (i = 0; i < ARRAY_SIZE(rd->unknown); i++) {
		if (!rd->unknown[i])
			continue;
		if (i)
			say("%llu records of type %u were passed over: they are not known here",
			    rd->unknown[i], i);
		else
			say("%llu records of unknown types were passed over",
			    rd->unknown[i]);
	}
	if (notes_missing)
		say("%s/notes/%s is missing: it was there when the recording ended",
		    rd->dir, notes_missing);
	return t.damaged || t.spots || notes_damaged || notes_missing ?
	       EXIT_DAMAGED : EXIT_OK;
}
