/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the module's files are, and those of a recording.
 *
 * A recording is a directory that is a CTF 1.8 trace: "metadata" and a stream
 * "cpuN" for each CPU, as ptdbg.d/ctf has them.  What CTF has no place for lies
 * in its sub-directory "notes", which CTF readers pass over; `ptdbg record`
 * writes it, and a copy made with cp -r does without.
 */
#ifndef PTDBG_PLACE_H
#define PTDBG_PLACE_H

#define PLACE_DEBUGFS	"/sys/kernel/debug"
#define PLACE_TEXT	PLACE_DEBUGFS "/ptdbg"
#define PLACE_KNOBS	PLACE_DEBUGFS "/ptdbg.d"
#define PLACE_CTF	PLACE_KNOBS "/ctf"
#define PLACE_MODULE	"/sys/module/ptdbg"

/* What `record` writes to and `report` reads from, if nothing else is said. */
#define PLACE_RECORDING	"ptdbg.trace"

#endif /* PTDBG_PLACE_H */
