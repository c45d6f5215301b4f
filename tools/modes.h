/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paging modes by the names that --mode takes.
 */
#ifndef PTDBG_MODES_H
#define PTDBG_MODES_H

#include "core/mode.h"

/**
 * mode_find() - the paging mode that was asked for
 * @arch: "x86_64", ... or NULL: any
 * @mode: "sv39", ... or NULL: the usual one of @arch
 * @m: result
 *
 * Return: true; false, with a message, when there is none, or both are NULL.
 */
bool mode_find(const char *arch, const char *mode, struct ptdbg_mode *m);

/* The names, in lines of their own, which begin with so many blanks. */
void mode_list(unsigned int indent);

#endif /* PTDBG_MODES_H */
