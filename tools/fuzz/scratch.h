/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A directory for what is only read from files: in memory, one for each process,
 * gone at its end.
 */
#ifndef PTDBG_FUZZ_SCRATCH_H
#define PTDBG_FUZZ_SCRATCH_H

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

static char scratch[64];
static const char *const scratch_files[] = {
	"cpu0", "cpu1", "cpu2", "cpu10", "metadata", "notes/files",
	"notes/symbols", "notes/maps", "notes/regions", "notes/machine",
};

static inline void scratch_path(char path[128], const char *name)
{
	snprintf(path, 128, "%s/%s", scratch, name);
}

static inline void scratch_clear(void)
{
	char path[128];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(scratch_files); i++) {
		scratch_path(path, scratch_files[i]);
		unlink(path);
	}
}

static inline void scratch_remove(void)
{
	char path[128];

	scratch_clear();
	scratch_path(path, "notes");
	rmdir(path);
	rmdir(scratch);
}

/* Make the directory, once. */
static inline void scratch_make(void)
{
	const char *top = getenv("FUZZ_SCRATCH");
	char path[128];

	if (*scratch)
		return;
	snprintf(scratch, sizeof(scratch), "%s/fuzz.XXXXXX",
		 top ? top : "/dev/shm");
	must(mkdtemp(scratch));
	scratch_path(path, "notes");
	must(!mkdir(path, 0700));
	atexit(scratch_remove);
}

/* One of scratch_files. */
static inline void scratch_write(const char *name, const void *data, size_t size)
{
	char path[128];
	int fd;

	scratch_path(path, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
}

#endif /* PTDBG_FUZZ_SCRATCH_H */
