// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registers of an oops: their values, and what each of them holds.
 *
 * A value may be anything.  It is only called an address when it leads somewhere:
 * the tables have an entry for it, or the memory map has its page.  All reads may
 * fail; no lock is taken.  The list of tasks is walked as it is found, a bounded
 * number of steps: what it leads to may be gone, and is then not believed.
 *
 * Context: interrupts and page faults disabled.
 */
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/ptrace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/uaccess.h>

#include "ptdbg.h"
#include "read.h"

/* Steps along the lists of tasks */
#define TASKS_MAX	8192

/**
 * struct place - where a register is
 * @name: of the register
 * @offset: in struct pt_regs
 */
struct place {
	char name[8];
	unsigned int offset;
};

#define REG(n, member)	{ n, offsetof(struct pt_regs, member) }

static const struct place places[] = {
#if defined(CONFIG_X86)
	REG("rax", ax),
	REG("rbx", bx),
	REG("rcx", cx),
	REG("rdx", dx),
	REG("rsi", si),
	REG("rdi", di),
	REG("rbp", bp),
	REG("rsp", sp),
	REG("r8", r8),
	REG("r9", r9),
	REG("r10", r10),
	REG("r11", r11),
	REG("r12", r12),
	REG("r13", r13),
	REG("r14", r14),
	REG("r15", r15),
	REG("rip", ip),
	REG("eflags", flags),
#elif defined(CONFIG_ARM64)
	REG("x0", regs[0]),
	REG("x1", regs[1]),
	REG("x2", regs[2]),
	REG("x3", regs[3]),
	REG("x4", regs[4]),
	REG("x5", regs[5]),
	REG("x6", regs[6]),
	REG("x7", regs[7]),
	REG("x8", regs[8]),
	REG("x9", regs[9]),
	REG("x10", regs[10]),
	REG("x11", regs[11]),
	REG("x12", regs[12]),
	REG("x13", regs[13]),
	REG("x14", regs[14]),
	REG("x15", regs[15]),
	REG("x16", regs[16]),
	REG("x17", regs[17]),
	REG("x18", regs[18]),
	REG("x19", regs[19]),
	REG("x20", regs[20]),
	REG("x21", regs[21]),
	REG("x22", regs[22]),
	REG("x23", regs[23]),
	REG("x24", regs[24]),
	REG("x25", regs[25]),
	REG("x26", regs[26]),
	REG("x27", regs[27]),
	REG("x28", regs[28]),
	REG("x29", regs[29]),
	REG("x30", regs[30]),
	REG("sp", sp),
	REG("pc", pc),
	REG("pstate", pstate),
#else
	REG("epc", epc),
	REG("ra", ra),
	REG("sp", sp),
	REG("gp", gp),
	REG("tp", tp),
	REG("t0", t0),
	REG("t1", t1),
	REG("t2", t2),
	REG("t3", t3),
	REG("t4", t4),
	REG("t5", t5),
	REG("t6", t6),
	REG("s0", s0),
	REG("s1", s1),
	REG("s2", s2),
	REG("s3", s3),
	REG("s4", s4),
	REG("s5", s5),
	REG("s6", s6),
	REG("s7", s7),
	REG("s8", s8),
	REG("s9", s9),
	REG("s10", s10),
	REG("s11", s11),
	REG("a0", a0),
	REG("a1", a1),
	REG("a2", a2),
	REG("a3", a3),
	REG("a4", a4),
	REG("a5", a5),
	REG("a6", a6),
	REG("a7", a7),
	REG("status", status),
	REG("badaddr", badaddr),
	REG("cause", cause),
#endif
};

static_assert(ARRAY_SIZE(places) <= PTDBG_REGS_MAX);

/* The pfn that the tables give to an address, and the entry.  False: none. */
static bool leads_to(struct mm_struct *mm, u64 addr, u64 *pfn, u64 *entry)
{
	struct ptdbg_walk walk;

	ptdbg_walk_mm(mm, addr, &walk);
	if (walk.stop != PTDBG_STOP_LEAF)
		return false;
	*pfn = walk.pfn;
	*entry = walk.entry[walk.n - 1];
	return true;
}

NOKPROBE_SYMBOL(leads_to);

static void look_at_page(struct ptdbg_reg *g, u64 pfn)
{
	struct ptdbg_page page;

	ptdbg_page_snap(pfn, &page);
	g->pfn = pfn;
	g->where = page.where;
	g->type = page.type;
}

NOKPROBE_SYMBOL(look_at_page);

/* An address in the direct map. */
static void judge_direct(struct ptdbg_reg *g, u64 pfn)
{
	look_at_page(g, pfn);
	if (g->where == PTDBG_WHERE_NO_MEMMAP) {
		g->pfn = 0;
		return;
	}
	g->kind = PTDBG_REG_MEMORY;
	if (g->type == PTDBG_PT_TABLE)
		g->kind = PTDBG_REG_TABLE;
	if (g->type == PTDBG_PT_SLAB) {
		g->kind = PTDBG_REG_SLAB;
		ptdbg_slab_name(pfn, g->of, sizeof(g->of));
	}
}

NOKPROBE_SYMBOL(judge_direct);

/* May the kernel execute what @entry maps in the vmalloc area? */
static bool is_code(u64 entry)
{
#ifdef CONFIG_ARM64
	/* Arm ARM DDI 0487, stage 1 descriptors: PXN is bit 53 */
	return !(entry & BIT(53));
#else
	return false;
#endif
}

NOKPROBE_SYMBOL(is_code);

/* arm64 has the kernel's image in the vmalloc area, and modules that lie far away. */
static void judge_mapped(struct ptdbg_reg *g, u32 class)
{
	u64 pfn, entry;

	if (!leads_to(NULL, g->value, &pfn, &entry))
		return;
	g->kind = PTDBG_REG_VMALLOC;
	if (class != PTDBG_CLASS_VMALLOC || ptdbg_is_image(pfn) || is_code(entry))
		g->kind = PTDBG_REG_CODE;
	look_at_page(g, pfn);
}

NOKPROBE_SYMBOL(judge_mapped);

static void judge(struct ptdbg_reg *g)
{
	struct ptdbg_place p;
	u64 pfn, entry;

	if (ptdbg_poison(g->value)) {
		g->kind = PTDBG_REG_POISON;
		return;
	}
	ptdbg_classify(&ptdbg.trace.layout, g->value, &p);
	switch (p.class) {
	case PTDBG_CLASS_USER:
		if (!current->mm || !leads_to(current->mm, g->value, &pfn, &entry))
			break;
		g->kind = PTDBG_REG_USER;
		look_at_page(g, pfn);
		break;
	case PTDBG_CLASS_VMEMMAP:
		g->kind = PTDBG_REG_PAGE;
		look_at_page(g, p.pfn);
		break;
	case PTDBG_CLASS_DIRECT:
		judge_direct(g, p.pfn);
		break;
	case PTDBG_CLASS_VMALLOC:
	case PTDBG_CLASS_IMAGE:
	case PTDBG_CLASS_MODULES:
		judge_mapped(g, p.class);
		break;
	}
}

NOKPROBE_SYMBOL(judge);

/* Could it be in a stack? */
static bool is_kernel_memory(const struct ptdbg_reg *g)
{
	return g->kind == PTDBG_REG_VMALLOC || g->kind == PTDBG_REG_MEMORY;
}

NOKPROBE_SYMBOL(is_kernel_memory);

/* Which registers hold addresses in the stack of @task? */
static void match_stack(struct ptdbg_reg *g, unsigned int n,
			const struct task_struct *task)
{
	char comm[TASK_COMM_LEN];
	unsigned int i;
	u64 stack;
	u32 pid;

	if (!ptdbg_read_u64(&stack, &task->stack) || ptdbg_address_user(stack))
		return;
	for (i = 0; i < n; i++) {
		if (!is_kernel_memory(&g[i]) || g[i].value < stack ||
		    g[i].value - stack >= THREAD_SIZE)
			continue;
		if (!ptdbg_read_u32(&pid, &task->pid) ||
		    copy_from_kernel_nofault(comm, task->comm, sizeof(comm)))
			return;
		g[i].kind = PTDBG_REG_STACK;
		g[i].pid = pid;
		memset(g[i].of, 0, sizeof(g[i].of));
		memcpy(g[i].of, comm, sizeof(comm) - 1);
	}
}

NOKPROBE_SYMBOL(match_stack);

/* The next entry of a list; NULL: the list is broken. */
static const struct list_head *next_of(const struct list_head *at)
{
	u64 next;

	if (!ptdbg_read_u64(&next, &at->next) || next % sizeof(u64) ||
	    ptdbg_address_user(next))
		return NULL;
	return (const struct list_head *)(uintptr_t)next;
}

NOKPROBE_SYMBOL(next_of);

/* The threads of a process; returns the steps that are left. */
static unsigned int match_threads(struct ptdbg_reg *g, unsigned int n,
				  const struct task_struct *leader, unsigned int left)
{
	const struct list_head *head, *at;
	u64 signal;

	if (!ptdbg_read_u64(&signal, &leader->signal) || ptdbg_address_user(signal))
		return left;
	head = &((const struct signal_struct *)(uintptr_t)signal)->thread_head;
	for (at = next_of(head); at && at != head && left; at = next_of(at), left--)
		match_stack(g, n, container_of(at, struct task_struct, thread_node));
	return left;
}

NOKPROBE_SYMBOL(match_threads);

static void find_stacks(struct ptdbg_reg *g, unsigned int n)
{
	const struct list_head *head = &init_task.tasks, *at;
	unsigned int i, left = TASKS_MAX;

	match_stack(g, n, current);
	for (i = 0; i < n && !is_kernel_memory(&g[i]); i++)
		;
	if (i == n)
		return;
	for (at = next_of(head); at && at != head && left; at = next_of(at), left--)
		left = match_threads(g, n, container_of(at, struct task_struct, tasks),
				     left);
}

NOKPROBE_SYMBOL(find_stacks);

/**
 * ptdbg_regs_snap() - take the registers of an oops
 * @regs: as the exception left them
 * @to: PTDBG_REGS_MAX
 *
 * Return: how many.
 */
unsigned int ptdbg_regs_snap(struct pt_regs *regs, struct ptdbg_reg *to)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		memset(&to[i], 0, sizeof(to[i]));
		memcpy(to[i].name, places[i].name, sizeof(to[i].name));
		if (!ptdbg_read_u64(&to[i].value, (char *)regs + places[i].offset))
			return i;
		judge(&to[i]);
	}
	find_stacks(to, i);
	return i;
}

NOKPROBE_SYMBOL(ptdbg_regs_snap);
