// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names for addresses, from what was noted when they were recorded.  What is not
 * known for sure has no name.
 */
#include <stdlib.h>
#include <unistd.h>

#include "core/mode.h"
#include "functions.h"
#include "ksyms.h"
#include "maps.h"
#include "names.h"
#include "notes.h"
#include "out.h"
#include "place.h"

#define FAULT_FLAG_INSTRUCTION	0x100

/* Programs and libraries whose functions are kept. */
#define OBJECTS_MAX	256

/**
 * struct opened - a file that was looked for functions
 * @file: its name
 * @build: its build id
 * @object: the functions, or NULL
 */
struct opened {
	const char *file;
	const char *build;
	struct object *object;
};

struct names {
	struct ksyms *ksyms;
	bool running;			/* the kernel at hand */
	struct maps *maps;
	const char *sysroot;
	struct opened opened[OBJECTS_MAX];
	unsigned int nr_opened;
};

#ifdef HAVE_ELF
const bool names_from_files = true;
#else
const bool names_from_files;
#endif

static struct names *of_recording(const char *dir)
{
	struct names *n = calloc(1, sizeof(*n));
	size_t bytes;
	char *text;

	if (!n)
		return NULL;
	n->sysroot = "";
	text = notes_read(dir, "symbols", &bytes);
	if (text)
		n->ksyms = ksyms_parse(text);
	text = notes_read(dir, "maps", &bytes);
	if (text)
		n->maps = maps_parse(text);
	return n;
}

static struct names *of_running_kernel(void)
{
	struct names *n = calloc(1, sizeof(*n));

	if (n) {
		n->ksyms = ksyms_load("/proc/kallsyms");
		n->running = true;
	}
	return n;
}

struct names *names_open(const char *dir)
{
	return place_is_ring(dir) ? of_running_kernel() : of_recording(dir);
}

void names_free(struct names *n)
{
	if (!n)
		return;
	while (n->nr_opened--)
		functions_close(n->opened[n->nr_opened].object);
	ksyms_free(n->ksyms);
	maps_free(n->maps);
	free(n);
}

void names_sysroot(struct names *n, const char *sysroot)
{
	if (n)
		n->sysroot = sysroot;
}

static struct place place_of(const struct ptdbg_view *v, u64 addr)
{
	return (struct place){ v->r->tgid, seen_space(v), v->r->ts, addr };
}

/* The functions of the file of a mapping; it is opened once. */
static struct object *open_object(struct names *n, const struct mapping *m)
{
	struct opened *o;
	unsigned int i;

	for (i = 0; i < n->nr_opened; i++) {
		o = &n->opened[i];
		if (!strcmp(o->build, m->build) && !strcmp(o->file, m->file))
			return o->object;
	}
	if (n->nr_opened == OBJECTS_MAX)
		return NULL;
	o = &n->opened[n->nr_opened++];
	o->file = m->file;
	o->build = m->build;
	o->object = functions_open(n->sysroot, m->file, m->build);
	return o->object;
}

/* " (main+0x12)", if that is known; @p has room for it. */
static char *put_function(char *p, struct names *n, struct mapping *m, u64 offset)
{
	const char *name;
	u64 into;

	if (!m->build)
		return p;
	if (!m->asked)
		m->object = open_object(n, m);
	m->asked = true;
	name = m->object ? functions_at(m->object, offset, &into) : NULL;
	if (!name)
		return p;
	p = put_text(p, " (");
	p = put_text(p, name);
	p = put_text(p, "+0x");
	p = put_hex(p, into);
	*p++ = ')';
	return p;
}

/* "/usr/bin/ls+0x1042"; long names lose their end. */
static char *put_place(char *p, const struct mapping *m, u64 offset)
{
	size_t len = strnlen(m->file, NAMES_FILE_MAX);

	memcpy(p, m->file, len);
	p = put_text(p + len, "+0x");
	return put_hex(p, offset);
}

/* Does the record, which is of the execution of @addr, tell of another file? */
static bool contradicts(const struct ptdbg_view *v, const struct mapping *m,
			u64 addr)
{
	const struct ptdbg_fault *f = (const void *)v->r;

	return v->r->id == PTDBG_FAULT && f->flags & FAULT_FLAG_INSTRUCTION &&
	       addr >= f->vma.start && addr < f->vma.end &&
	       (f->vma.kind != PTDBG_VMA_FILE || f->vma.dev != m->dev ||
		f->vma.ino != m->ino);
}

static const char *user_code(struct names *n, const struct ptdbg_record *r,
			     u64 addr, char *buf)
{
	struct ptdbg_view v;
	struct mapping *m;
	struct place at;
	u64 offset;
	char *p;

	if (!n->maps || !ptdbg_view(r, r->size, &v))
		return NULL;
	at = place_of(&v, addr);
	m = at.root ? maps_at(n->maps, &at) : NULL;
	if (!m || !m->exec || contradicts(&v, m, addr))
		return NULL;
	offset = addr - m->first + m->offset;
	p = put_hex(buf, addr);
	*p++ = ' ';
	p = put_place(p, m, offset);
	p = put_function(p, n, m, offset);
	*p = '\0';
	return buf;
}

const char *names_code(struct names *n, const struct ptdbg_record *r, u64 addr,
		       char *buf)
{
	if (!n || !addr)
		return NULL;
	if (ptdbg_address_user(addr))
		return user_code(n, r, addr, buf);
	return n->ksyms && ksyms_name(n->ksyms, addr, buf, NAMES_MAX) ? buf : NULL;
}

bool names_kernel(void *data, u64 addr, char *buf, size_t size)
{
	const struct names *n = data;

	return n && n->ksyms && ksyms_caller(n->ksyms, addr, buf, size);
}

bool names_address(void *data, u64 addr, char *buf, size_t size)
{
	const struct names *n = data;

	return n && n->ksyms && ksyms_name(n->ksyms, addr, buf, size);
}

const char *names_ip(struct names *n, const struct ptdbg_record *r, char *buf)
{
	return names_code(n, r, r->ip, buf);
}

const char *names_data(struct names *n, const struct ptdbg_view *v,
		       unsigned int page_shift, char *buf)
{
	const struct ptdbg_vma *vma = v->vma;
	const struct mapping *m;
	struct place at;
	char *p;

	if (!n || !n->maps || !vma || vma->kind != PTDBG_VMA_FILE ||
	    v->r->addr < vma->start || v->r->addr >= vma->end)
		return NULL;
	at = place_of(v, v->r->addr);
	m = at.root ? maps_of_file(n->maps, &at, vma->dev, vma->ino) : NULL;
	if (!m)
		return NULL;
	p = put_place(buf, m, v->r->addr - vma->start + (vma->pgoff << page_shift));
	*p = '\0';
	return buf;
}

/* What the kernel says now */
static const char *running_file(u32 tgid, u64 first, u64 end, char *buf)
{
	char path[80];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%u/map_files/%llx-%llx", tgid, first,
		 end);
	len = readlink(path, buf, NAMES_MAX - 1);
	if (len <= 0)
		return NULL;
	buf[len] = '\0';
	notes_make_plain(buf);
	return buf;
}

const char *names_file(struct names *n, u32 tgid, u32 dev, u64 ino, u64 first,
		       u64 end, char *buf)
{
	const struct mapping *m;

	if (!n)
		return NULL;
	if (n->running)
		return running_file(tgid, first, end, buf);
	m = n->maps ? maps_of_process(n->maps, tgid, dev, ino) : NULL;
	if (!m)
		return NULL;
	snprintf(buf, NAMES_MAX, "%s", m->file);
	return buf;
}
