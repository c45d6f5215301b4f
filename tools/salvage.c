// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes what was found in a memory image as ptdbg record would have.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "notes.h"
#include "recdir.h"
#include "salvage.h"
#include "say.h"

/**
 * struct writer - a recording in the making
 * @dir: its directory; NULL: packets are only counted
 * @files: its note "files"
 * @fd: the stream at hand, or -1
 * @cpu: of it
 * @bytes: in it
 * @records: in it
 */
struct writer {
	const char *dir;
	FILE *files;
	int fd;
	u32 cpu;
	u64 bytes;
	u64 records;
};

static bool end_stream(struct writer *w)
{
	if (w->fd < 0)
		return true;
	fprintf(w->files, "cpu%u %llu %llu 0\n", w->cpu, w->bytes, w->records);
	if (!close(w->fd))
		return true;
	say("%s: %s", w->dir, strerror(errno));
	return false;
}

static bool write_packet(struct writer *w, const struct ptdbg_packet *p)
{
	char name[32];

	if (w->fd < 0 || w->cpu != p->cpu) {
		if (!end_stream(w))
			return false;
		snprintf(name, sizeof(name), "cpu%u", p->cpu);
		w->fd = recdir_create(w->dir, name);
		if (w->fd < 0)
			return false;
		w->cpu = p->cpu;
		w->bytes = 0;
		w->records = 0;
	}
	if (!recdir_write(w->fd, (const char *)p, p->packet_size / 8)) {
		say("%s: %s", w->dir, strerror(errno));
		return false;
	}
	w->bytes += p->packet_size / 8;
	w->records += p->records;
	return true;
}

static bool write_metadata(const char *dir, const struct carve_trace *t)
{
	int fd = recdir_create(dir, "metadata");
	bool good;

	if (fd < 0)
		return false;
	good = recdir_write(fd, t->text, t->bytes);
	if (close(fd) || !good) {
		say("%s/metadata: %s", dir, strerror(errno));
		return false;
	}
	return true;
}

/* Where it is from: other notes are not to be expected. */
static bool write_image(const char *dir, const struct image *img)
{
	FILE *file = notes_begin(dir, "image");

	if (!file)
		return false;
	fprintf(file, "%s: %s\n", img->path, img->kind);
	return notes_end(dir, "image", file);
}

bool salvage_write(struct carve *c, unsigned int trace, const char *dir)
{
	struct writer w = { .dir = dir, .fd = -1 };
	const struct ptdbg_packet *p;
	bool good = true;
	size_t i;

	if (dir) {
		if (!recdir_make(dir) || !write_metadata(dir, &c->trace[trace]))
			return false;
		w.files = notes_begin(dir, "files");
		if (!w.files)
			return false;
	}
	for (i = 0; good && i < c->nr; i++) {
		if (c->packet[i].trace != trace)
			continue;
		p = carve_packet(c, &c->packet[i]);
		if (p && dir)
			good = write_packet(&w, p);
	}
	if (dir) {
		good = end_stream(&w) && good;
		good = notes_end(dir, "files", w.files) && good;
		good = write_image(dir, c->img) && good;
	}
	return good;
}

void salvage_remove(const struct carve *c, unsigned int trace, const char *dir)
{
	char path[512];
	size_t i;

	for (i = 0; i < c->nr; i++) {
		if (c->packet[i].trace != trace)
			continue;
		snprintf(path, sizeof(path), "%s/cpu%u", dir, c->packet[i].cpu);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/metadata", dir);
	unlink(path);
	notes_clear(dir);
	snprintf(path, sizeof(path), "%s/notes", dir);
	rmdir(path);
	rmdir(dir);
}
