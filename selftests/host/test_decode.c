// SPDX-License-Identifier: GPL-2.0-only
/*
 * The decode command of the reader, run as a user runs it.  The entries are
 * those of the field notes.
 */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "tap.h"

/* Run the tool; its output in @out, its exit code returned. */
static int run(const char *args, char *out, size_t size)
{
	char line[512];
	size_t n;
	FILE *p;

	snprintf(line, sizeof(line), "%s/ptdbg %s 2>&1", BUILD, args);
	p = popen(line, "r");
	if (!p)
		return -1;
	n = fread(out, 1, size - 1, p);
	out[n] = '\0';
	return WEXITSTATUS(pclose(p));
}

static void prints(const char *args, const char *want)
{
	char out[1024];
	int code = run(args, out, sizeof(out));

	ok(code == 0, "ptdbg %s: exit code 0, got %d", args, code);
	is_text(out, want, args);
}

static void refuses(const char *args, const char *want)
{
	char out[4096];
	int code = run(args, out, sizeof(out));

	ok(code == 2, "ptdbg %s: exit code 2, got %d", args, code);
	has_text(out, want, args);
}

int main(void)
{
	tap_begin();
	prints("decode --mode sv39 0040000000000053",
	       "0040000000000053 riscv64 Sv39 PTE -> pfn 0  V R U A, reserved bit 54\n");
	prints("decode --mode 4-Level 8000000012345067",
	       "8000000012345067 x86_64 4-level PTE -> pfn 12345  P R/W U/S A D XD\n");
	prints("decode --mode 64k-48 0x0068000061020713",
	       "0068000061020713 arm64 48-bit VA PTE -> pfn 6102  page SH=ISH AttrIndx4 AF DBM PXN UXN\n");
	prints("decode --arch riscv64 --level PMD 20c37c01",
	       "0000000020c37c01 riscv64 Sv39 PMD -> table 830df  V\n");
	prints("decode --mode sv39 --kernel 6.12 --rsw60t59 1800000000000053",
	       "1800000000000053 riscv64 Sv39 PTE -> pfn 0  V R U A SW59 SW60\n");
	prints("decode --mode sv39 1800000000000053",
	       "1800000000000053 riscv64 Sv39 PTE -> pfn 0  V R U A, reserved bits 59 60\n");
	prints("decode --mode 4level --kernel 6.12 07ffffffffdb9600",
	       "07ffffffffdb9600 x86_64 4-level PTE  swap type 0 offset 1234\n");
	prints("decode --mode 4level --kernel unknown 07ffffffffdb9600",
	       "07ffffffffdb9600 x86_64 4-level PTE  swap or migration entry\n");
	prints("decode --mode 4level --phys-bits 46 0000c00012345025",
	       "0000c00012345025 x86_64 4-level PTE -> pfn c00012345  P U/S A, reserved bits 46 47\n");
	prints("decode --mode 4level --phys-bits 43 --enc-bit 47 0000800012345025",
	       "0000800012345025 x86_64 4-level PTE -> pfn 12345  P U/S A ENC\n");
	prints("decode --mode 5level --phys-bits 52 --shared-bit 51 --level PMD 00080000122000e7",
	       "00080000122000e7 x86_64 5-level PMD -> pfn 12200  P R/W U/S A D PS SHARED\n");
	refuses("decode --mode sv39 --kernel 6.1 53", "no kernel 6.1 on riscv64");
	refuses("decode --mode sv39 --phys-bits 5 53", "--phys-bits takes 32 to 56");
	refuses("decode --mode 4level --phys-bits 53 53", "at most 52");
	refuses("decode --mode sv39 --enc-bit 47 53", "for x86_64");
	refuses("decode --mode 4level --enc-bit 4x 53", "--enc-bit takes 12 to 51");
	refuses("decode --mode 4level --enc-bit 47 --shared-bit 47 53", "exclude each other");
	refuses("decode --mode 4level --rsw60t59 53", "for riscv64");
	refuses("decode 53", "give --arch or --mode");
	refuses("decode --mode sv48 --arch arm64 53", "no paging mode sv48 on arm64");
	refuses("decode --mode 5-leve 53", "no paging mode 5-leve");
	refuses("decode --mode 5-levels 53", "no paging mode 5-levels");
	refuses("decode --mode sv39 --level P4D 53", "has no level P4D");
	refuses("decode --mode sv39 53 10000000000000000", "not a hexadecimal number");
	refuses("decode --mode sv39 -- -1", "not a hexadecimal number");
	refuses("decode --mode sv39", "give a value");
	refuses("explode", "there is no command \"explode\"");
	return tap_end();
}
