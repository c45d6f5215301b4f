// SPDX-License-Identifier: GPL-2.0-only
/*
 * A whole recording out of one input, read by the commands that read one, in
 * every form of output.
 *
 * The input: a byte that chooses the command, a byte of FIX_ bits, then files:
 * a byte that chooses its name, 4 bytes size, and so many bytes.
 */
#include <getopt.h>

#include "core/metadata.h"
#include "core/sum.h"
#include "ptdbg.h"
#include "scratch.h"

/* What is put right, so that the checks behind it are reached. */
#define FIX_METADATA	0x01	/* checksum and form */
#define FIX_PACKETS	0x02	/* checksums */
#define FIX_NOTES	0x04	/* checksums */

#define METADATA	4	/* in scratch_files */
#define NOTES		5
#define FILE_MAX	(1024 * 1024)

static const struct form {
	int (*run)(int argc, char **argv);
	const char *argv[8];	/* the directory comes behind */
} forms[] = {
	{ cmd_report, { "report" } },
	{ cmd_report, { "report", "--brief" } },
	{ cmd_report, { "report", "--sort", "duration" } },
	{ cmd_report, { "report", "--brief", "--sort", "comm", "-f",
			"user kernel type=fault,gup,sig" } },
	{ cmd_stat, { "stat" } },
	{ cmd_tables, { "tables" } },
#ifdef HAVE_JSON
	{ cmd_report, { "report", "--json" } },
#endif
};

static size_t fix_metadata(char *text, size_t size)
{
	static const char key[] = "\tptdbg_abi = ";
	char *abi;

	text[size] = '\0';
	abi = strstr(text, key);
	/* of one digit, as the inputs have it */
	if (abi)
		abi[strlen(key)] = '0' + PTDBG_ABI;
	return size + sprintf(text + size, PTDBG_METADATA_SUM "\n",
			      ptdbg_sum(PTDBG_SUM_START, text, size));
}

static void fix_packets(char *bytes, size_t size)
{
	struct ptdbg_packet p;
	size_t at = 0, length;

	while (size - at >= sizeof(p)) {
		memcpy(&p, bytes + at, sizeof(p));
		length = p.packet_size / 8;
		if (length < sizeof(p) || length > size - at ||
		    p.content_size > p.packet_size || length % 8 ||
		    p.content_size / 8 < sizeof(p))
			return;
		/* the sum is made of words: @bytes is aligned */
		p.sum = ptdbg_packet_sum((void *)(bytes + at));
		memcpy(bytes + at, &p, sizeof(p));
		at += length;
	}
}

static void write_file(struct input *in, unsigned int fix)
{
	unsigned int which = take(in, 1) % ARRAY_SIZE(scratch_files);
	size_t size = take(in, 4);
	char *bytes;

	if (size > in->left)
		size = in->left;
	bytes = malloc(size + 64);
	must(bytes);
	take_bytes(in, bytes, size);
	if (which == METADATA && fix & FIX_METADATA)
		size = fix_metadata(bytes, size);
	else if (which < METADATA && fix & FIX_PACKETS)
		fix_packets(bytes, size);
	else if (which >= NOTES && fix & FIX_NOTES)
		size += sprintf(bytes + size, "# sum %016llx\n",
				ptdbg_sum(PTDBG_SUM_START, bytes, size));
	scratch_write(scratch_files[which], bytes, size);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, size };
	const struct form *form = &forms[take(&in, 1) % ARRAY_SIZE(forms)];
	unsigned int fix = take(&in, 1);
	char *argv[ARRAY_SIZE(form->argv) + 2];
	int argc = 0, code;

	if (size > FILE_MAX)
		return 0;
	scratch_make();
	scratch_clear();
	while (in.left)
		write_file(&in, fix);
	for (; form->argv[argc]; argc++)
		argv[argc] = (char *)form->argv[argc];
	argv[argc++] = scratch;
	argv[argc] = NULL;
	optind = 0;
	code = form->run(argc, argv);
	must(code == EXIT_OK || code == EXIT_FAILED || code == EXIT_DAMAGED);
	return 0;
}
