// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a walk through corrupt tables should find, and what ptdbg says it found.
 *
 * Expectations come from what was written to the tables, from manual.c,
 * /proc/iomem and /proc/kpageflags.  Where a walk reads memory of which the
 * content is not known, they end with the verdicts on that page.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control.h"
#include "expect.h"
#include "proc.h"

#define BIT(n)		(1UL << (n))

/* In the words of the text: module/uapi/ptdbg.h */
static const char *const names[PTDBG_NR_VERDICTS] = {
	[PTDBG_BAD_PFN] = "bad pfn",
	[PTDBG_NOT_RAM] = "not RAM",
	[PTDBG_FREE_PAGE] = "free page",
	[PTDBG_TABLE_NOT_RAM] = "table not RAM",
	[PTDBG_TABLE_FREE] = "table free",
	[PTDBG_TABLE_UNREADABLE] = "table unreadable",
	[PTDBG_RESERVED_BITS] = "reserved bits",
	[PTDBG_LOOP] = "loop",
	[PTDBG_WRITE_EXEC] = "write exec",
	[PTDBG_TABLE_UNTYPED] = "table untyped",
	[PTDBG_TABLE_USER] = "table user",
	[PTDBG_BAD_ENTRY] = "bad entry",
};

const char *walk_verdict_name(unsigned int verdict)
{
	return verdict < PTDBG_NR_VERDICTS ? names[verdict] : NULL;
}

unsigned long target_flags(unsigned long pfn)
{
	static int fd = -1;
	unsigned long flags;

	if (fd < 0)
		fd = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
	/* beyond the last page there is nothing to read */
	if (pfn > BIT(50) || pread(fd, &flags, 8, pfn * 8) != 8)
		return BIT(KPF_NOPAGE);
	return flags;
}

unsigned long target_table(const struct target *t, unsigned int level)
{
	if (!level)
		return t->chain.root >> t->mode.page_shift;
	return manual_meaning(&t->mode, level - 1,
			      t->chain.chain[level - 1]).pfn;
}

/* What is in a table at our index, if we know. */
static bool content(const struct target *t, unsigned long pfn,
		    unsigned int level, unsigned long *raw)
{
	unsigned int i;

	for (i = 0; i < DEEP; i++) {
		if (pfn == t->deep_pfn[i]) {
			*raw = t->deep[i][t->index];
			return true;
		}
	}
	for (i = 0; i < t->mode.levels; i++) {
		/* a root that is less than a page is read elsewhere as a page */
		if (pfn != target_table(t, i) ||
		    (!i && level && t->chain.root & (BIT(t->mode.page_shift) - 1)))
			continue;
		*raw = i == t->level ? t->raw : t->chain.chain[i];
		return true;
	}
	return false;
}

/* The verdicts on a table that is in RAM; @ours: its page stays what it is. */
static void expect_table(const struct target *t, unsigned int level,
			 unsigned long pfn, bool ours, struct walk *w)
{
	const unsigned long anon = BIT(KPF_ANON) | BIT(KPF_MMAP);
	unsigned long flags = target_flags(pfn);
	unsigned long must = 0;

	if (flags & BIT(KPF_BUDDY))
		must |= BIT(PTDBG_TABLE_FREE);
	else if (level && t->typed[level] && !(flags & BIT(KPF_PGTABLE)))
		must |= BIT(PTDBG_TABLE_UNTYPED);
	if (!ours)
		w->hidden = BIT(PTDBG_TABLE_UNTYPED) | BIT(PTDBG_TABLE_USER);
	if (!ours && t->moving) {
		/* what was free may be in use now, or the other way round */
		if (must && t->typed[level])
			w->either = BIT(PTDBG_TABLE_FREE) |
				    BIT(PTDBG_TABLE_UNTYPED);
		return;
	}
	/* KPF_ANON may be set by chance in what is not mapped: slab pages */
	if ((flags & anon) == anon || flags & BIT(KPF_ZERO_PAGE))
		must |= BIT(PTDBG_TABLE_USER);
	w->must |= must;
}

static void expect_leaf(const struct target *t, const struct meaning *m,
			struct walk *w)
{
	unsigned long pfn = m->pfn, flags;

	w->end = END_LEAF;
	pfn += t->addr >> t->mode.page_shift & (BIT(m->order) - 1);
	flags = target_flags(pfn);
	if (iomem_is_ram(&t->map, pfn)) {
		if (flags & BIT(KPF_BUDDY) && !t->moving)
			w->must |= BIT(PTDBG_FREE_PAGE);
		else if (t->moving)
			w->may |= BIT(PTDBG_FREE_PAGE);
	} else if (flags && !(flags & BIT(KPF_NOPAGE))) {
		w->must |= BIT(PTDBG_NOT_RAM);
	} else {
		/*
		 * Since 7.0 the flags are 0 where there is no page, and some
		 * struct pages that are there have always been left out.
		 */
		w->either = BIT(PTDBG_BAD_PFN) | BIT(PTDBG_NOT_RAM);
	}
	/* permissions are another test's concern */
	w->may |= BIT(PTDBG_WRITE_EXEC);
}

void walk_expect(const struct target *t, struct walk *w)
{
	unsigned long pfn = target_table(t, 0), seen[INJECT_LEVELS];
	unsigned int level, i;
	struct meaning m;
	bool ours;

	memset(w, 0, sizeof(*w));
	for (level = 0; level < t->mode.levels; level++) {
		w->end = END_TABLE;
		if (!iomem_is_ram(&t->map, pfn)) {
			w->must |= BIT(PTDBG_TABLE_NOT_RAM);
			return;
		}
		for (i = 0; i < level; i++) {
			if (seen[i] == pfn)
				w->must |= BIT(PTDBG_LOOP);
		}
		seen[level] = pfn;
		ours = content(t, pfn, level, &w->raw[level]);
		expect_table(t, level, pfn, ours, w);
		if (!ours) {
			w->end = END_UNKNOWN;
			w->may = ~0UL;
			return;
		}
		w->n = level + 1;
		m = manual_meaning(&t->mode, level, w->raw[level]);
		if (m.reserved)
			w->must |= BIT(PTDBG_RESERVED_BITS);
		pfn = m.pfn;
		switch (m.kind) {
		case MEANS_TABLE:
			continue;
		case MEANS_LEAF:
			expect_leaf(t, &m, w);
			return;
		case MEANS_BAD:
			w->must |= BIT(PTDBG_BAD_ENTRY);
			w->end = END_BAD;
			return;
		case MEANS_NOTHING:
			w->end = w->raw[level] ? END_ABSENT : END_NONE;
			/* what Linux makes of it is its own affair */
			w->may |= BIT(PTDBG_BAD_PFN) | BIT(PTDBG_NOT_RAM) |
				  BIT(PTDBG_FREE_PAGE);
			return;
		}
	}
}

static bool starts(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* What follows the raw entry in its line. */
static enum end end_of(const char *rest)
{
	if (starts(rest, "none"))
		return END_NONE;
	if (starts(rest, "not legal at this level"))
		return END_BAD;
	if (starts(rest, "-> table "))
		return END_TABLE;
	/* a leaf to Linux may be nothing to the hardware */
	if (starts(rest, "-> pfn ") && !strstr(rest, "PROT_NONE") &&
	    !strstr(rest, "invalid"))
		return END_LEAF;
	return END_ABSENT;
}

static unsigned int verdict_of(const char *line)
{
	unsigned int i;

	for (i = 0; i < PTDBG_NR_VERDICTS; i++) {
		if (names[i] && starts(line, names[i]) &&
		    line[strlen(names[i])] == ':')
			return i;
	}
	return VERDICT_OTHER;
}

void walk_parse(const struct target *t, char *text, struct walk *w)
{
	unsigned long mask = BIT(t->mode.page_shift) - 1;
	unsigned long entry, raw;
	unsigned int index;
	char *line;
	int at;

	memset(w, 0, sizeof(*w));
	w->end = END_UNKNOWN;
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (starts(line, "    !! ")) {
			w->must |= BIT(verdict_of(line + 7));
			continue;
		}
		if (sscanf(line, "    %*3[A-Z4][%x] @%lx %lx %n", &index, &entry,
			   &raw, &at) != 3)
			continue;
		/* only a root can begin within a page */
		if (w->n == INJECT_LEVELS || index != t->index ||
		    (w->n && (entry & mask) != 8 * index))
			die("not a line of this chain: %s", line);
		w->raw[w->n++] = raw;
		w->end = end_of(line + at);
	}
}

/*
 * Not all RAM can be read: firmware protects its part of it, and KFENCE takes
 * pages out of the direct map.
 */
static bool unreadable(const struct walk *want, const struct walk *got)
{
	return want->end == END_UNKNOWN && got->n == want->n &&
	       got->must & BIT(PTDBG_TABLE_UNREADABLE);
}

bool walk_same(const struct walk *want, const struct walk *got)
{
	unsigned long hidden = unreadable(want, got) ? want->hidden : 0;
	unsigned long allowed = want->must | want->either | want->may |
				BIT(VERDICT_OTHER);

	if ((want->must & ~hidden & ~got->must) || (got->must & ~allowed))
		return false;
	if (want->either && !(want->either & (got->must | hidden)))
		return false;
	if (memcmp(got->raw, want->raw, want->n * sizeof(want->raw[0])))
		return false;
	/* one entry more than is known has to be read */
	if (want->end == END_UNKNOWN)
		return got->n > want->n || unreadable(want, got);
	return got->n == want->n && got->end == want->end;
}

void walk_print(const char *what, const struct walk *w)
{
	unsigned int i;

	printf("# %s: end %u, verdicts %lx (one of %lx, may %lx):", what, w->end,
	       w->must, w->either, w->may);
	for (i = 0; i < w->n; i++)
		printf(" %016lx", w->raw[i]);
	printf("\n");
}
