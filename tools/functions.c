// SPDX-License-Identifier: GPL-2.0-only
/*
 * Symbol tables, read by libelf.  Only functions that have a size count, and only
 * for addresses inside: a name that may be wrong is worse than none.
 */
#include <gelf.h>
#include <libelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "buildid.h"
#include "functions.h"

#define SEGMENTS_MAX	16
#define SECTION_MAX	(256 * 1024 * 1024U)
#define NAME_MAX_BYTES	480
/* How many functions that begin before an address are looked at. */
#define INSIDE_MAX	32

/**
 * struct function - a function
 * @start: first address
 * @size: bytes
 * @name: in object.names
 * @rank: of several with one start the highest counts
 */
struct function {
	u64 start;
	u64 size;
	size_t name;
	unsigned int rank;
};

/* What of a file is mapped where */
struct segment {
	u64 offset;
	u64 size;
	u64 addr;
};

struct object {
	struct segment segment[SEGMENTS_MAX];
	unsigned int nr_segments;
	struct function *function;	/* by start and rank */
	size_t nr_functions;
	char *names;
	size_t names_bytes;
	size_t names_room;
};

static int by_start(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

/* Global before weak before local; without underscores before with. */
static unsigned int rank_of(const GElf_Sym *sym, const char *name)
{
	static const unsigned int ranks[] = {
		[STB_LOCAL] = 0, [STB_GLOBAL] = 4, [STB_WEAK] = 2,
	};
	unsigned int bind = GELF_ST_BIND(sym->st_info);

	return (bind < ARRAY_SIZE(ranks) ? ranks[bind] : 0) + (*name != '_');
}

/* Take a symbol, if it is a function.  False: there is no room. */
static bool add_symbol(struct object *o, const GElf_Sym *sym, const char *name,
		       size_t bytes)
{
	unsigned int type = GELF_ST_TYPE(sym->st_info);
	struct function *f = &o->function[o->nr_functions];
	size_t i;

	if ((type != STT_FUNC && type != STT_GNU_IFUNC) || !sym->st_size ||
	    sym->st_shndx == SHN_UNDEF || !bytes || bytes > NAME_MAX_BYTES)
		return true;
	if (o->names_bytes + bytes + 1 > o->names_room)
		return false;
	f->start = sym->st_value;
	f->size = sym->st_size;
	f->name = o->names_bytes;
	f->rank = rank_of(sym, name);
	/* names go to terminals */
	for (i = 0; i < bytes; i++)
		o->names[o->names_bytes++] = name[i] > ' ' && name[i] < 0x7f ?
					     name[i] : '?';
	o->names[o->names_bytes++] = '\0';
	o->nr_functions++;
	return true;
}

/* The bytes of a section; NULL: it is compressed, or longer than any should be. */
static Elf_Data *section_data(Elf_Scn *scn, GElf_Shdr *sh)
{
	if (!scn || !gelf_getshdr(scn, sh) || sh->sh_flags & SHF_COMPRESSED ||
	    sh->sh_size > SECTION_MAX)
		return NULL;
	return elf_getdata(scn, NULL);
}

/* Take the functions of a symbol table.  False: it is not to be used. */
static bool add_table(struct object *o, Elf *elf, Elf_Scn *scn)
{
	size_t one = gelf_fsize(elf, ELF_T_SYM, 1, EV_CURRENT), nr, i, n;
	Elf_Data *syms, *text;
	GElf_Shdr sh, names;
	const char *name;
	GElf_Sym sym;

	syms = section_data(scn, &sh);
	text = syms ? section_data(elf_getscn(elf, sh.sh_link), &names) : NULL;
	if (!text || !text->d_buf || !one || names.sh_type != SHT_STRTAB)
		return false;
	nr = syms->d_size / one;
	o->function = calloc(nr + 1, sizeof(*o->function));
	/* some share their ends */
	o->names_room = 2 * text->d_size + 4096;
	o->names = malloc(o->names_room);
	if (!o->function || !o->names)
		return false;
	for (i = 0; i < nr; i++) {
		if (!gelf_getsym(syms, i, &sym) || sym.st_name >= text->d_size)
			continue;
		name = (const char *)text->d_buf + sym.st_name;
		n = text->d_size - sym.st_name;
		n = strnlen(name, n < NAME_MAX_BYTES ? n : NAME_MAX_BYTES + 1);
		if (!add_symbol(o, &sym, name, n))
			return false;
	}
	if (o->nr_functions)
		qsort(o->function, o->nr_functions, sizeof(*o->function), by_start);
	return true;
}

/* The symbol table of a file: of all symbols, or else of those for linking. */
static bool add_file(struct object *o, Elf *elf)
{
	Elf_Scn *scn = NULL, *found = NULL;
	GElf_Shdr sh;

	while ((scn = elf_nextscn(elf, scn))) {
		if (!gelf_getshdr(scn, &sh))
			continue;
		if (sh.sh_type == SHT_SYMTAB) {
			found = scn;
			break;
		}
		if (sh.sh_type == SHT_DYNSYM)
			found = scn;
	}
	return found && add_table(o, elf, found);
}

static void add_segments(struct object *o, Elf *elf)
{
	size_t nr = 0, i;
	GElf_Phdr ph;

	if (elf_getphdrnum(elf, &nr))
		return;
	for (i = 0; i < nr && o->nr_segments < SEGMENTS_MAX; i++) {
		if (!gelf_getphdr(elf, i, &ph) || ph.p_type != PT_LOAD)
			continue;
		o->segment[o->nr_segments++] = (struct segment){
			ph.p_offset, ph.p_filesz, ph.p_vaddr
		};
	}
}

/* Open the file if it is that build.  Return: file descriptor, or -1. */
static int open_build(const char *path, const char *build)
{
	int fd = buildid_open(path);
	char is[BUILDID_TEXT];

	if (fd >= 0 && (!buildid_read(fd, is) || strcmp(is, build))) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* The file with the symbols alone, where distributions put it */
static int open_debug(const char *sysroot, const char *build)
{
	char path[4096];

	/* it is a part of a path now */
	if (strspn(build, "0123456789abcdef") != strlen(build) ||
	    strlen(build) < 4 ||
	    snprintf(path, sizeof(path), "%s/usr/lib/debug/.build-id/%.2s/%s.debug",
		     sysroot, build, build + 2) >= (int)sizeof(path))
		return -1;
	return open_build(path, build);
}

static bool read_symbols(struct object *o, int fd)
{
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	bool good = elf && elf_kind(elf) == ELF_K_ELF && add_file(o, elf);

	elf_end(elf);
	return good;
}

struct object *functions_open(const char *sysroot, const char *file,
			      const char *build)
{
	struct object *o = calloc(1, sizeof(*o));
	char path[4096];
	int fd, debug;
	Elf *elf;

	elf_version(EV_CURRENT);
	if (!o || snprintf(path, sizeof(path), "%s%s", sysroot, file) >= (int)sizeof(path))
		goto none;
	fd = open_build(path, build);
	if (fd < 0)
		goto none;
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf && elf_kind(elf) == ELF_K_ELF)
		add_segments(o, elf);
	elf_end(elf);
	debug = open_debug(sysroot, build);
	if (!read_symbols(o, debug >= 0 ? debug : fd))
		o->nr_functions = 0;
	if (debug >= 0)
		close(debug);
	close(fd);
	if (o->nr_functions)
		return o;
none:
	functions_close(o);
	return NULL;
}

void functions_close(struct object *o)
{
	if (!o)
		return;
	free(o->function);
	free(o->names);
	free(o);
}

const char *functions_at(const struct object *o, u64 offset, u64 *into)
{
	size_t low = 0, high = o->nr_functions, mid, tries;
	const struct function *f;
	const struct segment *s;
	u64 addr;

	for (s = o->segment; s < o->segment + o->nr_segments; s++) {
		if (offset >= s->offset && offset - s->offset < s->size)
			break;
	}
	if (s == o->segment + o->nr_segments)
		return NULL;
	addr = offset - s->offset + s->addr;
	/* the first one behind it */
	while (low < high) {
		mid = low + (high - low) / 2;
		if (o->function[mid].start <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	for (tries = 0; low && tries < INSIDE_MAX; tries++) {
		f = &o->function[--low];
		if (addr - f->start < f->size) {
			*into = addr - f->start;
			return o->names + f->name;
		}
	}
	return NULL;
}
