// SPDX-License-Identifier: GPL-2.0-only
/*
 * Paging modes by name.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "modes.h"
#include "say.h"

/* The first of each architecture is its default. */
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

void mode_list(unsigned int indent)
{
	unsigned int i;

	for (i = 0; i < NR_MODES; i++) {
		if (i % 7)
			printf(" %s", modes[i].name);
		else
			printf("\n%*s%s", indent, "", modes[i].name);
	}
}

/* "Sv39" is sv39, and "4-level", as the header line has it, is 4level. */
static bool is_called(const char *said, const char *name)
{
	for (;; said++, name++) {
		while (*said == '-')
			said++;
		while (*name == '-')
			name++;
		if (tolower((unsigned char)*said) != *name)
			return false;
		if (!*name)
			return true;
	}
}

bool mode_find(const char *arch, const char *mode, struct ptdbg_mode *m)
{
	unsigned int i;

	if (!arch && !mode) {
		wrong("give --arch or --mode: an entry does not tell its machine");
		return false;
	}
	for (i = 0; i < NR_MODES; i++) {
		if (arch && strcmp(arch, ptdbg_arch_name(modes[i].arch)))
			continue;
		if (mode && !is_called(mode, modes[i].name))
			continue;
		return ptdbg_mode_init(m, modes[i].arch, modes[i].page_shift,
				       modes[i].va_bits, modes[i].lpa2);
	}
	wrong("no paging mode %s%s%s; --help lists them",
	      mode ? mode : "", arch ? " on " : "", arch ? arch : "");
	return false;
}
