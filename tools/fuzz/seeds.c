// SPDX-License-Identifier: GPL-2.0-only
/*
 * seeds DIR: inputs to begin with, a directory DIR/NAME for each fuzzer, made from the
 * structs of today: when these change, the corpus in the repository may have
 * become worth less, and these have not.
 */
#include <unistd.h>

#include "../../selftests/host/recording.h"

static const char *top;

/* An input in the making. */
static struct {
	char bytes[256 * 1024];
	size_t len;
} input;

static void put(const void *from, size_t size)
{
	if (size > sizeof(input.bytes) - input.len)
		abort();
	memcpy(input.bytes + input.len, from, size);
	input.len += size;
}

static void put_number(u64 value, unsigned int bytes)
{
	put(&value, bytes);
}

static void save(const char *fuzzer, const char *name)
{
	char dir[512], path[600];
	FILE *file;

	snprintf(dir, sizeof(dir), "%s/%s", top, fuzzer);
	mkdir(dir, 0777);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "wb");
	if (!file || fwrite(input.bytes, 1, input.len, file) != input.len ||
	    fclose(file)) {
		perror(path);
		exit(1);
	}
	input.len = 0;
}

static size_t metadata(const struct ptdbg_layout *l, char *text)
{
	struct ptdbg_trace t = fix_trace(l);
	char *sum;

	ptdbg_mode_kernel(&t.layout.mode, "6.12");
	ptdbg_metadata(&t, rec_uuid, 1700000000000000007ULL, text,
		       PTDBG_METADATA_MAX);
	/* the fuzzer makes the sum; and the types say nothing to the reader */
	sum = strstr(text, "\nstruct ");
	return sum ? sum - text + 1 : (size_t)(strstr(text, "/* sum") - text);
}

static void seed_metadata(const struct ptdbg_layout *l, const char *name)
{
	static char text[PTDBG_METADATA_MAX];
	size_t n = metadata(l, text);

	put_number(1, 1);
	put(text, n);
	save("metadata", name);
}

static void put_file(unsigned int which, const void *bytes, size_t size)
{
	put_number(which, 1);
	put_number(size, 4);
	put(bytes, size);
}

/* A file of the recording that recording.h made. */
static void put_made(unsigned int which, const char *name)
{
	static char bytes[128 * 1024];
	char path[512];
	FILE *file;
	size_t n;

	snprintf(path, sizeof(path), "%s/%s", top, name);
	file = fopen(path, "rb");
	if (!file)
		exit(1);
	n = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	unlink(path);
	put_file(which, bytes, n);
}

static void seed_recording(unsigned int form, const struct ptdbg_layout *l)
{
	static const char symbols[] =
		"ffffffff80188000 follow_page_pte\nffffffffc0001000 nfs_read\t[nfs]\n";
	static const char maps[] =
		"pid 700\n10000-20000 r-xp 00001000 fe:01 4711   /usr/bin/ls\n";
	static const char files[] = "cpu0 900 3 0\ncpu2 5000 10 1\n";
	static char text[PTDBG_METADATA_MAX];
	static struct rec_stream s[2];
	union fix_record f;
	u64 state = form + 1, ts = 1000000000;
	unsigned int i;
	char name[16];

	if (!rec_open(&s[0], top, 0, 0, 900) || !rec_open(&s[1], top, 1, 5, 2000))
		exit(1);
	for (i = 0; i < 10; i++) {
		ts += rec_random(&state) % 3000;
		rec_fill(&f, 1 + i % 5, ts, &state);
		rec_add(&s[i % 2], &f.r);
		if (i == 4)
			rec_lose(&s[1], 3);
	}
	rec_close(&s[0]);
	rec_close(&s[1]);
	put_number(form, 1);
	put_number(7, 1);
	put_file(4, text, metadata(l, text));
	put_made(0, "cpu0");
	put_made(1, "cpu1");
	put_file(5, files, strlen(files));
	put_file(6, symbols, strlen(symbols));
	put_file(7, maps, strlen(maps));
	snprintf(name, sizeof(name), "form%u", form);
	save("recording", name);
}

static void seed_records(void)
{
	union fix_record f;
	u64 state = 3;
	unsigned int id;
	char name[16];

	for (id = PTDBG_FAULT; id <= PTDBG_WALK; id++) {
		rec_fill(&f, id == PTDBG_WALK ? PTDBG_GUP : id, 1000, &state);
		f.r.id = id;
		f.r.verdicts = ~0U >> (32 - PTDBG_NR_VERDICTS);
		/* trace: names, mode, layout without areas and RAM; see fuzz_record.c */
		put_number(1, 1);
		put_number(2, 1);
		put_number(1, 1);
		put_number(56, 1);
		put_number(64, 1);
		put_number(0xffffffc4fe000000, 8);
		put_number(0xffffffd600000000, 8);
		put_number(0, 1);
		put_number(0, 1);
		put_number(1000, 2);
		put_number(1, 1);
		put(&f, f.r.size);
		snprintf(name, sizeof(name), "type%u", id);
		save("record", name);
	}
}

static void seed_entries(void)
{
	static const u64 raw[] = {
		0x0040000000000053, 0x20c37c01, 0x07ffffffffdb9600,
		0x0000c00012345025, 0x0068000061020713, 0x00080000122000e7,
	};
	unsigned int mode, i;
	char name[16];

	for (mode = 0; mode < 15; mode++) {
		put_number(mode, 1);
		put_number(mode % 3, 1);
		put_number(48, 1);
		for (i = 0; i < ARRAY_SIZE(raw); i++) {
			put_number(i % 5, 1);
			put_number(200, 1);
			put_number(raw[i], 8);
			put_number(0x3fbd117000, 8);
		}
		snprintf(name, sizeof(name), "mode%u", mode);
		save("entry", name);
	}
}

/* A text behind the byte that says what it is. */
struct text {
	unsigned int what;
	const char *text;
};

static void seed_texts(void)
{
	static const struct text knobs[] = {
		{ 2, "comm=echo,ls pid=735 addr=3fbd117000-3fbd119000 user bad" },
		{ 2, "kernel pid=1,2,3 type=fault,gup,sig,oops,free" },
		{ 1, "allow table 80000000-88000000\ndeny pte 9000000-" },
		{ 1, "deny pgd 0-1000;deny p4d 0-1000;allow pud 0-;allow pmd 1000-2000" },
	};
	/* words of a command line: the first letter chooses the command */
	static const struct text words[] = {
		{ 4, "18446744073709551615" },
		{ 5, "ffffffffffffffff" },
		{ 6, "3fbd117000-3fbd119000" },
		{ 3, "3--mode\nsv39\n0040000000000053" },
		{ 3, "3--arch\nx86_64\n--phys-bits\n46\n--enc-bit\n47\n--level\nPMD\n53" },
		{ 3, "4--since\n281.9\n--until\n282\n--sort\naddr\n-f\nbad\n--brief" },
		{ 3, "5-f\nuser" },
	};
	char name[2] = "a";
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(knobs); i++, name[0]++) {
		put_number(knobs[i].what, 1);
		put(knobs[i].text, strlen(knobs[i].text) + 1);
		put_number(2, 1);
		save("knobs", name);
	}
	for (i = 0; i < ARRAY_SIZE(words); i++, name[0]++) {
		put_number(words[i].what, 1);
		put(words[i].text, strlen(words[i].text));
		save("words", name);
	}
}

static void seed_notes(void)
{
	static const char symbols[] =
		"ffffffff80188000 follow_page_pte\nffffffff80188000 other\n"
		"ffffffffc0001000 nfs_read\t[nfs]\n";
	static const char maps[] =
		"pid 7\n10000-20000 r-xp 00001000 fe:01 4711   /usr/bin/ls\n"
		"pid 8\n10000-20000 r-xp 00000000 fe:01 4711   /lib/libc.so.6\n";

	put_number(0x37, 1);
	put_number(strlen(symbols), 2);
	put_number(7, 1);
	put_number(0x10042, 8);
	put_number(8, 1);
	put_number(0x10042, 8);
	put_number(7, 1);
	put_number(0xffffffff80188042, 8);
	put(symbols, strlen(symbols));
	put(maps, strlen(maps));
	save("notes", "both");
}

/* A page, and what lies from there on in memory. */
static void put_piece(unsigned int page, const void *bytes, size_t size)
{
	put_number(page, 1);
	put_number(size, 2);
	put(bytes, size);
}

/* @seq: of the second packet of CPU 0 */
static void seed_image(unsigned int form, u64 seq, const struct ptdbg_layout *l)
{
	static struct ptdbg_metadata_packet meta = {
		.magic = PTDBG_METADATA_MAGIC, .major = 1, .minor = 8,
	};
	static struct rec_stream s;
	u64 state = form + 5, ts = 1000000000;
	union fix_record f;
	unsigned int i, n;
	char path[512], name[32];

	memcpy(meta.uuid, rec_uuid, sizeof(meta.uuid));
	put_number(form, 1);
	put_piece(20, &meta, offsetof(struct ptdbg_metadata_packet, text) +
		  metadata(l, meta.text));
	for (n = 0; n < 3; n++) {
		if (!rec_open(&s, top, n / 2, n % 2 * 4, 60000))
			exit(1);
		s.p.seq = n == 1 ? seq : 1;
		for (i = 0; i < 4; i++) {
			ts += rec_random(&state) % 3000;
			rec_fill(&f, 1 + (i + n) % 5, ts, &state);
			rec_add(&s, &f.r);
		}
		/* as the ring has it */
		s.p.content_size = 8ULL * s.used;
		s.p.packet_size = 8ULL * REC_PACKET;
		put_piece(30 + n, s.bytes, s.used);
		fclose(s.file);
		snprintf(path, sizeof(path), "%s/cpu%u", top, n / 2);
		unlink(path);
	}
	snprintf(name, sizeof(name), "form%u-%llx", form, seq);
	save("image", name);
}

int main(int argc, char **argv)
{
	struct ptdbg_layout l[] = { fix_n1(), fix_n3(), fix_x86() };
	unsigned int i;

	if (argc != 2)
		return 2;
	top = argv[1];
	mkdir(top, 0777);
	seed_metadata(&l[0], "riscv64");
	seed_metadata(&l[1], "arm64");
	seed_metadata(&l[2], "x86_64");
	for (i = 0; i < 8; i++)
		seed_recording(i, &l[i % 3]);
	seed_image(2, 2, &l[0]);
	seed_image(3, 2, &l[1]);
	seed_image(2, ~0ULL, &l[0]);
	seed_records();
	seed_entries();
	seed_texts();
	seed_notes();
	return 0;
}
