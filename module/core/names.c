// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of the enumerations of the record ABI, for the text file and for the
 * enumerations of the CTF metadata.
 */
#include "format.h"

static const char *pick(const char *const *names, size_t n, size_t value)
{
	return value < n && names[value] ? names[value] : "?";
}

const char *ptdbg_type_name(unsigned int type)
{
	static const char *const names[] = {
		[PTDBG_FAULT] = "fault",
		[PTDBG_GUP] = "gup",
		[PTDBG_SIG] = "sig",
		[PTDBG_OOPS] = "oops",
		[PTDBG_FREE] = "free",
		[PTDBG_WALK] = "walk",
	};

	return pick(names, ARRAY_SIZE(names), type);
}

const char *ptdbg_verdict_name(unsigned int verdict)
{
	static const char *const names[PTDBG_NR_VERDICTS] = {
		[PTDBG_BAD_PFN] = "bad pfn",
		[PTDBG_NOT_RAM] = "not RAM",
		[PTDBG_FREE_PAGE] = "free page",
		[PTDBG_TABLE_NOT_RAM] = "table not RAM",
		[PTDBG_TABLE_FREE] = "table free",
		[PTDBG_TABLE_UNREADABLE] = "table unreadable",
		[PTDBG_RESERVED_BITS] = "reserved bits",
		[PTDBG_LOOP] = "loop",
		[PTDBG_WRITE_EXEC] = "write exec",
		[PTDBG_TABLE_UNTYPED] = "table untyped",
		[PTDBG_TABLE_REGION] = "table region",
		[PTDBG_PERMITTED] = "permitted",
		[PTDBG_TABLE_IMAGE] = "table image",
		[PTDBG_TABLE_CMA] = "table CMA",
		[PTDBG_TABLE_USER] = "table user",
		[PTDBG_TABLE_UNREF] = "table unref",
		[PTDBG_PAGE_UNREF] = "page unref",
		[PTDBG_BAD_ENTRY] = "bad entry",
	};

	return pick(names, ARRAY_SIZE(names), verdict);
}

const char *ptdbg_stop_name(unsigned int stop)
{
	static const char *const names[PTDBG_NR_STOPS] = {
		[PTDBG_STOP_NOWALK] = "no walk",
		[PTDBG_STOP_LEAF] = "leaf",
		[PTDBG_STOP_NONE] = "none",
		[PTDBG_STOP_NOT_PRESENT] = "not present",
		[PTDBG_STOP_NOT_RAM] = "not RAM",
		[PTDBG_STOP_UNREADABLE] = "unreadable",
		[PTDBG_STOP_BAD] = "bad",
		[PTDBG_STOP_ADDRESS] = "address",
	};

	return pick(names, ARRAY_SIZE(names), stop);
}

const char *ptdbg_where_name(unsigned int where)
{
	static const char *const names[PTDBG_NR_WHERE] = {
		[PTDBG_WHERE_UNKNOWN] = "unknown",
		[PTDBG_WHERE_RAM] = "RAM",
		[PTDBG_WHERE_HOLE] = "not RAM",
		[PTDBG_WHERE_OFFLINE] = "offline",
		[PTDBG_WHERE_NO_MEMMAP] = "no struct page",
		[PTDBG_WHERE_RESERVED] = "firmware",
		[PTDBG_WHERE_DEVICE] = "device",
	};

	return pick(names, ARRAY_SIZE(names), where);
}

const char *ptdbg_mark_name(unsigned int mark)
{
	static const char *const names[PTDBG_NR_MARKS] = {
		[PTDBG_MARK_CMA] = "CMA",
		[PTDBG_MARK_IMAGE] = "kernel image",
	};

	return pick(names, ARRAY_SIZE(names), mark);
}

const char *ptdbg_ptype_name(unsigned int ptype)
{
	static const char *const names[PTDBG_NR_PTYPES] = {
		[PTDBG_PT_UNKNOWN] = "unknown",
		[PTDBG_PT_KERNEL] = "kernel",
		[PTDBG_PT_BUDDY] = "free",
		[PTDBG_PT_SLAB] = "slab",
		[PTDBG_PT_TABLE] = "table",
		[PTDBG_PT_ANON] = "anon",
		[PTDBG_PT_KSM] = "ksm",
		[PTDBG_PT_FILE] = "file",
		[PTDBG_PT_RESERVED] = "reserved",
		[PTDBG_PT_ZERO] = "zero page",
		[PTDBG_PT_HUGETLB] = "hugetlb",
		[PTDBG_PT_OFFLINE] = "offline",
		[PTDBG_PT_GUARD] = "guard",
	};

	return pick(names, ARRAY_SIZE(names), ptype);
}

const char *ptdbg_mapkind_name(unsigned int mapkind)
{
	static const char *const names[PTDBG_NR_MAPKINDS] = {
		[PTDBG_MAP_NONE] = "none",
		[PTDBG_MAP_ANON] = "anon",
		[PTDBG_MAP_KSM] = "ksm",
		[PTDBG_MAP_FILE] = "file",
		[PTDBG_MAP_MOVABLE] = "movable",
	};

	return pick(names, ARRAY_SIZE(names), mapkind);
}

const char *ptdbg_vmakind_name(unsigned int vmakind)
{
	static const char *const names[PTDBG_NR_VMAKINDS] = {
		[PTDBG_VMA_NONE] = "none",
		[PTDBG_VMA_ANON] = "anon",
		[PTDBG_VMA_FILE] = "file",
		[PTDBG_VMA_SPECIAL] = "special",
		[PTDBG_VMA_STACK] = "stack",
	};

	return pick(names, ARRAY_SIZE(names), vmakind);
}

const char *ptdbg_stackend_name(unsigned int stackend)
{
	static const char *const names[PTDBG_NR_STACKENDS] = {
		[PTDBG_STACK_NONE] = "none",
		[PTDBG_STACK_WHOLE] = "whole",
		[PTDBG_STACK_DEEP] = "too deep",
		[PTDBG_STACK_UNREADABLE] = "unreadable",
		[PTDBG_STACK_ASTRAY] = "no frame pointer",
		[PTDBG_STACK_FOREIGN] = "32-bit",
		[PTDBG_STACK_LOST] = "lost",
	};

	return pick(names, ARRAY_SIZE(names), stackend);
}

const char *ptdbg_regkind_name(unsigned int kind)
{
	static const char *const names[PTDBG_NR_REGKINDS] = {
		[PTDBG_REG_NUMBER] = "number",
		[PTDBG_REG_POISON] = "poison",
		[PTDBG_REG_USER] = "user",
		[PTDBG_REG_PAGE] = "struct page",
		[PTDBG_REG_TABLE] = "table",
		[PTDBG_REG_SLAB] = "slab",
		[PTDBG_REG_STACK] = "stack",
		[PTDBG_REG_MEMORY] = "memory",
		[PTDBG_REG_VMALLOC] = "vmalloc",
		[PTDBG_REG_CODE] = "kernel",
	};

	return pick(names, ARRAY_SIZE(names), kind);
}

const char *ptdbg_access_name(unsigned int access)
{
	static const char *const names[PTDBG_NR_ACCESSES] = {
		[PTDBG_ACCESS_UNKNOWN] = "access",
		[PTDBG_ACCESS_READ] = "read",
		[PTDBG_ACCESS_WRITE] = "write",
		[PTDBG_ACCESS_EXEC] = "exec",
	};

	return pick(names, ARRAY_SIZE(names), access);
}

void ptdbg_comm(const char comm[PTDBG_COMM_LEN], char out[PTDBG_COMM_LEN + 1])
{
	unsigned int i;

	for (i = 0; i < PTDBG_COMM_LEN && comm[i]; i++)
		out[i] = comm[i] > ' ' && comm[i] < 0x7f ? comm[i] : '?';
	out[i] = '\0';
}
