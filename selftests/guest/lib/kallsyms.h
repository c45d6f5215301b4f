/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The functions of the kernel that runs, by /proc/kallsyms.
 */
#ifndef KALLSYMS_H
#define KALLSYMS_H

#include <stdbool.h>

/* Once, while the addresses are shown; ends the test when it cannot be read. */
void kallsyms_load(void);

/*
 * Name of the function that a return address is in, "[ptdbg]" for all of the
 * module, "nowhere" below all functions.
 */
const char *kallsyms_function(unsigned long ret);

/*
 * Where a function of the kernel begins and the next one does; false when it has none
 * of this name.
 */
bool kallsyms_place(const char *name, unsigned long *start, unsigned long *end);

#endif /* KALLSYMS_H */
