// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collects the kernel addresses in the records, and the mappings of the processes
 * while they live: at the first record of an address space, and again at the
 * first of a mapping that was not there at a look before (exec, dlopen).
 *
 * Records come late, a look comes later still, and the process may have called
 * exec meanwhile: then the look shows what was not there yet.  So each is noted
 * with the address space and the times that it is for, and a look that a record
 * of another address space of the process overtakes is void: see maps.c.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/mode.h"
#include "maps.h"
#include "seen.h"

static unsigned int hash(u64 x, unsigned int places)
{
	return (x * 0x9e3779b97f4a7c15ULL >> 32) % places;
}

static void add_ip(struct seen *s, u64 ip)
{
	unsigned int i = hash(ip, SEEN_IPS);

	if (!ip)
		return;
	for (; s->ip[i]; i = (i + 1) % SEEN_IPS) {
		if (s->ip[i] == ip)
			return;
	}
	/* a place stays free, where a search ends */
	if (s->nr_ips == SEEN_IPS - 1)
		return;
	s->ip[i] = ip;
	s->nr_ips++;
}

/* The process; NULL: there is no room for it. */
static struct seen_task *find_task(struct seen *s, u32 tgid)
{
	unsigned int i = hash(tgid, SEEN_TASKS);

	for (; s->task[i].tgid; i = (i + 1) % SEEN_TASKS) {
		if (s->task[i].tgid == tgid)
			return &s->task[i];
	}
	if (s->nr_tasks == SEEN_TASKS - 1)
		return NULL;
	s->task[i].tgid = tgid;
	s->nr_tasks++;
	return &s->task[i];
}

static u32 mapping_hash(u64 start, u64 dev, u64 ino)
{
	return hash(start ^ dev << 40 ^ ino * 0x2545f4914f6cdd1dULL, ~0U);
}

static bool knows(const struct seen_task *t, u32 mapping)
{
	u32 i;

	for (i = 0; i < t->nr_known && i < SEEN_KNOWN; i++) {
		if (t->known[i] == mapping)
			return true;
	}
	return false;
}

static void know(struct seen_task *t, u32 mapping)
{
	if (!knows(t, mapping))
		t->known[t->nr_known++ % SEEN_KNOWN] = mapping;
}

/* The build id of the file of a mapping; "" when there is none. */
static const char *build_of(struct seen *s, u32 tgid, u64 first, u64 end)
{
	struct seen_file *f;
	char path[80];
	struct stat st;
	u64 changed;
	int fd;

	/* the very file, whatever its name leads to by now */
	snprintf(path, sizeof(path), "/proc/%u/map_files/%llx-%llx", tgid, first,
		 end);
	if (stat(path, &st) || !S_ISREG(st.st_mode))
		return "";
	changed = st.st_ctim.tv_sec * 1000000000ULL + st.st_ctim.tv_nsec;
	f = &s->file[hash(st.st_ino, SEEN_FILES)];
	if (f->ino == st.st_ino && f->dev == st.st_dev && f->changed == changed)
		return f->build;
	fd = buildid_open(path);
	if (fd < 0)
		return "";
	f->dev = st.st_dev;
	f->ino = st.st_ino;
	f->changed = changed;
	if (!buildid_read(fd, f->build))
		*f->build = '\0';
	close(fd);
	return f->build;
}

/* The lines of files, behind one that says whose they are */
static void copy_maps(struct seen *s, struct seen_task *t, FILE *from)
{
	struct mapping m;
	char line[4500];
	const char *build;

	while (fgets(line, sizeof(line), from)) {
		if (!strchr(line, '\n') || !mapping_parse(line, &m))
			continue;
		fputs(line, s->maps);
		know(t, mapping_hash(m.first, m.dev, m.ino));
		build = m.exec ? build_of(s, t->tgid, m.first, m.end) : "";
		if (*build)
			fprintf(s->maps, "build %s\n", build);
	}
}

/* All of /proc/PID/maps at once, so that the time is known; NULL: it has ended. */
static FILE *read_maps(u32 tgid, char **text)
{
	char path[64], buf[4096];
	FILE *from, *copy;
	size_t bytes, n;

	snprintf(path, sizeof(path), "/proc/%u/maps", tgid);
	from = fopen(path, "re");
	copy = from ? open_memstream(text, &bytes) : NULL;
	while (copy && (n = fread(buf, 1, sizeof(buf), from)) > 0)
		fwrite(buf, 1, n, copy);
	if (from)
		fclose(from);
	if (!copy || fclose(copy))
		return NULL;
	return bytes ? fmemopen(*text, bytes, "r") : NULL;
}

static void look(struct seen *s, struct seen_task *t, u64 since)
{
	char *text = NULL;
	struct timespec now;
	FILE *from = NULL;

	if (t->looks++ < SEEN_LOOKS)
		from = read_maps(t->tgid, &text);
	clock_gettime(CLOCK_MONOTONIC, &now);
	/* without mappings, too: it ends the address space before */
	fprintf(s->maps, "pid %u root %llx since %llu until %llu\n", t->tgid,
		t->root, since, now.tv_sec * 1000000000ULL + now.tv_nsec);
	if (from) {
		copy_maps(s, t, from);
		fclose(from);
	}
	free(text);
}

u64 seen_space(const struct ptdbg_view *v)
{
	if (!v->chain)
		return 0;
	switch (v->r->id) {
	case PTDBG_FAULT:
		return ((const struct ptdbg_fault *)v->r)->remote ? 0 : v->chain->root;
	case PTDBG_GUP:
		return ((const struct ptdbg_gup *)v->r)->remote ? 0 : v->chain->root;
	case PTDBG_SIG:
		return v->chain->root;
	}
	return 0;
}

static void see_task(struct seen *s, const struct ptdbg_view *v, u64 root)
{
	struct seen_task *t = find_task(s, v->r->tgid);
	u64 began = v->r->ts;
	u32 mapping = 0;

	if (!t)
		return;
	if (v->r->id == PTDBG_FAULT)
		began -= ((const struct ptdbg_fault *)v->r)->duration;
	if (v->vma && v->vma->kind == PTDBG_VMA_FILE)
		mapping = mapping_hash(v->vma->start, v->vma->dev, v->vma->ino);
	if (t->root == root) {
		if (v->r->ts > t->newest)
			t->newest = v->r->ts;
		if (!mapping || knows(t, mapping) || t->looks >= SEEN_LOOKS)
			return;
	} else {
		/* of another CPU, and older than what was seen: too late to look */
		if (v->r->ts < t->newest)
			return;
		t->root = root;
		t->newest = v->r->ts;
		t->nr_known = 0;
	}
	look(s, t, began);
	/* once is enough, also where the kernel shows another inode than it has */
	if (mapping)
		know(t, mapping);
}

/* A return address may lie behind the end of the caller: the byte before does not. */
static void add_callers(struct seen *s, const struct ptdbg_view *v)
{
	u32 i;

	for (i = 0; v->stack && i < v->stack->kernel_n; i++)
		add_ip(s, v->kernel[i] - 1);
}

void seen_record(struct seen *s, const struct ptdbg_record *r)
{
	struct ptdbg_view v;
	u64 root;

	if (r->ip && !ptdbg_address_user(r->ip))
		add_ip(s, r->ip);
	if (!ptdbg_view(r, r->size, &v))
		return;
	add_callers(s, &v);
	if (!r->tgid)
		return;
	root = seen_space(&v);
	if (root)
		see_task(s, &v, root);
}
