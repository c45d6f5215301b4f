// SPDX-License-Identifier: GPL-2.0-only
/*
 * crashkernel KERNEL INITRD [CMDLINE]: the kernel that runs when this one panics.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/kexec.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

int main(int argc, char **argv)
{
	const char *cmdline = argc > 3 ? argv[3] : "";

	if (argc < 3)
		errx(2, "KERNEL INITRD [CMDLINE]");
#ifdef SYS_kexec_file_load
	if (syscall(SYS_kexec_file_load, open_file(argv[1]), open_file(argv[2]),
		    strlen(cmdline) + 1, cmdline, KEXEC_FILE_ON_CRASH))
		err(1, "kexec_file_load");
	return 0;
#else
	errx(1, "this architecture has no kexec_file_load()");
#endif
}
