// SPDX-License-Identifier: GPL-2.0-only
/*
 * Samples of all CPUs with their stacks, taken wherever they are: in an NMI, where
 * the machine counts cycles (QEMU's arm64 does), else in the timer's interrupt.
 * Besides, on x86, real NMIs: those that sysrq asks all CPUs' stacks with.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker.h"

#define RATE		400
#define PAGES		8
#define PAUSE_US	50000
#define ROUNDS_A_NMI	40

#ifdef __x86_64__
#define IS_X86		true
#else
#define IS_X86		false
#endif

static struct perf_event_mmap_page *sample(int cpu, unsigned int type, unsigned long config)
{
	struct perf_event_attr attr = {
		.type = type,
		.size = sizeof(attr),
		.config = config,
		.freq = 1,
		.sample_freq = RATE,
		.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_ADDR |
			       PERF_SAMPLE_CALLCHAIN,
	};
	void *p;
	int fd;

	fd = syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return NULL;
	p = mmap(NULL, (1 + PAGES) * page_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return p == MAP_FAILED ? NULL : p;
}

/* How much there is of new samples; they are of no interest. */
static bool drain(struct perf_event_mmap_page *p)
{
	unsigned long head = p ? __atomic_load_n(&p->data_head, __ATOMIC_ACQUIRE) : 0;

	if (!p || head == p->data_tail)
		return false;
	__atomic_store_n(&p->data_tail, head, __ATOMIC_RELEASE);
	return true;
}

void work_samples(void)
{
	struct perf_event_mmap_page *hard, *soft;
	unsigned int round = 0;

	/* the one CPU that does not go away */
	hard = sample(0, PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES);
	soft = sample(0, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK);
	if (!hard && !soft)
		worker_cannot("perf_event_open: %s", strerror(errno));
	/* and the faults themselves, by the kernel's own count */
	sample(0, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS);
	for (;;) {
		if (drain(hard) | drain(soft))
			worker_did();
		if (IS_X86 && ++round % ROUNDS_A_NMI == 0)
			try_write("/proc/sysrq-trigger", "l");
		usleep(PAUSE_US);
	}
}
