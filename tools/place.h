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

#include <stdbool.h>

#define PLACE_DEBUGFS	"/sys/kernel/debug"
#define PLACE_TEXT	PLACE_DEBUGFS "/ptdbg"
#define PLACE_KNOBS	PLACE_DEBUGFS "/ptdbg.d"
#define PLACE_CTF	PLACE_KNOBS "/ctf"
#define PLACE_MODULE	"/sys/module/ptdbg"

/* What `record` writes to and `report` reads from, if nothing else is said. */
#define PLACE_RECORDING	"ptdbg.trace"

/* Is debugfs mounted at PLACE_DEBUGFS? */
bool place_has_debugfs(void);

/* Is this the ring of the running module, and no recording? */
bool place_is_ring(const char *dir);

/*
 * The directory behind the options, with getopt_long() done; @usual if there is
 * none.  NULL, with a sentence: the command line is wrong, there are more.
 */
const char *place_given(int argc, char **argv, const char *usual);

#endif /* PTDBG_PLACE_H */
