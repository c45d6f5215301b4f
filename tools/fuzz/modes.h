/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A paging mode out of an input: every architecture, page size and address size
 * there is, with the software bits of a kernel or with any.
 */
#ifndef PTDBG_FUZZ_MODES_H
#define PTDBG_FUZZ_MODES_H

#include "core/mode.h"
#include "fuzz.h"

static inline void take_mode(struct input *in, struct ptdbg_mode *m)
{
	static const struct {
		u8 arch, page_shift, va_bits, lpa2;
	} modes[] = {
		{ PTDBG_X86_64, 12, 48, 0 }, { PTDBG_X86_64, 12, 57, 0 },
		{ PTDBG_RISCV64, 12, 39, 0 }, { PTDBG_RISCV64, 12, 48, 0 },
		{ PTDBG_RISCV64, 12, 57, 0 },
		{ PTDBG_ARM64, 12, 39, 0 }, { PTDBG_ARM64, 12, 48, 0 },
		{ PTDBG_ARM64, 12, 52, 1 }, { PTDBG_ARM64, 14, 36, 0 },
		{ PTDBG_ARM64, 14, 47, 0 }, { PTDBG_ARM64, 14, 48, 0 },
		{ PTDBG_ARM64, 14, 52, 1 }, { PTDBG_ARM64, 16, 42, 0 },
		{ PTDBG_ARM64, 16, 48, 0 }, { PTDBG_ARM64, 16, 52, 0 },
	};
	static const char *const kernels[] = { "6.1", "6.12", "7.2" };
	unsigned int i = take(in, 1) % ARRAY_SIZE(modes), how = take(in, 1);

	must(ptdbg_mode_init(m, modes[i].arch, modes[i].page_shift,
			     modes[i].va_bits, modes[i].lpa2));
	m->phys_bits = take(in, 1) % 65;
	if (how % 4 < ARRAY_SIZE(kernels))
		ptdbg_mode_kernel(m, kernels[how % 4]);
	else
		take_bytes(in, &m->soft, sizeof(m->soft));
	m->enc_mask = how & 4 ? PTDBG_BIT(take(in, 1) % 64) : 0;
	m->enc_shared = how >> 3 & 1;
	m->rsw60t59 = how >> 4 & 1;
}

#endif /* PTDBG_FUZZ_MODES_H */
