/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Histograms, on standard output.
 */
#ifndef PTDBG_HISTOGRAM_H
#define PTDBG_HISTOGRAM_H

#include "count.h"

/* Faults by the time that they took: a line for each power of two. */
void histogram_times(const struct count_sum *s);

/* Faults by what handle_mm_fault() returned: a line for each bit, and one for none. */
void histogram_results(const struct count_sum *s);

#endif /* PTDBG_HISTOGRAM_H */
