// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg decode: what a page-table entry means, for any architecture, on any
 * host.  The decoding is that of the module (module/core).
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/entry.h"
#include "json.h"
#include "modes.h"
#include "number.h"
#include "out.h"
#include "ptdbg.h"
#include "say.h"

static void print_help(void)
{
	printf("usage: ptdbg decode [--arch ARCH] [--mode MODE] [--level LEVEL] [...] VALUE...\n\n"
	       "Says what page-table entries mean. A VALUE is a hexadecimal number, with or\n"
	       "without 0x.\n\n"
	       "      --arch ARCH     x86_64, arm64 or riscv64; not needed with --mode\n"
	       "      --mode MODE     paging mode, one of:");
	mode_list(22);
	printf("\n      --level LEVEL   PGD, P4D, PUD, PMD or PTE (default)\n"
	       "      --kernel VER    6.1, 6.12, 7.2 or unknown (default): Debian's kernel, for\n"
	       "                      software's bits and entries that map nothing; unknown\n"
	       "                      tells only what is the same in all of them\n"
	       "      --phys-bits N   physical address bits of the machine, 32 to 56\n"
	       "      --enc-bit N     x86_64: the address bit that says encrypted (SME, SEV)\n"
	       "      --shared-bit N  x86_64: the address bit that says shared (TDX)\n"
	       "      --rsw60t59      riscv64: bits 60:59 are software's (Svrsw60t59b)\n"
	       "      --json          an object of JSON a line\n\n"
	       "Exit code: 0; 2 wrong command line.\n"
	       "Example: ptdbg decode --mode sv39 0040000000000053\n");
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

static void decode_as_json(const struct ptdbg_mode *m, unsigned int level,
			   u64 raw)
{
	struct json_object *o = json_begin();

	json_add_string(o, "architecture", ptdbg_arch_name(m->arch));
	json_add_string(o, "paging_mode", m->title);
	json_add_string(o, "level", ptdbg_level_name(m, level));
	json_add_entry(o, m, level, raw);
	json_line(o);
}

/* A hexadecimal number of at most 64 bits, with or without 0x. */
static bool parse_value(const char *text, u64 *value)
{
	if (!strncasecmp(text, "0x", 2))
		text += 2;
	return parse_number(text, 16, ~0ULL, NULL, value);
}

/* A decimal number between two others. */
static bool parse_bits(const char *text, unsigned int min, unsigned int max,
		       unsigned int *value)
{
	u64 n;

	if (!parse_number(text, 10, max, NULL, &n) || n < min)
		return false;
	*value = n;
	return true;
}

/**
 * struct machine - what the command line says beyond the paging mode
 * @kernel: version, or NULL for unknown
 * @phys_bits: or 0
 * @enc_bit: or 0
 * @shared_bit: or 0
 * @rsw60t59: bits 60:59 are software's
 */
struct machine {
	const char *kernel;
	unsigned int phys_bits;
	unsigned int enc_bit;
	unsigned int shared_bit;
	bool rsw60t59;
};

/* Put it into the mode.  Return: an exit code, with a message. */
static int use_machine(struct ptdbg_mode *m, const struct machine *on)
{
	unsigned int bit = on->enc_bit ? on->enc_bit : on->shared_bit;

	if (on->enc_bit && on->shared_bit)
		return wrong("--enc-bit and --shared-bit exclude each other");
	if (bit && m->arch != PTDBG_X86_64)
		return wrong("--enc-bit and --shared-bit are for x86_64");
	if (on->rsw60t59 && m->arch != PTDBG_RISCV64)
		return wrong("--rsw60t59 is for riscv64");
	if (on->phys_bits > 52 && m->arch == PTDBG_X86_64)
		return wrong("x86_64 has at most 52 physical address bits");
	m->phys_bits = on->phys_bits;
	m->enc_mask = bit ? PTDBG_BIT(bit) : 0;
	m->enc_shared = !!on->shared_bit;
	m->rsw60t59 = on->rsw60t59;
	if (on->kernel && !ptdbg_mode_kernel(m, on->kernel))
		return wrong("Debian has no kernel %s on %s; --help lists them",
			     on->kernel, ptdbg_arch_name(m->arch));
	return EXIT_OK;
}

int cmd_decode(int argc, char **argv)
{
	static const struct option options[] = {
		{ "arch", required_argument, NULL, 'a' },
		{ "mode", required_argument, NULL, 'm' },
		{ "level", required_argument, NULL, 'l' },
		{ "kernel", required_argument, NULL, 'k' },
		{ "phys-bits", required_argument, NULL, 'p' },
		{ "enc-bit", required_argument, NULL, 'e' },
		{ "shared-bit", required_argument, NULL, 's' },
		{ "rsw60t59", no_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const char *arch = NULL, *mode = NULL, *level_name = "PTE";
	void (*show)(const struct ptdbg_mode *m, unsigned int level, u64 raw) = decode;
	struct machine on = { 0 };
	struct ptdbg_mode m;
	int opt, i, level;
	u64 raw;

	while ((opt = getopt_long(argc, argv, "h", options, NULL)) != -1) {
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
		case 'k':
			on.kernel = strcmp(optarg, "unknown") ? optarg : NULL;
			break;
		case 'p':
			if (!parse_bits(optarg, 32, 56, &on.phys_bits))
				return wrong("--phys-bits takes 32 to 56");
			break;
		case 'e':
			if (!parse_bits(optarg, 12, 51, &on.enc_bit))
				return wrong("--enc-bit takes 12 to 51");
			break;
		case 's':
			if (!parse_bits(optarg, 12, 51, &on.shared_bit))
				return wrong("--shared-bit takes 12 to 51");
			break;
		case 'r':
			on.rsw60t59 = true;
			break;
		case 'j':
			if (!json_ready())
				return EXIT_FAILED;
			show = decode_as_json;
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
	if (!mode_find(arch, mode, &m))
		return EXIT_USAGE;
	if (use_machine(&m, &on) != EXIT_OK)
		return EXIT_USAGE;
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
		show(&m, level, raw);
	}
	return out_flush() ? EXIT_OK : EXIT_FAILED;
}
