/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The notes of a recording: what CTF has no place for.  Each is a text file in
 * DIR/notes whose last line is a checksum.
 *
 *	symbols		"ADDRESS NAME" of the kernel, for the addresses in the records;
 *			where the last of them ends, the name is "-"
 *	maps		"pid N root ADDRESS since NS until NS", then lines of
 *			/proc/N/maps, each with "build ID" behind it if it is
 *			executable and the file has a build id; see maps.h
 *	stats_begin	ptdbg.d/stats when the recording began
 *	stats_end	and when it ended
 *	regions		ptdbg.d/regions
 *	filter		ptdbg.d/filter
 *	machine		"system release version machine", and the command
 *	files		"cpuN BYTES RECORDS LOST": what the recording has of each CPU
 *	image		the memory image that the recording was made of; it has only
 *			this and files
 */
#ifndef PTDBG_NOTES_H
#define PTDBG_NOTES_H

#include <stdio.h>

#include "seen.h"

/* Open a note to be written; NULL with a sentence. */
FILE *notes_begin(const char *dir, const char *name);

/* Close it, with its checksum.  Return: true, or false with a sentence. */
bool notes_end(const char *dir, const char *name, FILE *file);

/* Copy a file of the kernel into a note.  Return: as above. */
bool notes_copy(const char *dir, const char *name, const char *from);

/* Note the symbols of all addresses that were seen.  Return: as above. */
bool notes_symbols(const char *dir, const struct seen *seen);

/* Remove the notes of a recording that was there before. */
void notes_clear(const char *dir);

/* Names go to terminals, which obey control characters: they become '?'. */
void notes_make_plain(char *text);

/*
 * Of the notes of the trace that was opened last: how many were damaged, and the
 * name of one that was not there although others are.
 */
extern unsigned int notes_damaged;
extern const char *notes_missing;

/**
 * notes_read() - a note
 * @dir: of the recording
 * @name: of the note
 * @bytes: of its text
 *
 * Return: its text without the checksum, NUL terminated, for free(), with a '?'
 * for each control character but newlines and tabulators; NULL when
 * there is none or, with a sentence, when it is damaged.
 */
char *notes_read(const char *dir, const char *name, size_t *bytes);

#endif /* PTDBG_NOTES_H */
