// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reader, on recordings that are made here: whole, cut anywhere, with bits
 * flipped.  Whatever happens to the files, each record that comes out is one
 * that went in, in order, and what is missing is said.
 */
#include <fcntl.h>
#include <unistd.h>

#include "../../module/core/sum.h"
#include "../../tools/notes.h"
#include "../../tools/reader.h"
#include "recording.h"
#include "tap.h"

#define DIR	BUILD "/recording"
#define CPUS	3
#define RECORDS	400
#define VARIANTS	10000

/* What was recorded: by CPU and number */
static union fix_record made[CPUS][RECORDS];
static u64 nr_made[CPUS];

static bool make(void)
{
	static struct rec_stream s[CPUS];
	struct ptdbg_layout l = fix_n1();
	struct ptdbg_trace t = fix_trace(&l);
	u64 state = 42, ts = 1000000000;
	unsigned int cpu, i;
	bool good;

	good = rec_begin(DIR, &t);
	for (cpu = 0; good && cpu < CPUS; cpu++)
		good = rec_open(&s[cpu], DIR, cpu, 0, 2000);
	for (i = 0; good && i < RECORDS; i++) {
		cpu = rec_random(&state) % CPUS;
		/* equal times happen too */
		ts += rec_random(&state) % 3;
		rec_fill(&made[cpu][nr_made[cpu]], 1 + rec_random(&state) % 5, ts,
			 &state);
		rec_add(&s[cpu], &made[cpu][nr_made[cpu]++].r);
	}
	for (cpu = 0; good && cpu < CPUS; cpu++)
		good = rec_close(&s[cpu]);
	return good;
}

/* Messages of the reader are not for the log of ten thousand variants. */
static int quiet(void)
{
	int saved = dup(STDERR_FILENO);

	if (!freopen("/dev/null", "w", stderr))
		_exit(1);
	return saved;
}

static void loud(int saved)
{
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
}

/**
 * struct outcome - what came out of a recording
 * @opened: the reader took it
 * @wrong: a record that never went in, or out of order
 * @t: what the reader says of it
 */
struct outcome {
	bool opened;
	bool wrong;
	struct tally t;
};

static struct outcome read_back(void)
{
	u64 next[CPUS] = { 0 }, last = 0;
	struct outcome o = { 0 };
	struct reader *rd = reader_open(DIR);
	struct event e;

	if (!rd)
		return o;
	o.opened = true;
	while (reader_next(rd, &e)) {
		if (e.cpu >= CPUS || e.number < next[e.cpu] ||
		    e.number >= nr_made[e.cpu] || e.v.r->ts < last ||
		    memcmp(e.v.r, &made[e.cpu][e.number],
			   made[e.cpu][e.number].r.size)) {
			o.wrong = true;
			break;
		}
		next[e.cpu] = e.number + 1;
		last = e.v.r->ts;
	}
	reader_tally(rd, &o.t);
	reader_close(rd);
	return o;
}

static void test_whole(void)
{
	struct outcome o = read_back();

	ok(o.opened && !o.wrong, "the records come back as they were");
	is_hex(o.t.records, RECORDS, "all of them");
	ok(!o.t.lost && !o.t.damaged && !o.t.spots && !o.t.missed && !o.t.unknown,
	   "and nothing is missing");
}

/* The metadata says what the struct said: it makes the same metadata again */
static void test_metadata(const struct ptdbg_layout *l, const char *name)
{
	static char text[PTDBG_METADATA_MAX], again[PTDBG_METADATA_MAX];
	struct ptdbg_trace t = fix_trace(l);
	static struct meta m;
	const char *why;
	size_t n;

	t.layout.mode.phys_bits = 46;
	t.layout.mode.enc_mask = 1ULL << 51;
	t.ring_packets = 16;
	ptdbg_mode_kernel(&t.layout.mode, "6.12");
	snprintf(t.release, sizeof(t.release), "6.12 \"quoted\\\"");
	n = ptdbg_metadata(&t, rec_uuid, 1700000000123456789ULL, text,
			   sizeof(text));
	memcpy(m.text, text, sizeof(text));
	why = meta_parse(&m, n);
	if (!ok(!why, "metadata of %s: %s", name, why ? why : "understood"))
		return;
	ptdbg_metadata(&m.trace, m.uuid, m.clock_offset, again, sizeof(again));
	is_text(again, text, "makes the same metadata again");
	m.text[0] = '\0';
	ok(meta_parse(&m, 0), "an empty one is refused");
	memcpy(m.text, text, sizeof(text));
	memcpy(strstr(m.text, "ptdbg_abi = ") + 12, "9", 1);
	why = meta_parse(&m, n);
	ok(why && strstr(why, "newer ptdbg"), "that of a newer one is refused: %s",
	   why ? why : "");
	memcpy(m.text, text, sizeof(text));
	memcpy(strstr(m.text, "ptdbg_abi = ") + 12, "1", 1);
	why = meta_parse(&m, n);
	ok(why && strstr(why, "older ptdbg"), "that of an older one is refused: %s",
	   why ? why : "");
}

/* Understand @text with @line more in its environment. */
static const char *parse_with(struct meta *m, const char *text, const char *line)
{
	const char *end = strstr(text, "};\n\nclock {");
	size_t head = end - text;
	int n;

	n = snprintf(m->text, sizeof(m->text), "%.*s%s%s", (int)head, text, line,
		     end);
	n = strstr(m->text, "/* sum ") - m->text;
	n += sprintf(m->text + n, PTDBG_METADATA_SUM "\n",
		     ptdbg_sum(PTDBG_SUM_START, m->text, n));
	return meta_parse(m, n);
}

/* An environment with more in it, or with what a terminal must not get */
static void test_environment(void)
{
	static char text[PTDBG_METADATA_MAX];
	struct ptdbg_layout l = fix_n1();
	struct ptdbg_trace t = fix_trace(&l);
	static struct meta m;
	const char *why;

	snprintf(t.release, sizeof(t.release), "6.12\033[2J\177");
	ptdbg_metadata(&t, rec_uuid, 1700000000123456789ULL, text, sizeof(text));
	why = parse_with(&m, text, "\tcolour = \"red; \\\"} = \";\n\tdepth = 7;\n");
	ok(!why && m.trace.layout.mode.levels == 3 &&
	   !strcmp(m.trace.zone[0], "DMA32"),
	   "what is not known in the environment is passed over: %s", why ? why : "");
	is_text(m.trace.release, "6.12?[2J?", "control characters are not shown");
	why = parse_with(&m, text, "\tarchitecture = \"z80\";\n");
	ok(!why, "the first of two values counts");
	memcpy(strstr(text, "architecture = \"riscv64\""), "architecture = \"sparc64\"", 24);
	why = parse_with(&m, text, "");
	ok(why && strstr(why, "does not know sparc64"),
	   "a machine that is not known is refused by name: %s", why ? why : "");
}

/* The bytes of a file, and how to put them back */
struct file {
	char path[256];
	size_t size;
	char bytes[512 * 1024];
};

static bool load(struct file *f, const char *name)
{
	FILE *from;

	snprintf(f->path, sizeof(f->path), "%s/%s", DIR, name);
	from = fopen(f->path, "rb");
	if (!from)
		return false;
	f->size = fread(f->bytes, 1, sizeof(f->bytes), from);
	fclose(from);
	return f->size && f->size < sizeof(f->bytes);
}

static bool store(const struct file *f, size_t size)
{
	FILE *to = fopen(f->path, "wb");
	bool good;

	if (!to)
		return false;
	good = fwrite(f->bytes, 1, size, to) == size;
	return !fclose(to) && good;
}

/* Write one byte anew. */
static bool store_byte(const struct file *f, size_t at)
{
	int fd = open(f->path, O_WRONLY);
	bool good = fd >= 0 && pwrite(fd, f->bytes + at, 1, at) == 1;

	close(fd);
	return good;
}

/* Is this where a packet ends?  A cut there is not to be seen without notes. */
static bool at_packet(const struct file *f, size_t size)
{
	const struct ptdbg_packet *p;
	size_t at = 0;

	while (at < size) {
		p = (const void *)(f->bytes + at);
		at += p->packet_size / 8;
	}
	return at == size;
}

static void test_cut(struct file *f, const char *name, bool stream)
{
	unsigned int wrong = 0, silent = 0;
	int saved = quiet();
	struct outcome o;
	size_t size;

	for (size = 0; size < f->size; size += 1 + size / 700) {
		if (!store(f, size))
			silent++;
		o = read_back();
		wrong += o.wrong;
		if (stream)
			silent += !o.t.spots && !at_packet(f, size);
		else
			silent += o.opened;
	}
	store(f, f->size);
	loud(saved);
	ok(!wrong, "%s cut anywhere: %u wrong records", name, wrong);
	ok(!silent, "%s cut anywhere: %u times not seen", name, silent);
}

/* `ptdbg record` notes how long the files are: then a cut between packets is seen. */
static void test_cut_noted(struct file *f, const char *name)
{
	unsigned int silent = 0, cuts = 0;
	const struct ptdbg_packet *p;
	u64 records = 0, lost = 0;
	int saved = quiet();
	FILE *note;
	size_t at;

	for (at = 0; at < f->size; at += p->packet_size / 8) {
		p = (const void *)(f->bytes + at);
		records += p->records;
		lost = p->lost;
	}
	if (mkdir(DIR "/notes", 0777) && errno != EEXIST)
		silent++;
	note = notes_begin(DIR, "files");
	if (note)
		fprintf(note, "%s %zu %llu %llu\n", name, f->size, records, lost);
	if (!note || !notes_end(DIR, "files", note))
		silent++;
	for (at = 0; at < f->size; at += p->packet_size / 8, cuts++) {
		p = (const void *)(f->bytes + at);
		store(f, at);
		silent += !read_back().t.spots;
	}
	store(f, f->size);
	silent += read_back().t.spots;
	unlink(DIR "/notes/files");
	loud(saved);
	ok(cuts > 2 && !silent, "%s cut at the end of %u packets, and noted: %u times not seen",
	   name, cuts, silent);
}

static void test_flips(struct file *f, const char *name, bool stream)
{
	unsigned int wrong = 0, silent = 0, few = 0, i;
	int saved = quiet();
	u64 state = 4711, bit;
	struct outcome o;

	for (i = 0; i < VARIANTS / (CPUS + 1); i++) {
		bit = rec_random(&state) % (f->size * 8);
		f->bytes[bit / 8] ^= 1 << bit % 8;
		silent += !store_byte(f, bit / 8);
		o = read_back();
		f->bytes[bit / 8] ^= 1 << bit % 8;
		store_byte(f, bit / 8);
		wrong += o.wrong;
		silent += stream ? !o.t.spots : o.opened;
		/* a packet has less than 2000 bytes: 14 records at most */
		few += stream && o.t.records + 14 < RECORDS;
	}
	loud(saved);
	ok(!wrong, "%s, a bit flipped: %u wrong records", name, wrong);
	ok(!silent, "%s, a bit flipped: %u times not seen", name, silent);
	ok(!few, "%s, a bit flipped: %u times more than a packet was given up",
	   name, few);
}

/* A part of a file is taken out, or comes twice */
static void test_pieces(struct file *f, const char *name)
{
	static struct file g;
	unsigned int wrong = 0, silent = 0, i;
	int saved = quiet();
	u64 state = 99, at, n;
	struct outcome o;

	for (i = 0; i < 300; i++) {
		at = rec_random(&state) % f->size;
		n = rec_random(&state) % (f->size - at) % 5000 + 1;
		g = *f;
		if (i % 2) {
			memmove(g.bytes + at, f->bytes + at + n,
				f->size - at - n);
			g.size -= n;
		} else {
			memmove(g.bytes + at + n, f->bytes + at, f->size - at);
			g.size += n;
		}
		store(&g, g.size);
		o = read_back();
		wrong += o.wrong;
		silent += o.t.records != RECORDS && !o.t.spots &&
			  !o.t.damaged && !at_packet(f, at);
	}
	store(f, f->size);
	loud(saved);
	ok(!wrong, "%s, pieces gone or twice: %u wrong records", name, wrong);
	ok(!silent, "%s, pieces gone or twice: %u times not seen", name, silent);
}

/* Records that a newer ptdbg may write: longer ones, and other types */
static void test_newer(void)
{
	static struct rec_stream s;
	struct ptdbg_layout l = fix_n1();
	struct ptdbg_trace t = fix_trace(&l);
	union fix_record f, longer;
	struct reader *rd;
	struct event e;
	u64 state = 7;

	if (mkdir(BUILD "/newer", 0777) && errno != EEXIST)
		perror("newer");
	ok(rec_begin(BUILD "/newer", &t) &&
	   rec_open(&s, BUILD "/newer", 0, 100, REC_PACKET), "a newer recording");
	rec_fill(&f, PTDBG_FAULT, 1000, &state);
	longer = f;
	memset(longer.bytes + f.r.size, 0xee, 8);
	longer.r.size += 8;
	rec_add(&s, &longer.r);
	f.r.id = 77;
	f.r.ts++;
	rec_add(&s, &f.r);
	/* of an older one, before a field was added */
	f.r.id = PTDBG_FAULT;
	f.r.size = sizeof(struct ptdbg_fault) - 8;
	rec_add(&s, &f.r);
	rec_lose(&s, 5);
	rec_fill(&f, PTDBG_GUP, 2000, &state);
	rec_add(&s, &f.r);
	s.p.discarded += 3;
	rec_close(&s);

	rd = reader_open(BUILD "/newer");
	if (!ok(rd, "it opens"))
		return;
	ok(reader_next(rd, &e) && e.known && e.v.chain->after_n == 3 &&
	   e.number == 100, "a longer record is read");
	ok(reader_next(rd, &e) && !e.known && e.v.r->id == 77,
	   "a record of unknown type is passed on as such");
	ok(reader_next(rd, &e) && !e.known && e.v.r->id == PTDBG_FAULT,
	   "so is one that is too short for its type");
	ok(reader_next(rd, &e) && e.known && e.v.r->id == PTDBG_GUP &&
	   e.number == 108, "and the next one is read");
	ok(!reader_next(rd, &e), "there are no more");
	is_hex(rd->stream[0].lost, 5, "five were overwritten");
	is_hex(rd->stream[0].missed, 3, "three could not be recorded");
	is_hex(rd->unknown[0], 1, "one is unknown");
	is_hex(rd->unknown[PTDBG_FAULT], 1, "and one was not understood");
	reader_close(rd);
}

int main(void)
{
	struct ptdbg_layout l[] = { fix_n1(), fix_n3(), fix_x86() };
	static struct file f;
	char name[16];
	unsigned int i;

	tap_begin();
	test_metadata(&l[0], "riscv64");
	test_metadata(&l[1], "arm64");
	test_metadata(&l[2], "x86_64");
	test_environment();
	if (!ok(make(), "a recording is made"))
		return tap_end();
	test_whole();
	for (i = 0; i < CPUS; i++) {
		snprintf(name, sizeof(name), "cpu%u", i);
		if (!ok(load(&f, name), "%s is there", name))
			continue;
		test_cut(&f, name, true);
		test_cut_noted(&f, name);
		test_flips(&f, name, true);
		test_pieces(&f, name);
	}
	if (ok(load(&f, "metadata"), "metadata is there")) {
		test_cut(&f, "metadata", false);
		test_flips(&f, "metadata", false);
	}
	test_whole();
	test_newer();
	return tap_end();
}
