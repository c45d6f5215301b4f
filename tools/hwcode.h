/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the hardware said about a fault: x86's error code, ESR_ELx, scause.
 */
#ifndef PTDBG_HWCODE_H
#define PTDBG_HWCODE_H

#include "core/env.h"

/**
 * struct hwcode - a fault as the hardware reports it
 * @access: enum ptdbg_access
 * @user: it came from user mode
 * @present: the entry was there, and forbade the access
 * @page: it is about translation or permissions at all
 * @text: all that the code says
 */
struct hwcode {
	unsigned int access;
	bool user;
	bool present;
	bool page;
	char text[160];
};

/* Intel SDM vol. 3A 4.7, "Page-Fault Exceptions" */
void hwcode_x86(u64 code, struct hwcode *h);

/**
 * hwcode_arm64() - Arm ARM DDI 0487, D24.2, "ESR_ELx"
 * @esr: register
 * @h: result
 * @level: set to the level of the lookup, -1 to 3 (3 is Linux' PTE), or 4
 */
void hwcode_arm64(u64 esr, struct hwcode *h, int *level);

/* RISC-V Privileged Architecture, "Supervisor Cause (scause) Register" */
void hwcode_riscv64(u64 cause, struct hwcode *h);

#endif /* PTDBG_HWCODE_H */
