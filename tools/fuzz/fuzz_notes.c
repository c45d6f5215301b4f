// SPDX-License-Identifier: GPL-2.0-only
/*
 * The notes that names come from: symbols of the kernel, mappings of processes;
 * and the names that are made of them.
 */
#include "core/sum.h"
#include "names.h"
#include "scratch.h"

static void write_note(const char *name, struct input *in, size_t size, bool whole)
{
	char *text = malloc(size + 64);
	size_t n = size;

	must(text);
	take_bytes(in, text, size);
	if (whole)
		n += sprintf(text + size, "# sum %016llx\n",
			     ptdbg_sum(PTDBG_SUM_START, text, size));
	scratch_write(name, text, n);
	free(text);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, size };
	unsigned int how = take(&in, 1), nr = how >> 4, i;
	size_t symbols = take(&in, 2);
	struct ptdbg_record r[16];
	struct names *names;
	char name[NAMES_MAX];
	const char *got;

	memset(r, 0, sizeof(r));
	for (i = 0; i < nr; i++) {
		r[i].tgid = take(&in, 1);
		r[i].ip = take(&in, 8);
	}
	scratch_make();
	if (symbols > in.left)
		symbols = in.left;
	write_note("notes/symbols", &in, symbols, how & 7);
	write_note("notes/maps", &in, in.left, how & 11);
	names = names_open(scratch);
	for (i = 0; i < nr; i++) {
		got = names_ip(names, &r[i], name);
		must(!got || strlen(got) < NAMES_MAX);
		must(!got || !strpbrk(got, "\n\033"));
	}
	names_free(names);
	return 0;
}
