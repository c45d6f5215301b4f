// SPDX-License-Identifier: GPL-2.0-only
/*
 * Damaged recordings, reported as a user sees it: bits flipped, files cut, pieces
 * moved, files gone, of other CPUs, of other recordings.  Oracle: the text of the
 * recordings as they were.  Each record that is printed is one of these, to the
 * byte and in order; when one is not, or a name is not, the report says so and its
 * exit code does.
 */
#include <fcntl.h>
#include <getopt.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../tools/ptdbg.h"
#include "recording.h"
#include "tap.h"

#define CPUS		3
#define RECORDS		300
#define FILE_MAX	(64 * 1024)
#define TEXT_MAX	(1024 * 1024)
#define NAMES		4	/* with both kinds of names, with one, with none */

static const char *const names[] = {
	"metadata", "cpu0", "cpu1", "cpu2", "notes/files", "notes/symbols",
	"notes/maps", "notes/machine",
};

#define FILES		ARRAY_SIZE(names)

/* A recording in memory: what a damaged one is made from. */
struct copy {
	char bytes[FILES][FILE_MAX];
	size_t size[FILES];
};

/**
 * struct told - the text of a report, record by record
 * @text: all of it
 * @at: where each record begins; one more for the end
 * @nr: records
 */
struct told {
	char text[TEXT_MAX];
	size_t at[2 * RECORDS + 2];
	unsigned int nr;
};

/* As it was, of the same trace but later, and of another trace */
static struct copy whole, later, other;
static struct told want[NAMES], want_later, got;
static char said[TEXT_MAX];
static u64 state = 20261121;

static u64 below(u64 n)
{
	return rec_random(&state) % n;
}

static void path_of(char path[256], const char *dir, const char *name)
{
	snprintf(path, 256, "%s/%s", dir, name);
}

static bool load(struct copy *c, const char *dir)
{
	char path[256];
	unsigned int i;
	FILE *file;

	for (i = 0; i < FILES; i++) {
		path_of(path, dir, names[i]);
		file = fopen(path, "rb");
		if (!file)
			return false;
		c->size[i] = fread(c->bytes[i], 1, FILE_MAX, file);
		fclose(file);
		if (!c->size[i] || c->size[i] == FILE_MAX)
			return false;
	}
	return true;
}

static bool store(const char *dir, const char *name, const void *bytes,
		  size_t size)
{
	char path[256];
	bool good;
	int fd;

	path_of(path, dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	good = fd >= 0 && write(fd, bytes, size) == (ssize_t)size;
	close(fd);
	return good;
}

static bool store_note(const char *dir, const char *name, const char *text)
{
	char all[4096];
	int n;

	n = snprintf(all, sizeof(all), "%s# sum %016llx\n", text,
		     ptdbg_sum(PTDBG_SUM_START, text, strlen(text)));
	return store(dir, name, all, n);
}

/* A recording: @first is the number of its first record, @ts its first time. */
static bool make(const char *dir, u64 first, u64 ts)
{
	static struct rec_stream s[CPUS];
	struct ptdbg_layout l = fix_n1();
	struct ptdbg_trace t = fix_trace(&l);
	char path[256], files[256];
	u64 count[CPUS] = { 0 };
	union fix_record f;
	unsigned int cpu, i;
	bool good;
	int n = 0;

	good = rec_begin(dir, &t);
	path_of(path, dir, "notes");
	good = good && (!mkdir(path, 0777) || errno == EEXIST);
	for (cpu = 0; good && cpu < CPUS; cpu++)
		good = rec_open(&s[cpu], dir, cpu, first, 2000);
	for (i = 0; good && i < RECORDS; i++) {
		cpu = below(CPUS);
		ts += 1 + below(3000);
		rec_fill(&f, 1 + below(5), ts, &state);
		rec_add(&s[cpu], &f.r);
		count[cpu]++;
	}
	for (cpu = 0; good && cpu < CPUS; cpu++) {
		rec_flush(&s[cpu]);
		n += snprintf(files + n, sizeof(files) - n, "cpu%u %ld %llu 0\n",
			      cpu, ftell(s[cpu].file), count[cpu]);
		good = rec_close(&s[cpu]);
	}
	return good && store_note(dir, "notes/files", files) &&
	       store_note(dir, "notes/symbols",
			  "ffffffff80188000 follow_page_pte\n") &&
	       store_note(dir, "notes/maps",
			  "pid 700\n10000-1ffffffff r-xp 00001000 fe:01 4711   /usr/bin/ls\n") &&
	       store_note(dir, "notes/machine", "Linux\n") &&
	       store_note(dir, "notes/stats_end", "recorded 300\n");
}

/* All of a file in memory, NUL terminated. */
static void drain(int fd, char *text)
{
	ssize_t n = pread(fd, text, TEXT_MAX - 1, 0);

	text[n < 0 ? 0 : n] = '\0';
}

/* Run the report on @dir; its text in @t, what it said in @said. */
static int report(const char *dir, struct told *t)
{
	char *argv[3] = { "report", (char *)dir };
	int out = memfd_create("out", 0), err = memfd_create("err", 0);
	int old_out = dup(STDOUT_FILENO), old_err = dup(STDERR_FILENO);
	const char *line;
	int code;

	fflush(stdout);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	optind = 0;
	code = cmd_report(2, argv);
	fflush(stderr);
	dup2(old_out, STDOUT_FILENO);
	dup2(old_err, STDERR_FILENO);
	close(old_out);
	close(old_err);
	t->at[0] = 0;
	t->nr = 0;
	drain(out, t->text);
	drain(err, said);
	close(out);
	close(err);
	/* only the first line of a record begins at its margin */
	for (line = t->text; (line = strstr(line, "\n[")) && t->nr <= 2 * RECORDS; line++)
		t->at[t->nr++] = line + 1 - t->text;
	t->at[t->nr] = strlen(t->text);
	return code;
}

static size_t length(const struct told *t, unsigned int i)
{
	return t->at[i + 1] - t->at[i];
}

static bool same(const struct told *a, unsigned int i, const struct told *b,
		 unsigned int j)
{
	return length(a, i) == length(b, j) &&
	       !memcmp(a->text + a->at[i], b->text + b->at[j], length(a, i));
}

/* Is it record @i as it was, with names or without? */
static bool right(unsigned int i, unsigned int record)
{
	unsigned int form;

	for (form = 0; form < NAMES; form++) {
		if (same(&got, i, &want[form], record))
			return true;
	}
	return false;
}

/*
 * Is each record in @got one that was, in order?  Of a mix with @later records
 * of that may be between.
 */
static bool all_right(bool mixed)
{
	unsigned int i, record = 0, record_later = 0, at;

	for (i = 0; i < got.nr; i++) {
		for (at = record; at < RECORDS && !right(i, at); at++)
			;
		if (at < RECORDS) {
			record = at + 1;
			continue;
		}
		for (at = record_later; mixed && at < RECORDS; at++) {
			if (same(&got, i, &want_later, at))
				break;
		}
		if (!mixed || at == RECORDS)
			return false;
		record_later = at + 1;
	}
	return true;
}

/* A piece of a file: taken out, doubled, zeroed, filled with anything */
static void change_piece(struct copy *c, unsigned int file, unsigned int how)
{
	char *bytes = c->bytes[file];
	size_t size = c->size[file], at = below(size), n, i;

	n = 1 + below(size - at) % 3000;
	switch (how) {
	case 0:
		memmove(bytes + at, bytes + at + n, size - at - n);
		c->size[file] -= n;
		break;
	case 1:
		if (size + n > FILE_MAX)
			return;
		memmove(bytes + at + n, bytes + at, size - at);
		c->size[file] += n;
		break;
	case 2:
		/* as a disk loses it */
		at &= ~511UL;
		memset(bytes + at, 0, size - at < 512 ? size - at : 512);
		break;
	default:
		for (i = 0; i < n; i++)
			bytes[at + i] = below(256);
	}
}

enum {
	FLIP, FLIPS, CUT, PIECE, TAIL, EMPTY, GONE, OTHER_CPU, OTHER_TRACE, LATER,
	NR_KINDS
};

static const char *const kinds[NR_KINDS] = {
	[FLIP] = "a bit flipped", [FLIPS] = "bits flipped", [CUT] = "cut",
	[PIECE] = "a piece gone, twice, zeroed or random",
	[TAIL] = "something behind it", [EMPTY] = "empty", [GONE] = "missing",
	[OTHER_CPU] = "of another CPU", [OTHER_TRACE] = "of another trace",
	[LATER] = "of a later recording of the same trace",
};

/* False: it has not changed. */
static bool change(struct copy *c, unsigned int file, unsigned int kind)
{
	char *bytes = c->bytes[file];
	unsigned int n;
	u64 bit;

	switch (kind) {
	case FLIP:
	case FLIPS:
		for (n = kind == FLIP ? 1 : 2 + below(20); n; n--) {
			bit = below(8 * c->size[file]);
			bytes[bit / 8] ^= 1 << bit % 8;
		}
		break;
	case CUT:
		c->size[file] = below(c->size[file]);
		break;
	case PIECE:
		change_piece(c, file, below(4));
		break;
	case TAIL:
		for (n = 1 + below(500); n; n--)
			bytes[c->size[file]++] = below(256);
		break;
	case EMPTY:
	case GONE:
		c->size[file] = 0;
		break;
	case OTHER_CPU:
		n = 1 + (file + below(CPUS - 1)) % CPUS;
		memcpy(bytes, whole.bytes[n], FILE_MAX);
		c->size[file] = whole.size[n];
		break;
	case OTHER_TRACE:
		memcpy(bytes, other.bytes[file], FILE_MAX);
		c->size[file] = other.size[file];
		break;
	case LATER:
		memcpy(bytes, later.bytes[file], FILE_MAX);
		c->size[file] = later.size[file];
		break;
	}
	return c->size[file] != whole.size[file] ||
	       memcmp(bytes, whole.bytes[file], c->size[file]);
}

/* Write a file that was changed, or put it back. */
static bool put_file(const struct copy *c, unsigned int file, bool gone)
{
	char path[256];

	path_of(path, BUILD "/damage", names[file]);
	if (gone)
		return !unlink(path);
	return store(BUILD "/damage", names[file], c->bytes[file], c->size[file]);
}

/**
 * struct score - variants of one kind
 * @tried: that differ from what was
 * @wrong: with a record that never was, or out of order
 * @silent: with something missing, and exit code 0 or not a word
 * @odd: with another exit code than 1 or 3
 */
struct score {
	unsigned int tried;
	unsigned int wrong;
	unsigned int silent;
	unsigned int odd;
};

static void show_failure(const char *what, unsigned int file, unsigned int kind,
			 int code)
{
	printf("# %s: %s %s: exit code %d, %u records, \"%.200s\"\n", what,
	       names[file], kinds[kind], code, got.nr, said);
}

static void try_one(struct score *s, unsigned int kind)
{
	static struct copy c;
	unsigned int file = below(FILES), i;
	bool less = false;
	int code;

	c = whole;
	if (!change(&c, file, kind))
		return;
	s->tried++;
	if (!put_file(&c, file, kind == GONE))
		printf("# %s can't be written\n", names[file]);
	code = report(BUILD "/damage", &got);
	put_file(&whole, file, false);
	if (!all_right(kind == LATER)) {
		s->wrong++;
		show_failure("wrong", file, kind, code);
	}
	for (i = 0; i < RECORDS && !less; i++)
		less = got.nr != RECORDS || !same(&got, i, &want[0], i);
	if (less && (!code || !*said)) {
		s->silent++;
		show_failure("silent", file, kind, code);
	}
	if (code && code != EXIT_FAILED && code != EXIT_DAMAGED) {
		s->odd++;
		show_failure("odd", file, kind, code);
	}
}

/* What a report shows when its names are not at hand. */
static bool ask_without_names(void)
{
	unsigned int form;
	bool good = true;
	char path[256];

	for (form = 1; form < NAMES; form++) {
		/* the bits of @form: no symbols, no maps */
		for (unsigned int note = 0; note < 2; note++) {
			path_of(path, BUILD "/damage", names[5 + note]);
			if (form >> note & 1)
				good = !unlink(path) && good;
		}
		good = report(BUILD "/damage", &want[form]) == EXIT_DAMAGED && good;
		good = want[form].nr == RECORDS && strstr(said, "is missing") && good;
		good = put_file(&whole, 5, false) && put_file(&whole, 6, false) && good;
	}
	return good;
}

/* Give a recording another UUID, with checksums that fit. */
static void make_other(struct copy *c)
{
	char *sum, *uuid = strstr(c->bytes[0], "uuid = \"10325476") + 8;
	struct ptdbg_packet *p;
	unsigned int cpu;
	size_t at;

	memcpy(uuid, "20", 2);
	sum = strstr(c->bytes[0], "/* sum ");
	sprintf(sum, PTDBG_METADATA_SUM "\n",
		ptdbg_sum(PTDBG_SUM_START, c->bytes[0], sum - c->bytes[0]));
	for (cpu = 1; cpu <= CPUS; cpu++) {
		for (at = 0; at < c->size[cpu]; at += p->packet_size / 8) {
			p = (void *)(c->bytes[cpu] + at);
			p->uuid[0] = 0x20;
			p->sum = ptdbg_packet_sum(p);
		}
	}
}

int main(void)
{
	const char *size = getenv("PTDBG_SIZE");
	unsigned int variants = size && !strcmp(size, "full") ? 10000 : 1500;
	unsigned int kind, i;
	struct score s;

	tap_begin();
	if (!ok(make(BUILD "/damage", 0, 1000000000) &&
		make(BUILD "/later", RECORDS, 2000000000) &&
		load(&whole, BUILD "/damage") && load(&later, BUILD "/later"),
		"two recordings are made"))
		return tap_end();
	other = whole;
	make_other(&other);
	ok(!report(BUILD "/damage", &want[0]) && !*said && want[0].nr == RECORDS,
	   "a whole recording is reported without a word");
	ok(!report(BUILD "/later", &want_later) && want_later.nr == RECORDS,
	   "and the other one");
	ok(ask_without_names(), "without names there are addresses, and it is said");
	for (kind = 0; kind < NR_KINDS; kind++) {
		memset(&s, 0, sizeof(s));
		for (i = 0; i < variants / NR_KINDS; i++)
			try_one(&s, kind);
		ok(s.tried && !s.wrong, "%s, %u variants: no wrong record",
		   kinds[kind], s.tried);
		ok(!s.silent, "%s: what is missing is said", kinds[kind]);
		ok(!s.odd, "%s: the exit code is 0, 1 or 3", kinds[kind]);
	}
	ok(!report(BUILD "/damage", &got) && !*said && got.nr == RECORDS,
	   "and whole again, it is reported without a word");
	return tap_end();
}
