// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the ELF note NT_GNU_BUILD_ID, with libc alone.  The file is anybody's:
 * what it says of sizes and places is only used within what was read.
 */
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buildid.h"

#define HEADERS_MAX	64
#define NOTES_MAX	4096

int buildid_open(const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC), again = -1;
	char self[64];
	struct stat st;

	if (fd < 0)
		return -1;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode)) {
		snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
		again = open(self, O_RDONLY | O_CLOEXEC);
	}
	close(fd);
	return again;
}

static void put_text(char text[BUILDID_TEXT], const u8 *id, unsigned int bytes)
{
	while (bytes--) {
		*text++ = "0123456789abcdef"[*id >> 4];
		*text++ = "0123456789abcdef"[*id++ & 15];
	}
	*text = '\0';
}

/* The notes in @bytes at @at, each part padded to @align */
static bool find_note(const u8 *at, size_t bytes, size_t align,
		      char text[BUILDID_TEXT])
{
	size_t name, desc;
	Elf64_Nhdr n;

	while (bytes >= sizeof(n)) {
		memcpy(&n, at, sizeof(n));
		name = ((size_t)n.n_namesz + align - 1) & -align;
		desc = ((size_t)n.n_descsz + align - 1) & -align;
		at += sizeof(n);
		bytes -= sizeof(n);
		if (name > bytes || n.n_descsz > bytes - name)
			return false;
		if (n.n_type == NT_GNU_BUILD_ID && n.n_namesz == sizeof("GNU") &&
		    !memcmp(at, "GNU", sizeof("GNU")) && n.n_descsz &&
		    n.n_descsz <= BUILDID_MAX) {
			put_text(text, at + name, n.n_descsz);
			return true;
		}
		if (desc > bytes - name)
			return false;
		at += name + desc;
		bytes -= name + desc;
	}
	return false;
}

bool buildid_read(int fd, char text[BUILDID_TEXT])
{
	Elf64_Phdr ph[HEADERS_MAX];
	u8 notes[NOTES_MAX];
	unsigned int i, nr;
	Elf64_Ehdr eh;
	ssize_t n;

	if (pread(fd, &eh, sizeof(eh), 0) != sizeof(eh) ||
	    memcmp(eh.e_ident, ELFMAG, SELFMAG) ||
	    eh.e_ident[EI_CLASS] != ELFCLASS64 ||
	    eh.e_ident[EI_DATA] != ELFDATA2LSB || eh.e_phentsize != sizeof(*ph))
		return false;
	n = pread(fd, ph, sizeof(ph), eh.e_phoff);
	nr = n < 0 ? 0 : n / sizeof(*ph);
	for (i = 0; i < nr && i < eh.e_phnum; i++) {
		if (ph[i].p_type != PT_NOTE)
			continue;
		n = pread(fd, notes, ph[i].p_filesz < NOTES_MAX ?
			  ph[i].p_filesz : NOTES_MAX, ph[i].p_offset);
		if (n > 0 && find_note(notes, n, ph[i].p_align == 8 ? 8 : 4, text))
			return true;
	}
	return false;
}
