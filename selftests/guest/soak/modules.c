// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg is unloaded under all of that, whenever nobody has one of its files open,
 * and loaded again with other parameters.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "control.h"
#include "worker.h"

#define PAUSE_US	200000
/* there are moments without a reader, but they are short */
#define TRY_US		5000

static const char *module_params(void)
{
	static const char *const sets[] = {
		"ring_kb=128", "ring_kb=1024", "ring_kb=256 stacks=1", "ring_kb=512 frees=1",
		"ring_kb=128 enable=0", "ring_kb=128 frees=1 stacks=1 oops_records=16",
		"ring_kb=128 regions=\"allow table 0-\"",
	};
	static unsigned int next;

	return sets[next++ % (sizeof(sets) / sizeof(*sets))];
}

void work_modules(void)
{
	while (!worker_ends()) {
		if (!module_loaded("ptdbg")) {
			need_module(PTDBG_KO, module_params());
			worker_did();
			usleep(PAUSE_US);
		} else if (syscall(SYS_delete_module, "ptdbg", O_NONBLOCK) &&
			   errno != EWOULDBLOCK) {
			die("ptdbg does not unload: %s", strerror(errno));
		}
		usleep(TRY_US);
	}
	/* what soak looks at when all is quiet */
	if (!module_loaded("ptdbg"))
		need_module(PTDBG_KO, "ring_kb=128");
	_exit(0);
}
