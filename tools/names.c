// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names for addresses.  Of a process there may be several sets of maps, as its
 * mappings came; the newest one that fits is taken.
 */
#include <stdlib.h>
#include <unistd.h>

#include "core/mode.h"
#include "ksyms.h"
#include "names.h"
#include "notes.h"
#include "number.h"

/* A mapping of a file. */
struct mapping {
	u64 first;
	u64 end;
	u64 offset;		/* of @first in the file, in bytes */
	const char *file;
	u32 tgid;
	u32 order;		/* newer is higher */
};

struct names {
	struct ksyms *ksyms;
	bool running;			/* the kernel at hand */
	char *maps;
	struct mapping *mapping;	/* by tgid and order */
	size_t nr;
	const struct mapping *last;	/* that was found */
};

static int by_task(const void *a, const void *b)
{
	const struct mapping *x = a, *y = b;

	if (x->tgid != y->tgid)
		return x->tgid < y->tgid ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* What a name has in it must not steer a terminal. */
static void make_printable(char *name)
{
	for (; *name; name++) {
		if ((unsigned char)*name < ' ' || *name == 0x7f)
			*name = '?';
	}
}

/* "START-END PERM OFFSET DEV INO   /PATH" */
static bool parse_mapping(char *line, struct mapping *m)
{
	const char *at;

	make_printable(line);
	if (!parse_range(line, &at, &m->first, &m->end) || strlen(at) < 7 ||
	    !parse_number(at + 6, 16, ~0ULL, &at, &m->offset))
		return false;
	m->file = strchr(at, '/');
	return m->file;
}

static void parse_maps(struct names *n)
{
	char *rest = n->maps, *line;
	struct mapping *more;
	size_t room = 0;
	u64 tgid = 0;

	while ((line = strsep(&rest, "\n"))) {
		if (!strncmp(line, "pid ", 4)) {
			parse_number(line + 4, 10, 0x7fffffff, NULL, &tgid);
			continue;
		}
		if (n->nr == room) {
			room = room ? 2 * room : 256;
			more = realloc(n->mapping, room * sizeof(*more));
			if (!more)
				break;
			n->mapping = more;
		}
		if (!parse_mapping(line, &n->mapping[n->nr]))
			continue;
		n->mapping[n->nr].tgid = tgid;
		n->mapping[n->nr].order = n->nr;
		n->nr++;
	}
	if (n->nr)
		qsort(n->mapping, n->nr, sizeof(*n->mapping), by_task);
}

struct names *names_load(const char *dir)
{
	struct names *n = calloc(1, sizeof(*n));
	char *symbols;
	size_t bytes;

	if (!n)
		return NULL;
	symbols = notes_read(dir, "symbols", &bytes);
	if (symbols)
		n->ksyms = ksyms_parse(symbols);
	n->maps = notes_read(dir, "maps", &bytes);
	if (n->maps)
		parse_maps(n);
	return n;
}

struct names *names_running(void)
{
	struct names *n = calloc(1, sizeof(*n));

	if (n) {
		n->ksyms = ksyms_load("/proc/kallsyms");
		n->running = true;
	}
	return n;
}

void names_free(struct names *n)
{
	if (!n)
		return;
	ksyms_free(n->ksyms);
	free(n->mapping);
	free(n->maps);
	free(n);
}

static bool holds(const struct mapping *m, u32 tgid, u64 addr)
{
	return m->tgid == tgid && addr >= m->first && addr < m->end;
}

static const struct mapping *find_mapping(struct names *n, u32 tgid, u64 addr)
{
	size_t low = 0, high = n->nr, mid;

	if (n->last && holds(n->last, tgid, addr))
		return n->last;
	/* behind the last mapping of the task */
	while (low < high) {
		mid = low + (high - low) / 2;
		if (n->mapping[mid].tgid <= tgid)
			low = mid + 1;
		else
			high = mid;
	}
	while (low && n->mapping[--low].tgid == tgid) {
		if (holds(&n->mapping[low], tgid, addr)) {
			n->last = &n->mapping[low];
			return n->last;
		}
	}
	return NULL;
}

const char *names_ip(struct names *n, const struct ptdbg_record *r, char *buf)
{
	const struct mapping *m;

	if (!n || !r->ip)
		return NULL;
	if (!ptdbg_address_user(r->ip))
		return n->ksyms && ksyms_name(n->ksyms, r->ip, buf, NAMES_MAX) ?
		       buf : NULL;
	m = find_mapping(n, r->tgid, r->ip);
	if (!m)
		return NULL;
	snprintf(buf, NAMES_MAX, "%llx %s+0x%llx", r->ip, m->file,
		 r->ip - m->first + m->offset);
	return buf;
}

const char *names_file(struct names *n, u32 tgid, u64 first, u64 end, char *buf)
{
	const struct mapping *m;
	char path[80];
	ssize_t len;

	if (!n)
		return NULL;
	if (n->running) {
		snprintf(path, sizeof(path), "/proc/%u/map_files/%llx-%llx",
			 tgid, first, end);
		len = readlink(path, buf, NAMES_MAX - 1);
		if (len <= 0)
			return NULL;
		buf[len] = '\0';
		make_printable(buf);
		return buf;
	}
	m = find_mapping(n, tgid, first);
	if (!m)
		return NULL;
	snprintf(buf, NAMES_MAX, "%s", m->file);
	return buf;
}
