// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg dump, run as a user runs it, on memory that is made here: raw, as an ELF
 * core, kdump-compressed by QEMU; whole, with pages missing, in the middle of
 * being written.  The oracle is the recording that the same records make: what
 * is whole must come out byte for byte, and of the rest nothing that never went
 * in.
 */
#include <elf.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../tools/ptdbg.h"
#include "../../tools/reader.h"
#include "memory.h"
#include "tap.h"

#define IMAGE	BUILD "/memory"
#define WANT	BUILD "/memory.want"
#define GOT	BUILD "/memory.got"
#define PAGE	4096

static struct mem m, n;

/* rec_uuid, and another */
#define OURS	"10325476-98ba-dcfe-0123-456789abcdef"
#define OTHER	"616e6f74-6865-7220-6d61-6368696e6500"
static const u8 other[16] = "another machine";

/* Run it; its exit code, and what it says. */
static int run(const char *args, char *said, size_t size)
{
	char command[1024];
	FILE *p;
	size_t got;

	snprintf(command, sizeof(command), "rm -rf %s; %s/ptdbg dump %s 2>&1",
		 GOT, BUILD, args);
	p = popen(command, "r");
	if (!p)
		return -1;
	got = fread(said, 1, size - 1, p);
	said[got] = '\0';
	while (fread(command, 1, sizeof(command), p))
		;
	return WEXITSTATUS(pclose(p));
}

/* Run it on the image; @text must be in what it says. */
static void says(const char *args, int want, const char *text, const char *name)
{
	char said[8192];
	int code = run(args, said, sizeof(said));

	if (!ok(code == want && strstr(said, text), "%s", name))
		printf("#   %s: exit code %d, not %d; no \"%s\" in \"%.600s\"\n",
		       args, code, want, text, said);
}

static bool store(const void *bytes, size_t size)
{
	return rec_write(BUILD, "memory", bytes, size);
}

static bool same_files(const char *a, const char *b)
{
	char command[512];

	snprintf(command, sizeof(command),
		 "cmp %s/metadata %s/metadata && cmp %s/cpu0 %s/cpu0 && cmp %s/cpu1 %s/cpu1",
		 a, b, a, b, a, b);
	return !system(command);
}

/* Records of @from in a recording, and whether there are others */
static u64 records(const char *dir, const struct mem *from, bool *wrong)
{
	struct reader *rd = reader_open(dir);
	u64 i, count = 0;
	struct event e;

	*wrong = !rd;
	while (rd && reader_next(rd, &e)) {
		i = e.number - MEM_FIRST;
		if (e.cpu >= MEM_CPUS || i >= from->nr[e.cpu] ||
		    memcmp(e.v.r, &from->made[e.cpu][i], from->made[e.cpu][i].r.size))
			*wrong = true;
		count++;
	}
	if (rd)
		reader_close(rd);
	return count;
}

#define QUIET	" 2>/dev/null"
#define CLEAN	"export TMPDIR=" BUILD "/memory.tmp; rm -rf $TMPDIR; mkdir $TMPDIR; "		\
	BUILD "/ptdbg dump " IMAGE QUIET " | head -n 1 >/dev/null; "			\
	BUILD "/ptdbg dump " IMAGE " -- --no-such" QUIET "; test $? = 2 && rmdir $TMPDIR"
#define AGAIN	"cd " GOT " && echo x >notes/symbols && cp cpu1 cpu7 && "		\
	BUILD "/ptdbg dump -o . " IMAGE QUIET " && ! test -e notes/symbols && "		\
	"! test -e cpu7 && " BUILD "/ptdbg report . >/dev/null" QUIET

static void test_raw(void)
{
	struct ptdbg_packet *p;
	char *copy, said[4096];
	bool lower = false;
	int i;

	store(m.words, MEM_BYTES);
	says("-o " GOT " " IMAGE, 0, "2 CPUs, 15 packets", "raw memory");
	ok(same_files(GOT, WANT), "gives what ptdbg.d/ctf would have given");

	/* the buffer of a reader: the same packet, earlier; and one of before */
	copy = mem_block(&m);
	memcpy(copy, m.packet[0][7], REC_PACKET);
	p = (void *)copy;
	p->records = 1;
	p->content_size = 8 * (sizeof(*p) + ((struct ptdbg_record *)(p + 1))->size);
	p->ts_end = ((struct ptdbg_record *)(p + 1))->ts;
	copy = mem_block(&m);
	memcpy(copy, m.packet[0][0], REC_PACKET);
	p = (void *)copy;
	p->seq -= 3;
	p->first -= 500;
	/* a recording in the page cache */
	copy = mem_block(&m);
	memcpy(copy + PAGE, m.packet[1][2], 10000);
	p = (void *)(copy + PAGE);
	p->lost = 7;
	p->sum = 4711;
	store(m.words, MEM_BYTES);
	says("-o " GOT " " IMAGE, 0, "3 copies of packets were passed over",
	     "copies in buffers and files are known as such");
	ok(same_files(GOT, WANT), "and change nothing");
	/* a buffer that was given back: as long, and found first */
	for (i = 0; i < 3; i++) {
		copy = mem_block(&m);
		memcpy(copy, m.packet[0][i], REC_PACKET);
		memset(copy + (i + 1) * PAGE, 0, PAGE);
		lower |= copy < m.packet[0][i];
	}
	store(m.words, MEM_BYTES);
	says("-o " GOT " " IMAGE, 0, "6 copies of packets were passed over",
	     "copies that lack a page");
	ok(lower && same_files(GOT, WANT), "the better one counts");
	says(IMAGE " -- --brief", 0, " cpu0 task", "it reports at once");
	says("-l " IMAGE " 2>/dev/null", 0, "trace " OURS ": 2 CPUs, 15 packets",
	     "it lists");
	ok(!system("sh -c '" CLEAN "'"), "a closed pipe and a wrong option leave nothing behind");
	/* of a recording that is made anew nothing may stay */
	ok(run("-o " GOT " " IMAGE, said, sizeof(said)) == 0 && !system(AGAIN),
	   "another recording goes before it");
	ok(run("-o " BUILD " " IMAGE, said, sizeof(said)) == 1 &&
	   strstr(said, "holds other things than a recording"),
	   "somebody's directory is left alone");

	store("odd", 4);
	ok(!system("dd if=/dev/zero bs=40 count=1 of=" BUILD "/shift 2>/dev/null") &&
	   store(m.words, MEM_BYTES) &&
	   !system("cat " IMAGE " >>" BUILD "/shift"), "a header of 40 bytes before it");
	says("-o " GOT " " BUILD "/shift", 0, "15 packets", "memory that begins at no page");
	ok(same_files(GOT, WANT), "gives the same");
	unlink(BUILD "/shift");
}

/* Segments of a core: places in memory, of blocks that are in it */
struct segment {
	size_t from;
	size_t bytes;
};

static bool store_elf(const struct mem *mem, const struct segment *seg,
		      unsigned int nr)
{
	/* as QEMU does it, memory follows the headers with no alignment */
	size_t at = sizeof(Elf64_Ehdr) + nr * sizeof(Elf64_Phdr) + 4;
	Elf64_Ehdr eh = {
		.e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, 1 },
		.e_type = ET_CORE, .e_machine = EM_RISCV, .e_phnum = nr,
		.e_phoff = sizeof(eh), .e_phentsize = sizeof(Elf64_Phdr),
	};
	FILE *f = fopen(IMAGE, "wb");
	unsigned int i;
	bool good = f && fwrite(&eh, sizeof(eh), 1, f) == 1;

	for (i = 0; good && i < nr; i++) {
		Elf64_Phdr ph = {
			.p_type = PT_LOAD, .p_offset = at,
			.p_paddr = 0x80000000 + seg[i].from,
			.p_filesz = seg[i].bytes, .p_memsz = seg[i].bytes,
		};

		at += seg[i].bytes;
		good = fwrite(&ph, sizeof(ph), 1, f) == 1;
	}
	good = good && fwrite("pad", 4, 1, f) == 1;
	for (i = 0; good && i < nr; i++)
		good = fwrite((char *)mem->words + seg[i].from, seg[i].bytes, 1, f) == 1;
	return f && !fclose(f) && good;
}

static void test_elf(void)
{
	size_t cut = m.packet[0][4] - (char *)m.words + 5 * PAGE;
	/* the upper part first, and a packet that begins in one and ends in another */
	const struct segment whole[] = {
		{ cut, MEM_BYTES - cut }, { 0, cut },
	};
	const struct segment hole[] = {
		{ 0, cut }, { cut + PAGE, MEM_BYTES - cut - PAGE },
	};
	u64 all = m.nr[0] + m.nr[1], got, size, left, i;
	bool wrong, any = false, crash = false;
	char said[4096], command[256];
	int code;

	store_elf(&m, whole, 2);
	says("-o " GOT " " IMAGE, 0, "15 packets", "an ELF core");
	ok(same_files(GOT, WANT), "gives the same");

	store_elf(&m, hole, 2);
	says("-o " GOT " " IMAGE, 3, "1 packets are damaged, or lack pages",
	     "a core without a page of a packet");
	got = records(GOT, &m, &wrong);
	/* five pages of the packet's sixteen are there */
	left = ((struct ptdbg_packet *)m.packet[0][4])->records;
	ok(!wrong && got < all && got > all - left && got < all - left / 2,
	   "has what is before it, and all other packets: %llu of %llu", got, all);

	store_elf(&m, whole, 2);
	size = MEM_BYTES + 180;
	for (i = 0; i < 40; i++) {
		left = i < 20 ? i * 9 : size * (40 - i) / 21;
		snprintf(command, sizeof(command), "truncate -s %llu " IMAGE, left);
		if (i <= 20)
			store_elf(&m, whole, 2);
		crash |= !!system(command);
		code = run("-o " GOT " " IMAGE, said, sizeof(said));
		crash |= code != EXIT_OK && code != EXIT_FAILED && code != EXIT_DAMAGED;
		if (code == EXIT_FAILED)
			continue;
		any |= code == EXIT_DAMAGED;
		got = records(GOT, &m, &wrong);
		/* what is cut off may be of no concern */
		crash |= wrong || (code == EXIT_OK && got != all);
	}
	ok(!crash && any, "cut anywhere it gives no wrong records");
	store_elf(&m, whole, 1);
}

/* A packet of the ring with one field changed: it, and nothing else, is damaged. */
static void damaged(char *packet, size_t field, u64 value, const char *name)
{
	struct ptdbg_packet *p = (void *)packet, head = *p;
	u64 all = m.nr[0] + m.nr[1], got;
	bool wrong;

	memcpy(packet + field, &value, sizeof(value));
	store(m.words, MEM_BYTES);
	says("-o " GOT " " IMAGE, 3, "1 packets are damaged", name);
	got = records(GOT, &m, &wrong);
	ok(!wrong && got == all - head.records, "all others are given: %llu of %llu", got, all);
	*p = head;
}

/* Numbers that no packet of this ring can have, in packets that have no copy */
static void test_number(void)
{
	const size_t seq = offsetof(struct ptdbg_packet, seq);
	struct ptdbg_packet *p;
	char *copy, *stray;

	damaged(m.packet[0][3], seq, 1ULL << 62, "a huge number");
	damaged(m.packet[0][3], seq, ~0ULL, "the highest number");
	damaged(m.packet[1][6], seq, 7 + (1 << 20), "a number of the newest that is too high");
	damaged(m.packet[0][4], seq, 45 + 8, "a number of the next round");
	/* older packets in the buffers of readers don't make the newest a doubtful one */
	copy = mem_block(&m);
	memcpy(copy, m.packet[0][0], REC_PACKET);
	p = (void *)copy;
	p->seq -= 20;
	p->first -= 500;
	p->ts_begin = 1;
	p->ts_end = 2;
	damaged(m.packet[0][3], seq, 1ULL << 40, "a huge number, and a copy");
	/* a head that is made up, and agrees with all */
	stray = mem_block(&m);
	memcpy(stray, m.packet[0][7], REC_PACKET);
	p = (void *)stray;
	p->seq = 1ULL << 50;
	p->first = 1ULL << 60;
	p->ts_begin = 1ULL << 60;
	p->ts_end = 1ULL << 60;
	store(m.words, MEM_BYTES);
	says("-o " GOT " " IMAGE, 3, "1 packets are damaged", "a packet of the far future");
	ok(same_files(GOT, WANT), "changes nothing");
	memset(copy, 0, REC_PACKET);
	memset(stray, 0, REC_PACKET);
	store(m.words, MEM_BYTES);
	says("-o " GOT " " IMAGE, 0, "15 packets", "without all that");
}

static void test_states(void)
{
	struct ptdbg_packet *last = (void *)m.packet[0][7];
	struct ptdbg_packet *oldest = (void *)m.packet[1][0];
	struct ptdbg_packet head = *oldest;
	u64 all = m.nr[0] + m.nr[1], got, seed = 99;
	static char saved[PAGE];
	char *page;
	bool wrong;

	/* stopped in ptdbg_ring_commit(): counted, not shown */
	last->records++;
	store(m.words, MEM_BYTES);
	says("-o " GOT " " IMAGE, 0, "1 packets were being written", "half written");
	ok(same_files(GOT, WANT), "is given as far as it was complete");
	last->records--;

	/* stopped in turn(): emptied; and then with its new number */
	oldest->content_size = 8 * sizeof(*oldest);
	store(m.words, MEM_BYTES);
	says("-o " GOT " " IMAGE, 0, "1 packets were being written", "being emptied");
	got = records(GOT, &m, &wrong);
	ok(!wrong && got == all - head.records, "its old records are gone");
	oldest->seq += MEM_RING;
	store(m.words, MEM_BYTES);
	says("-o " GOT " " IMAGE, 0, "1 packets were being written", "with a new number");
	got = records(GOT, &m, &wrong);
	ok(!wrong && got == all - head.records, "its old records are gone");
	*oldest = head;

	/* a page of a packet that somebody else has got */
	page = m.packet[1][3] + 6 * PAGE;
	memcpy(saved, page, PAGE);
	for (got = 0; got < PAGE; got += 8)
		*(u64 *)(page + got) = rec_random(&seed);
	store(m.words, MEM_BYTES);
	says("-o " GOT " " IMAGE, 3, "1 packets are damaged", "a page was given away");
	got = records(GOT, &m, &wrong);
	ok(!wrong && got < all && got > all - head.records,
	   "what is before it is given: %llu of %llu", got, all);
	says("-l " IMAGE, 3, "1 packets are damaged", "and the list knows");
	memcpy(page, saved, PAGE);

	test_number();

	/* the packet is not there at all */
	memcpy(saved, m.packet[0][5], PAGE);
	memset(m.packet[0][5], 0, PAGE);
	store(m.words, MEM_BYTES);
	says("-o " GOT " " IMAGE, 3, "1 packets are missing from the image",
	     "a packet is missing");
	memcpy(m.packet[0][5], saved, PAGE);
}

static void test_metadata(void)
{
	static char saved[PAGE];

	memcpy(saved, m.metadata, PAGE);
	memset(m.metadata, 0, PAGE);
	store(m.words, MEM_BYTES);
	says("-o " GOT " " IMAGE, 1, "metadata is not in the image", "without its metadata");
	says("-o " GOT " -m " WANT "/metadata " IMAGE, 0, "15 packets", "with it from elsewhere");
	ok(same_files(GOT, WANT), "gives the same");
	says("-o " GOT " -m " WANT ".2/metadata " IMAGE, 1, "of another load",
	     "that of another trace is refused");
	memcpy(m.metadata, saved, PAGE);
	m.metadata[900] ^= 1;
	store(m.words, MEM_BYTES);
	says("-o " GOT " " IMAGE, 1, "its checksum does not fit", "with a damaged one");
	m.metadata[900] ^= 1;
}

/* The UUID of the metadata's head, which leads to it, and that in its text */
static void test_uuids(char *both)
{
	struct ptdbg_metadata_packet *one, *two;

	one = (void *)(both + (m.metadata - (char *)m.words));
	two = (void *)(both + MEM_BYTES + (n.metadata - (char *)n.words));
	memcpy(one->uuid, other, sizeof(other));
	memcpy(two->uuid, rec_uuid, sizeof(rec_uuid));
	store(both, 2 * MEM_BYTES);
	says("-o " GOT " " IMAGE, 1, OURS ": its metadata can't be used: it is of another trace",
	     "metadata with the head of another");
	ok(access(GOT "/" OURS, F_OK) && access(GOT "/" OTHER, F_OK), "is used for neither");
	memcpy(one->uuid, rec_uuid, sizeof(rec_uuid));
	memcpy(two->uuid, other, sizeof(other));
}

/* Two machines in one image; and one that was doubled */
static void test_machines(void)
{
	static char both[2 * MEM_BYTES];
	u64 got, all;
	bool wrong;

	memcpy(both, m.words, MEM_BYTES);
	memcpy(both + MEM_BYTES, n.words, MEM_BYTES);
	store(both, sizeof(both));
	says("-o " GOT " " IMAGE, 0, OTHER ": 2 CPUs, 15 packets",
	     "two traces in an image");
	ok(same_files(GOT "/" OURS, WANT), "the one");
	ok(same_files(GOT "/" OTHER, WANT ".2"), "the other");
	says("-t 6 -o " GOT " " IMAGE, 0, "15 packets", "only one of them");
	ok(same_files(GOT, WANT ".2"), "is in the directory itself");
	says("-t 7 " IMAGE, 1, "no trace", "a UUID that is not there");
	test_uuids(both);
	memset(both + (m.metadata - (char *)m.words), 0, REC_PACKET);
	store(both, sizeof(both));
	says("-o " GOT " " IMAGE, 3, "metadata is not in the image", "one without its metadata");
	ok(same_files(GOT "/" OTHER, WANT ".2") && access(GOT "/" OURS, F_OK),
	   "the other is given, and only that");
	memcpy(both, m.words, MEM_BYTES);

	/* from packet 3 of CPU 1 on they are different machines */
	mem_fill(&n, 5);
	mem_make(&n, rec_uuid, 77, WANT ".3");
	memcpy(both + MEM_BYTES, n.words, MEM_BYTES);
	for (got = 0; got < 3; got++)
		memcpy(both + MEM_BYTES + (n.packet[1][got] - (char *)n.words),
		       m.packet[1][got], REC_PACKET);
	for (got = 0; got < 8; got++)
		memcpy(both + MEM_BYTES + (n.packet[0][got] - (char *)n.words),
		       m.packet[0][got], REC_PACKET);
	store(both, sizeof(both));
	says("-o " GOT " " IMAGE, 3, "8 packets were left out: two machines",
	     "a machine that was doubled");
	all = m.nr[0];
	for (got = 0; got < 3; got++)
		all += ((struct ptdbg_packet *)m.packet[1][got])->records;
	got = records(GOT, &m, &wrong);
	ok(!wrong && got == all, "what both have: %llu of %llu", got, all);
}

#define POKE	" | dd conv=notrunc bs=1 of=" IMAGE ".kdump seek="
#define ASK	"dump-guest-memory " IMAGE ".core\ndump-guest-memory -z " IMAGE ".flat\nquit\n"
#define QEMU	"qemu-system-riscv64 -M virt -bios none -m 32 -S -display none -monitor stdio"
#define LOADER	"loader,file=" IMAGE ",addr=0x80400000,force-raw=on"

/* What QEMU writes of a machine that has never run, with our memory put into it */
static void test_qemu(void)
{
	char command[1024];

	if (system("command -v qemu-system-riscv64 makedumpfile >/dev/null 2>&1")) {
		skip("dumps of QEMU", "QEMU for riscv64 or makedumpfile is not installed");
		return;
	}
	store(m.words, MEM_BYTES);
	snprintf(command, sizeof(command), "printf '%s' | %s -device %s >/dev/null",
		 ASK, QEMU, LOADER);
	ok(!system(command), "QEMU dumps a machine");
	says("-o " GOT " " IMAGE ".core", 0, "15 packets", "its ELF core");
	ok(same_files(GOT, WANT), "gives the same");
#ifdef HAVE_KDUMP
	says("-o " GOT " " IMAGE ".flat", 0, "15 packets", "its zlib dump, flattened");
	ok(same_files(GOT, WANT), "gives the same");
	ok(!system("makedumpfile -R " IMAGE ".kdump <" IMAGE ".flat >/dev/null 2>&1"),
	   "makedumpfile puts it together");
	says("-o " GOT " " IMAGE ".kdump", 0, "15 packets", "a kdump-compressed dump");
	ok(same_files(GOT, WANT), "gives the same");
	/* block_size in its header */
	ok(!system("printf '\\200'" POKE "431" QUIET),
	   "pages of 2 GiB");
	says("-o " GOT " " IMAGE ".kdump", 1, "they are damaged", "are refused");
	/* and then header_version: the library refuses it */
	ok(!system("printf '\\0'" POKE "431" QUIET) &&
	   !system("printf '\\377\\377\\377\\377'" POKE "8" QUIET),
	   "a version that none has");
	says("-o " GOT " " IMAGE ".kdump", 1, "can't be read: libkdumpfile says", "is refused");
	ok(!truncate(IMAGE ".flat", 40000), "cut short");
	says("-o " GOT " " IMAGE ".flat", 1, "ends in the middle of its headers", "is told");
	ok(!truncate(IMAGE ".kdump", 40000), "cut short");
	says("-o " GOT " " IMAGE ".kdump", 1, "ends in the middle of its headers", "is told");
#else
	says(IMAGE ".flat", 1, "needs a ptdbg with libkdumpfile", "its zlib dump");
#endif
	unlink(IMAGE ".core");
	unlink(IMAGE ".flat");
	unlink(IMAGE ".kdump");
}

static void test_nothing(void)
{
	static char junk[1024 * 1024];
	static const char * const heads[] = {
		"", "\177ELF\2\1\1", "KDUMP   \6", "DISKDUMP", "makedumpfile",
		"\xc1\x1f\xfc\xc1", "\127\035\321\165",
	};
	char said[4096];
	unsigned int i, bad = 0;
	u64 seed = 8, j;
	int code;

	store((char *)n.words + MEM_BYTES - PAGE, PAGE);
	says(IMAGE, 1, "no records of ptdbg in", "no ptdbg in it");
	store("\x1f\x8b\x08 and so on", 13);
	says(IMAGE, 1, "it is gzip, and must be unpacked first", "a compressed file");
	store("", 0);
	says(IMAGE, 1, "has nothing in it", "an empty file");
	says(BUILD, 1, "is a directory", "a directory");
	says(BUILD "/nowhere", 1, "No such file", "no file");
	says("", 2, "which memory image?", "no argument");

	for (i = 0; i < 100; i++) {
		for (j = 0; j < sizeof(junk); j += 8)
			*(u64 *)(junk + j) = rec_random(&seed);
		j = rec_random(&seed) % sizeof(junk) + 16;
		if (j > sizeof(junk))
			j = sizeof(junk);
		memcpy(junk, heads[i % ARRAY_SIZE(heads)],
		       strlen(heads[i % ARRAY_SIZE(heads)]));
		store(junk, j);
		code = run(IMAGE, said, sizeof(said));
		if (code != 1 || strncmp(said, "ptdbg dump: ", 12) ||
		    strstr(said, "Sanitizer")) {
			printf("#   file %u: exit code %d, \"%.200s\"\n", i, code, said);
			bad++;
		}
	}
	ok(!bad, "100 random files: %u without a clear answer", bad);
}

/* Bits flipped in what the tool reads: heads of packets, metadata, ELF. */
static void test_flips(void)
{
	const struct segment whole = { 0, MEM_BYTES };
	const size_t elf = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr) + 4;
	unsigned int i, bad = 0;
	u64 seed = 4711, bit;
	char said[4096], byte;
	bool wrong;
	int fd, code;
	size_t at;

	store_elf(&m, &whole, 1);
	for (i = 0; i < 120; i++) {
		bit = rec_random(&seed) % (8 * sizeof(struct ptdbg_packet));
		at = bit / 8;
		if (i % 3 == 0)
			at += elf + (m.packet[i % 2][i / 3 % 7] - (char *)m.words);
		else if (i % 3 == 1)
			at += elf + (m.metadata - (char *)m.words);
		fd = open(IMAGE, O_RDWR);
		if (pread(fd, &byte, 1, at) != 1)
			bad++;
		byte ^= 1 << bit % 8;
		if (pwrite(fd, &byte, 1, at) != 1)
			bad++;
		code = run("-o " GOT " " IMAGE, said, sizeof(said));
		wrong = code < 0 || code > 3 || code == 2;
		if (!wrong && !code && !access(GOT "/metadata", F_OK))
			records(GOT, &m, &wrong);
		byte ^= 1 << bit % 8;
		if (pwrite(fd, &byte, 1, at) != 1 || close(fd))
			bad++;
		if (wrong)
			printf("#   bit %llu of byte %zu: exit code %d, \"%.300s\"\n",
			       bit % 8, at, code, said);
		bad += wrong;
	}
	ok(!bad, "120 bits flipped: %u times something went wrong", bad);
}

int main(void)
{
	tap_begin();
	mem_fill(&m, 3);
	mem_fill(&n, 4);
	if (!ok(mem_make(&m, rec_uuid, 42, WANT) && mem_make(&n, other, 43, WANT ".2"),
		"two memories with rings"))
		return tap_end();
	test_raw();
	test_elf();
	test_states();
	test_metadata();
	test_qemu();
	test_machines();
	test_flips();
	test_nothing();
	unlink(IMAGE);
	return tap_end();
}
