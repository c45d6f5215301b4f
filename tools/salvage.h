/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A recording made of a memory image.
 */
#ifndef PTDBG_SALVAGE_H
#define PTDBG_SALVAGE_H

#include "carve.h"

/**
 * salvage_write() - go over the packets of a trace, and count them in it
 * @c: what is in the image, settled
 * @trace: its index
 * @dir: where to write the recording to, or NULL
 *
 * Return: true, or false with a sentence.
 */
bool salvage_write(struct carve *c, unsigned int trace, const char *dir);

/* Remove what salvage_write() has written, and the directory. */
void salvage_remove(const struct carve *c, unsigned int trace, const char *dir);

#endif /* PTDBG_SALVAGE_H */
