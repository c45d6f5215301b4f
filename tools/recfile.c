// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies packets while the ring turns over, each once.  A packet is checked as
 * every reader does, and written as it came.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "notes.h"
#include "place.h"
#include "recdir.h"
#include "recfile.h"
#include "say.h"

/* The metadata once more: the parser has cut up its copy. */
static bool copy_metadata(const char *dir)
{
	int from = open(PLACE_CTF "/metadata", O_RDONLY | O_CLOEXEC);
	int to = recdir_create(dir, "metadata");
	bool good = from >= 0 && to >= 0;
	char buf[4096];
	ssize_t n = 0;

	while (good && (n = read(from, buf, sizeof(buf))) > 0)
		good = recdir_write(to, buf, n);
	if (to >= 0 && (!good || n < 0))
		say("%s/metadata: %s", dir, strerror(errno));
	close(from);
	close(to);
	return good && !n;
}

static bool open_files(struct recfile *rf)
{
	struct stream *s;
	char name[32];
	unsigned int i;

	rf->out = calloc(rf->from->nr, sizeof(*rf->out));
	rf->poll = calloc(rf->from->nr + 1, sizeof(*rf->poll));
	if (!rf->out || !rf->poll) {
		say("no memory for %u CPUs", rf->from->nr);
		return false;
	}
	for (i = 0; i < rf->from->nr; i++) {
		s = &rf->from->stream[i];
		rf->poll[i] = (struct pollfd){ .fd = s->fd, .events = POLLIN };
		if (lseek(s->fd, 0, SEEK_END) < 0) {
			say("%s: %s", s->path, strerror(errno));
			return false;
		}
		snprintf(name, sizeof(name), "cpu%u", s->cpu);
		rf->out[i] = recdir_create(rf->dir, name);
		if (rf->out[i] < 0)
			return false;
	}
	return true;
}

struct recfile *recfile_create(const char *dir)
{
	struct recfile *rf = calloc(1, sizeof(*rf));

	if (!rf) {
		say("no memory to record");
		return NULL;
	}
	rf->dir = dir;
	rf->from = reader_open(PLACE_CTF);
	if (!rf->from || !recdir_make(dir))
		goto fail;
	rf->seen.maps = notes_begin(dir, "maps");
	if (!rf->seen.maps || !copy_metadata(dir) || !open_files(rf))
		goto fail;
	return rf;
fail:
	if (rf->seen.maps)
		fclose(rf->seen.maps);
	if (rf->from)
		reader_close(rf->from);
	free(rf->out);
	free(rf->poll);
	free(rf);
	return NULL;
}

/* One packet, and a look at its records. */
static bool copy_packet(struct recfile *rf, int out,
			const struct ptdbg_packet *p)
{
	const char *at = (const char *)(p + 1);
	const char *end = (const char *)p + p->content_size / 8;

	if (!recdir_write(out, (const char *)p, p->packet_size / 8)) {
		say("%s: %s", rf->dir, strerror(errno));
		return false;
	}
	rf->bytes += p->packet_size / 8;
	for (; at < end; at += ((const struct ptdbg_record *)at)->size)
		seen_record(&rf->seen, (const struct ptdbg_record *)at);
	return true;
}

ssize_t recfile_copy(struct recfile *rf)
{
	const struct ptdbg_packet *p;
	u64 before = rf->bytes;
	unsigned int i;

	for (i = 0; i < rf->from->nr; i++) {
		while ((p = stream_packet(&rf->from->stream[i]))) {
			if (!copy_packet(rf, rf->out[i], p))
				return -1;
		}
	}
	return rf->bytes - before;
}

void recfile_wait(struct recfile *rf, int also)
{
	rf->poll[rf->from->nr] = (struct pollfd){ .fd = also, .events = POLLIN };
	poll(rf->poll, rf->from->nr + 1, -1);
}

/* What a report may expect of each file. */
static bool note_files(const struct recfile *rf)
{
	FILE *file = notes_begin(rf->dir, "files");
	const struct stream *s;
	unsigned int i;

	if (!file)
		return false;
	for (i = 0; i < rf->from->nr; i++) {
		s = &rf->from->stream[i];
		fprintf(file, "cpu%u %llu %llu %llu\n", s->cpu, s->base + s->at,
			s->records, s->lost);
	}
	return notes_end(rf->dir, "files", file);
}

bool recfile_close(struct recfile *rf)
{
	bool good = note_files(rf);
	unsigned int i;

	good = notes_end(rf->dir, "maps", rf->seen.maps) && good;
	good = notes_symbols(rf->dir, &rf->seen) && good;
	for (i = 0; i < rf->from->nr; i++) {
		if (close(rf->out[i])) {
			say("%s: %s", rf->dir, strerror(errno));
			good = false;
		}
	}
	reader_close(rf->from);
	free(rf->out);
	free(rf->poll);
	free(rf);
	return good;
}
