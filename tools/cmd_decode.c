// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg decode: what a page-table entry means, for any architecture, on any
 * host.  The decoding is that of the module (module/core).
 */
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/entry.h"
#include "ptdbg.h"

/* The paging modes by the names that --mode takes; the first of each
 * architecture is its default.
 */
static const struct {
	const char *name;
	unsigned int arch;
	unsigned int page_shift;
	unsigned int va_bits;
	bool lpa2;
} modes[] = {
	{ "4level", PTDBG_X86_64, 12, 48, false },
	{ "5level", PTDBG_X86_64, 12, 57, false },
	{ "4k-48", PTDBG_ARM64, 12, 48, false },
	{ "4k-39", PTDBG_ARM64, 12, 39, false },
	{ "4k-52", PTDBG_ARM64, 12, 52, true },
	{ "16k-47", PTDBG_ARM64, 14, 47, false },
	{ "16k-48", PTDBG_ARM64, 14, 48, false },
	{ "16k-52", PTDBG_ARM64, 14, 52, true },
	{ "64k-42", PTDBG_ARM64, 16, 42, false },
	{ "64k-48", PTDBG_ARM64, 16, 48, false },
	{ "64k-52", PTDBG_ARM64, 16, 52, false },
	{ "sv39", PTDBG_RISCV64, 12, 39, false },
	{ "sv48", PTDBG_RISCV64, 12, 48, false },
	{ "sv57", PTDBG_RISCV64, 12, 57, false },
};

#define NR_MODES	(sizeof(modes) / sizeof(*modes))

static void print_help(void)
{
	unsigned int i;

	printf("usage: ptdbg decode [--arch ARCH] [--mode MODE] [--level LEVEL] VALUE...\n\n"
	       "Says what page-table entries mean. A VALUE is a hexadecimal number, with or\n"
	       "without 0x.\n\n"
	       "  --arch ARCH    x86_64, arm64 or riscv64; may be left out when MODE is given\n"
	       "  --mode MODE    paging mode:");
	for (i = 0; i < NR_MODES; i++)
		printf(" %s", modes[i].name);
	printf("\n  --level LEVEL  PGD, P4D, PUD, PMD or PTE (default)\n\n"
	       "Example: ptdbg decode --mode sv39 0040000000000053\n");
}

/* One sentence about what is wrong with the command line. */
__printf(1, 2)
static int wrong(const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "ptdbg decode: ");
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "\n");
	return EXIT_USAGE;
}

/* Index in modes[] for what was asked, or -1 with a message. */
static int find_mode(const char *arch, const char *mode)
{
	unsigned int i;

	if (!arch && !mode) {
		wrong("give --arch or --mode: an entry does not tell its machine");
		return -1;
	}
	for (i = 0; i < NR_MODES; i++) {
		if (arch && strcmp(arch, ptdbg_arch_name(modes[i].arch)))
			continue;
		if (!mode || !strcasecmp(mode, modes[i].name))
			return i;
	}
	wrong("no paging mode %s%s%s; --help lists them",
	      mode ? mode : "", arch ? " on " : "", arch ? arch : "");
	return -1;
}

static int find_level(const struct ptdbg_mode *m, const char *name)
{
	unsigned int i;

	for (i = 0; i < m->levels; i++) {
		if (!strcasecmp(name, ptdbg_level_name(m, i)))
			return i;
	}
	wrong("%s has no level %s", m->title, name);
	return -1;
}

static void decode(const struct ptdbg_mode *m, unsigned int level, u64 raw)
{
	struct ptdbg_entry e;
	char bits[512];

	ptdbg_entry_decode(m, level, raw, &e);
	ptdbg_entry_bits(m, level, raw, bits, sizeof(bits));
	printf("%016llx %s %s %s", raw, ptdbg_arch_name(m->arch), m->title,
	       ptdbg_level_name(m, level));
	switch (e.kind) {
	case PTDBG_ENTRY_NONE:
		printf(" none\n");
		break;
	case PTDBG_ENTRY_TABLE:
		printf(" -> table %llx  %s\n", e.pfn, bits);
		break;
	case PTDBG_ENTRY_LEAF:
		printf(" -> pfn %llx  %s\n", e.pfn, bits);
		break;
	default:
		printf("  %s\n", bits);
	}
}

/* A whole hexadecimal number of at most 64 bits. */
static bool parse_value(const char *text, u64 *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 16);
	return *text && *text != '-' && *text != '+' && !*end && !errno;
}

int cmd_decode(int argc, char **argv)
{
	static const struct option options[] = {
		{ "arch", required_argument, NULL, 'a' },
		{ "mode", required_argument, NULL, 'm' },
		{ "level", required_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const char *arch = NULL, *mode = NULL, *level_name = "PTE";
	struct ptdbg_mode m;
	int opt, i, level;
	u64 raw;

	while ((opt = getopt_long(argc, argv, "a:m:l:h", options, NULL)) != -1) {
		switch (opt) {
		case 'a':
			arch = optarg;
			break;
		case 'm':
			mode = optarg;
			break;
		case 'l':
			level_name = optarg;
			break;
		case 'h':
			print_help();
			return EXIT_OK;
		default:
			return EXIT_USAGE;
		}
	}
	if (optind == argc)
		return wrong("give a value; --help tells more");
	i = find_mode(arch, mode);
	if (i < 0)
		return EXIT_USAGE;
	ptdbg_mode_init(&m, modes[i].arch, modes[i].page_shift,
			modes[i].va_bits, modes[i].lpa2);
	level = find_level(&m, level_name);
	if (level < 0)
		return EXIT_USAGE;
	/* all are looked at before the first is printed */
	for (i = optind; i < argc; i++) {
		if (!parse_value(argv[i], &raw))
			return wrong("%s is not a hexadecimal number of up to 64 bits",
				     argv[i]);
	}
	for (i = optind; i < argc; i++) {
		parse_value(argv[i], &raw);
		decode(&m, level, raw);
	}
	return EXIT_OK;
}
