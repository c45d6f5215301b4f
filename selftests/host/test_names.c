// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names for addresses: only those that were true when the record was made.
 * Oracles: what the test wrote into the notes; its own program, as the kernel has
 * mapped it; readelf.
 */
#include <fcntl.h>
#include <unistd.h>

#include "../../tools/buildid.h"
#include "../../tools/functions.h"
#include "../../tools/maps.h"
#include "../../tools/names.h"
#include "../../tools/notes.h"
#include "recording.h"
#include "tap.h"

#define DIR	BUILD "/names"
#define ROOT	0x8203c000ULL

static bool note(const char *name, const char *text)
{
	FILE *file = notes_begin(DIR, name);

	return file && fputs(text, file) >= 0 && notes_end(DIR, name, file);
}

/* A read fault of task 700 in the address space @root */
static union fix_record fault(u64 root, u64 ts, u64 ip)
{
	union fix_record f;
	u64 state = 3;

	rec_fill(&f, PTDBG_FAULT, ts, &state);
	f.fault.flags = 0x40;
	f.fault.duration = 1000;
	f.fault.chain.root = root;
	f.r.ip = ip;
	return f;
}

static void is_ip(struct names *n, u64 root, u64 ts, u64 ip, const char *want,
		  const char *name)
{
	union fix_record f = fault(root, ts, ip);
	char buf[NAMES_MAX];
	const char *got = names_ip(n, &f.r, buf);

	is_text(got ?: "none", want, name);
}

#define MS	1000000ULL

/*
 * sh, which runs cat by exec.  The first look at sh came when it was cat already.
 */
static const char maps[] =
	"pid 600 root 8203c000 since 0 until 1000000\n"
	"00010000-00020000 r-xp 00000000 fe:01 9       /bin/other\n"
	"pid 700 root 8203c000 since 100000000 until 200000000\n"
	"00010000-00020000 r-xp 00001000 fe:01 10      /bin/sh\n"
	"00030000-00040000 rw-p 00011000 fe:01 10      /bin/sh\n"
	"3f00000000-3f00010000 r--s 00000000 fe:01 12  /tmp/a b (deleted)\n"
	"pid 700 root 8203c000 since 300000000 until 900000000\n"
	"00010000-00020000 r-xp 00000000 fe:01 11      /bin/cat\n"
	"00020000-00030000 r-xp 00000000 fe:01 11      /bin/cat\n"
	"pid 700 root 90000000 since 800000000 until 900000000\n"
	"00010000-00020000 r-xp 00000000 fe:01 11      /bin/cat\n"
	"pid 700 root 8203c000 since 1000000000 until 1010000000\n"
	"00010000-00020000 r-xp 00000000 fe:01 13      /bin/third\x1b[31m\n"
	"pid 700 root 91000000 since 1015000000 until 1016000000\n"
	"00010000-00020000 r-xp 00000000 fe:01 14      /bin/fourth\n"
	"pid 701 root 92000000 since 5 until 6\n"
	"00020000-00030000 r-xp 00000000 fe:01 14      /bin/back\n"
	"00010000-00020000 r-xp 00000000 fe:01 14      /bin/wards\n";

static void test_spaces(void)
{
	struct names *n;

	ok(note("maps", maps), "a note of mappings");
	n = names_open(DIR);
	is_ip(n, ROOT, 150 * MS, 0x10123, "10123 /bin/sh+0x1123",
	      "the program of that time");
	is_ip(n, ROOT, 50 * MS, 0x10123, "10123 /bin/sh+0x1123",
	      "a record that came late");
	is_ip(n, ROOT, 350 * MS, 0x20123, "none",
	      "a look that the next program overtook is void");
	is_ip(n, 0x90000000, 850 * MS, 0x10123, "10123 /bin/cat+0x123",
	      "the next program");
	is_ip(n, ROOT, 1050 * MS, 0x10123, "none",
	      "one that ended just before the next came is not trusted");
	is_ip(n, 0x91000000, 1050 * MS, 0x10123, "10123 /bin/fourth+0x123",
	      "the last program");
	is_ip(n, 0x93000000, 1050 * MS, 0x10123, "none",
	      "an address space that nobody looked at");
	is_ip(n, ROOT, 150 * MS, 0x30123, "none", "nothing executes there");
	is_ip(n, ROOT, 150 * MS, 0x50000, "none", "nothing is there");
	names_free(n);
}

static void is_data(struct names *n, u32 kind, u64 ino, u32 remote,
		    const char *want, const char *name)
{
	union fix_record f = fault(ROOT, 150 * MS, 0);
	struct ptdbg_view v;
	char buf[NAMES_MAX];
	const char *got;

	f.r.addr = 0x3f00001018;
	f.fault.remote = remote;
	f.fault.vma.start = 0x3f00000000;
	f.fault.vma.end = 0x3f00010000;
	f.fault.vma.kind = kind;
	f.fault.vma.ino = ino;
	f.fault.vma.pgoff = 3;
	ptdbg_view(&f.r, f.r.size, &v);
	got = names_data(n, &v, 12, buf);
	is_text(got ?: "none", want, name);
}

static void test_data(void)
{
	struct names *n = names_open(DIR);
	union fix_record f = fault(ROOT, 150 * MS, 0x10123);
	char buf[NAMES_MAX];

	is_data(n, PTDBG_VMA_FILE, 12, 0, "/tmp/a b (deleted)+0x4018",
		"the file of an address, by its inode");
	is_data(n, PTDBG_VMA_FILE, 10, 0, "/bin/sh+0x4018",
		"also when it was mapped elsewhere");
	is_data(n, PTDBG_VMA_FILE, 13, 0, "none", "no other file");
	is_data(n, PTDBG_VMA_ANON, 12, 0, "none", "no file for anonymous memory");
	is_data(n, PTDBG_VMA_FILE, 12, 1, "none",
		"nor for the memory of another process");
	/* an instruction fetch, and the record tells of another file */
	f.fault.flags = 0x140;
	f.fault.vma.start = 0x10000;
	f.fault.vma.end = 0x20000;
	f.fault.vma.ino = 10;
	ok(names_ip(n, &f.r, buf), "an instruction whose vma agrees");
	f.fault.vma.ino = 15;
	ok(!names_ip(n, &f.r, buf), "and one whose vma does not");
	names_free(n);
}

/* Lines that no ptdbg has written */
static void test_nonsense(void)
{
	static const char *const lines[] = {
		"pid", "pid ", "pid x root y", "pid 700 root 8203c000 since 1 until",
		"build", "build 00", "10000-", "10000-20000", "20000-10000 r-xp 0 0:0 1 /x",
		"10000-20000 r-xp", "10000-20000 r-xp 0 fe:01 10 ",
		"10000-20000 r-xp 0 fe:01 10 [stack/]", "-", "", "\t",
		"ffffffffffffffff-ffffffffffffffff r-xp ffffffffffffffff ffffff:1 1 /x",
		"pid 700 root 8203c000 since 18446744073709551615 until 18446744073709551615",
		"pid 700 root 8203c000 since 1 until 99999999999999999999",
		"10000-20000 r-xp 0 fe:01 10 /y",
	};
	char text[4096], buf[NAMES_MAX];
	union fix_record f = fault(ROOT, 150 * MS, 0x10123);
	unsigned int i, k, named = 0;
	struct names *n;
	u64 state = 1;

	for (i = 0; i < 2000; i++) {
		*text = '\0';
		for (k = 0; k < 12; k++) {
			strcat(text, lines[rec_random(&state) % ARRAY_SIZE(lines)]);
			strcat(text, "\n");
		}
		note("maps", text);
		n = names_open(DIR);
		named += !!names_ip(n, &f.r, buf);
		names_free(n);
	}
	ok(!named, "nonsense in the note gives no names: %u", named);
	note("maps", "pid 700 root 8203c000 since 1 until 999000000000\n");
	n = names_open(DIR);
	ok(!names_ip(n, &f.r, buf), "a look that found no mapping gives none");
	names_free(n);
	note("maps", "");
	n = names_open(DIR);
	ok(!names_ip(n, &f.r, buf), "nor does an empty note");
	names_free(n);
}

static void test_kernel(void)
{
	struct names *n;

	ok(note("symbols",
		"ffffffff80001000 first\n"
		"ffffffff80001000 alias\n"
		"ffffffff80002000 second\n"
		"ffffffff80009000 nfs_read\t[nfs]\n"
		"ffffffff80001800 -\n"
		"ffffffff80002000 -\n"
		"ffffffff80002100 -\n"
		"ffffffff8000a000 bad\x1b[31m\n"), "a note of symbols");
	n = names_open(DIR);
	is_ip(n, ROOT, 1, 0xffffffff80001010, "first+0x10", "a symbol");
	is_ip(n, ROOT, 1, 0xffffffff80001900, "none", "where it ends");
	is_ip(n, ROOT, 1, 0xffffffff80002010, "second+0x10",
	      "a symbol where another ends");
	is_ip(n, ROOT, 1, 0xffffffff80009018, "nfs_read+0x18 [nfs]",
	      "a symbol of a module");
	is_ip(n, ROOT, 1, 0xffffffff80000fff, "none", "before all symbols");
	is_ip(n, ROOT, 1, 0xffffffff8000a000, "bad?[31m+0x0",
	      "control characters do not come out");
	names_free(n);
}

/* A function whose name the symbol table of this program must have */
static int well_known_function(const void *x)
{
	return x ? 3 : 1;
}

/* Whoever may be changed by others is not called inline. */
int (*test_well_known)(const void *x) = well_known_function;

/* What /proc/self/maps says of an address of this program */
static bool find_self(u64 addr, struct mapping *m, char *line, size_t size)
{
	FILE *file = fopen("/proc/self/maps", "r");
	bool found = false;

	while (file && !found && fgets(line, size, file)) {
		line[strcspn(line, "\n")] = '\0';
		found = mapping_parse(line, m) && addr >= m->first && addr < m->end;
	}
	if (file)
		fclose(file);
	return found;
}

/* The build id that readelf finds */
static void readelf_id(const char *file, char *id, size_t size)
{
	char command[600];
	FILE *p;

	snprintf(command, sizeof(command),
		 "LC_ALL=C readelf -n '%s' 2>/dev/null | sed -n 's/.*Build ID: //p'", file);
	*id = '\0';
	p = popen(command, "r");
	if (p && fgets(id, size, p))
		id[strcspn(id, "\n")] = '\0';
	if (p)
		pclose(p);
}

static void test_functions(void)
{
	u64 addr = (uintptr_t)test_well_known + test_well_known(NULL);
	char line[4500], text[5000], id[BUILDID_TEXT], want[BUILDID_TEXT + 1];
	const char *suffix = " (well_known_function+0x1)";
	union fix_record f = fault(ROOT, 150 * MS, addr);
	char buf[NAMES_MAX];
	struct mapping m;
	struct names *n;
	int fd;

	if (!ok(find_self(addr, &m, line, sizeof(line)), "this program is mapped"))
		return;
	fd = buildid_open(m.file);
	ok(fd >= 0 && buildid_read(fd, id), "it has a build id");
	close(fd);
	readelf_id(m.file, want, sizeof(want));
	if (*want)
		is_text(id, want, "the one that readelf finds");
	else
		skip("the one that readelf finds", "there is no readelf");
	snprintf(text, sizeof(text),
		 "pid 700 root 8203c000 since 1 until 2\n%s\nbuild %s\n", line, id);
	note("maps", text);
	n = names_open(DIR);
	if (!ok(names_ip(n, &f.r, buf), "an address in it has a name"))
		return;
	if (!names_from_files) {
		skip("with the function", "built without elfutils");
		return;
	}
	has_text(buf, suffix, "with the function");
	names_free(n);
	/* not that build */
	text[strlen(text) - 2] ^= 1;
	note("maps", text);
	n = names_open(DIR);
	ok(names_ip(n, &f.r, buf) && !strchr(buf, '('),
	   "a file with another build id is not used: %s", buf);
	names_free(n);
	text[strlen(text) - 2] ^= 1;
	note("maps", text);
	n = names_open(DIR);
	names_sysroot(n, DIR);
	ok(names_ip(n, &f.r, buf) && !strchr(buf, '('),
	   "there is no such file below another root");
	names_free(n);
}

#define LIBRARY	DIR "/lib.so"
#define SOURCE	"int alpha(int x) { return x; } int beta(int x) { return x + 1; }"

static char library[256 * 1024];

/* Give the library to those who read functions; do they find some? */
static bool read_library(const char *bytes, size_t size)
{
	FILE *file = fopen(LIBRARY, "wb");
	struct object *o = NULL;
	char id[BUILDID_TEXT];
	u64 into, at;
	int fd;

	if (!file || fwrite(bytes, 1, size, file) != size || fclose(file))
		return false;
	fd = buildid_open(LIBRARY);
	if (buildid_read(fd, id))
		o = functions_open("", LIBRARY, id);
	close(fd);
	for (at = 0; o && at < 65536; at += 8)
		functions_at(o, at, &into);
	functions_close(o);
	return o;
}

/* A library that was damaged: names or none, but no harm. */
static void test_damaged(void)
{
	static char bytes[sizeof(library)];
	unsigned int i, k, read = 0, not_read = 0;
	u64 state = 1, at;
	size_t size, cut;
	FILE *file;

	if (!names_from_files ||
	    system("echo '" SOURCE "' | cc -x c -nostdlib -shared -fPIC -Wl,--build-id -o "
		   LIBRARY " - 2>/dev/null")) {
		skip("damaged libraries", "no compiler, or no elfutils");
		return;
	}
	file = fopen(LIBRARY, "rb");
	size = file ? fread(library, 1, sizeof(library), file) : 0;
	if (file)
		fclose(file);
	ok(size && read_library(library, size), "a library");
	for (i = 0; i < 1000; i++) {
		memcpy(bytes, library, size);
		for (k = 0; k < 1 + i % 4; k++) {
			/* the headers at both ends are where it hurts */
			at = rec_random(&state) % (i % 2 ? size : 1024);
			bytes[i % 3 ? at : size - 1 - at] ^= 1 << rec_random(&state) % 8;
		}
		cut = i % 5 ? size : rec_random(&state) % size + 1;
		if (read_library(bytes, cut))
			read++;
		else
			not_read++;
	}
	ok(read && not_read, "damaged: %u could be read, %u not", read, not_read);
}

int main(void)
{
	tap_begin();
	if ((mkdir(DIR, 0777) && errno != EEXIST) ||
	    (mkdir(DIR "/notes", 0777) && errno != EEXIST))
		perror(DIR);
	test_spaces();
	test_data();
	test_nonsense();
	test_kernel();
	test_functions();
	test_damaged();
	return tap_end();
}
