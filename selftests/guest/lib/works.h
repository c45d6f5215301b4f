/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does ptdbg still do what it is for?
 */
#ifndef WORKS_H
#define WORKS_H

#include <stdbool.h>

/*
 * Put the knobs back to what they were when it was loaded, make a fault, and look
 * for its record.  Says in a TAP comment what is wrong.
 */
bool ptdbg_works(void);

#endif /* WORKS_H */
