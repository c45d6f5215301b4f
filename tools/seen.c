// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collects the kernel addresses in the records, and the mappings of the processes
 * while they live: at the first record of a process, and again when it executes
 * from a mapping for the first time (exec, dlopen).
 */
#include <string.h>

#include "core/mode.h"
#include "seen.h"

#define FAULT_FLAG_INSTRUCTION	0x100

static unsigned int hash(u64 x, unsigned int places)
{
	return (x * 0x9e3779b97f4a7c15ULL >> 32) % places;
}

static void add_ip(struct seen *s, u64 ip)
{
	unsigned int i = hash(ip, SEEN_IPS);

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

/* The lines of files, behind a line with the pid */
static void copy_maps(FILE *to, u32 tgid)
{
	char path[64], line[4500];
	FILE *from;

	snprintf(path, sizeof(path), "/proc/%u/maps", tgid);
	from = fopen(path, "re");
	/* it may have ended */
	if (!from)
		return;
	fprintf(to, "pid %u\n", tgid);
	while (fgets(line, sizeof(line), from)) {
		if (strchr(line, '/') && strchr(line, '\n'))
			fputs(line, to);
	}
	fclose(from);
}

/* Is this the first execution from a mapping? */
static bool executes(struct seen_task *t, const struct ptdbg_record *r)
{
	const struct ptdbg_fault *f = (const void *)r;
	u32 i;

	if (r->id != PTDBG_FAULT || r->size < sizeof(*f) ||
	    !(f->flags & FAULT_FLAG_INSTRUCTION) ||
	    f->vma.kind != PTDBG_VMA_FILE)
		return false;
	for (i = 0; i < t->looks && i < SEEN_LOOKS; i++) {
		if (t->start[i] == f->vma.start)
			return false;
	}
	if (i < SEEN_LOOKS)
		t->start[i] = f->vma.start;
	return true;
}

void seen_record(struct seen *s, const struct ptdbg_record *r)
{
	struct seen_task *t;

	if (r->ip && !ptdbg_address_user(r->ip))
		add_ip(s, r->ip);
	t = r->tgid ? find_task(s, r->tgid) : NULL;
	if (!t || t->looks == SEEN_LOOKS)
		return;
	if (executes(t, r) || !t->looks) {
		copy_maps(s->maps, r->tgid);
		t->looks++;
	}
}
