// SPDX-License-Identifier: GPL-2.0-only
/*
 * The codes by which the hardware reports a fault.
 */
#include "core/text.h"
#include "hwcode.h"

/* Intel SDM vol. 3A 4.7, figure 4-12; bit 31: AMD APM vol. 2, 15.36.10 */
void hwcode_x86(u64 code, struct hwcode *h)
{
	static const struct {
		unsigned int bit;
		const char *says;
	} more[] = {
		{ 3, "a reserved bit was set in an entry" },
		{ 5, "forbidden by a protection key" },
		{ 6, "shadow-stack access" },
		{ 7, "during HLAT paging" },
		{ 15, "forbidden by SGX" },
		{ 31, "forbidden by the RMP" },
	};
	struct ptdbg_text t;
	size_t i;

	memset(h, 0, sizeof(*h));
	h->page = true;
	h->present = code & PTDBG_BIT(0);
	h->user = code & PTDBG_BIT(2);
	h->access = code & PTDBG_BIT(4) ? PTDBG_ACCESS_EXEC :
		    code & PTDBG_BIT(1) ? PTDBG_ACCESS_WRITE : PTDBG_ACCESS_READ;
	ptdbg_text_init(&t, h->text, sizeof(h->text));
	ptdbg_put(&t, "%s %s %s", h->user ? "user" : "supervisor",
		  h->access == PTDBG_ACCESS_EXEC ? "instruction fetch" :
		  h->access == PTDBG_ACCESS_WRITE ? "write" : "read",
		  h->present ? "of a page that is present, and forbids it" :
			       "of a page that is not present");
	for (i = 0; i < ARRAY_SIZE(more); i++)
		if (code & PTDBG_BIT(more[i].bit))
			ptdbg_put(&t, ", %s", more[i].says);
}

/* DFSC and IFSC, the low six bits of the ISS of an abort */
static void put_status(struct ptdbg_text *t, unsigned int status, int *level,
		       struct hwcode *h)
{
	static const char *const kinds[] = {
		"address size", "translation", "access flag", "permission",
	};
	static const struct {
		unsigned int status;
		const char *says;
	} others[] = {
		{ 0x10, "synchronous external abort" },
		{ 0x11, "synchronous tag check fault" },
		{ 0x18, "synchronous parity or ECC error" },
		{ 0x21, "alignment fault" },
		{ 0x30, "TLB conflict abort" },
		{ 0x31, "unsupported atomic hardware update" },
		{ 0x34, "implementation defined fault (lockdown)" },
		{ 0x35, "implementation defined fault (exclusive or atomic)" },
	};
	size_t i;

	if (status < 0x10) {
		*level = status & 3;
		h->page = status >> 2 != 0;
		h->present = status >> 2 > 1;
		ptdbg_put(t, "%s fault, level %d", kinds[status >> 2], *level);
		return;
	}
	if (status == 0x29 || status == 0x2b) {
		*level = -1;
		h->page = status == 0x2b;
		ptdbg_put(t, "%s fault, level -1", kinds[status == 0x2b]);
		return;
	}
	if ((status >= 0x13 && status <= 0x17) ||
	    (status >= 0x1b && status <= 0x1f)) {
		*level = (int)(status & 7) - 4;
		ptdbg_put(t, "%s on a table walk, level %d",
			  status < 0x18 ? "external abort" :
			  "parity or ECC error", *level);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (others[i].status == status) {
			ptdbg_put(t, "%s", others[i].says);
			return;
		}
	ptdbg_put(t, "fault status %x", status);
}

/* Arm ARM DDI 0487, D24.2: EC in bits 31:26, WnR 6, S1PTW 7, CM 8, FnV 10 */
void hwcode_arm64(u64 esr, struct hwcode *h, int *level)
{
	static const struct {
		unsigned int ec;
		const char *says;
	} others[] = {
		{ 0x00, "unknown reason (an undefined instruction)" },
		{ 0x0d, "branch target exception" },
		{ 0x0e, "illegal execution state" },
		{ 0x1c, "pointer authentication failure" },
		{ 0x22, "PC alignment fault" },
		{ 0x26, "SP alignment fault" },
		{ 0x2f, "SError" },
		{ 0x3c, "BRK instruction" },
	};
	unsigned int ec = (esr >> 26) & 0x3f;
	struct ptdbg_text t;
	size_t i;

	memset(h, 0, sizeof(*h));
	*level = 4;
	ptdbg_text_init(&t, h->text, sizeof(h->text));
	if (ec >> 1 == 0x10 || ec >> 1 == 0x12) {
		h->user = !(ec & 1);
		/* a cache maintenance instruction counts as a write */
		h->access = ec >> 1 == 0x10 ? PTDBG_ACCESS_EXEC :
			    esr & PTDBG_BIT(8) ? PTDBG_ACCESS_UNKNOWN :
			    esr & PTDBG_BIT(6) ? PTDBG_ACCESS_WRITE :
						 PTDBG_ACCESS_READ;
		ptdbg_put(&t, "%s from %s: ",
			  h->access == PTDBG_ACCESS_EXEC ? "instruction fetch" :
			  h->access == PTDBG_ACCESS_WRITE ? "write" :
			  h->access == PTDBG_ACCESS_READ ? "read" :
			  "cache maintenance or address translation",
			  h->user ? "EL0" : "the kernel's own level");
		put_status(&t, esr & 0x3f, level, h);
		if (esr & PTDBG_BIT(7))
			ptdbg_put(&t, ", on a walk of stage 1 tables in stage 2");
		if ((esr & 0x3f) == 0x10 && esr & PTDBG_BIT(10))
			ptdbg_put(&t, ", FAR is not valid");
		return;
	}
	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (others[i].ec == ec) {
			ptdbg_put(&t, "%s", others[i].says);
			return;
		}
	ptdbg_put(&t, "exception class %x", ec);
}

void hwcode_riscv64(u64 cause, struct hwcode *h)
{
	static const struct {
		u8 code;
		u8 access;
		bool page;
		const char *says;
	} causes[] = {
		{ 0, PTDBG_ACCESS_EXEC, false, "instruction address misaligned" },
		{ 1, PTDBG_ACCESS_EXEC, false, "instruction access fault" },
		{ 2, PTDBG_ACCESS_UNKNOWN, false, "illegal instruction" },
		{ 3, PTDBG_ACCESS_UNKNOWN, false, "breakpoint" },
		{ 4, PTDBG_ACCESS_READ, false, "load address misaligned" },
		{ 5, PTDBG_ACCESS_READ, false, "load access fault" },
		{ 6, PTDBG_ACCESS_WRITE, false, "store/AMO address misaligned" },
		{ 7, PTDBG_ACCESS_WRITE, false, "store/AMO access fault" },
		{ 8, PTDBG_ACCESS_UNKNOWN, false, "environment call from U-mode" },
		{ 9, PTDBG_ACCESS_UNKNOWN, false, "environment call from S-mode" },
		{ 12, PTDBG_ACCESS_EXEC, true, "instruction page fault" },
		{ 13, PTDBG_ACCESS_READ, true, "load page fault" },
		{ 15, PTDBG_ACCESS_WRITE, true, "store/AMO page fault" },
		{ 18, PTDBG_ACCESS_UNKNOWN, false, "software check" },
		{ 19, PTDBG_ACCESS_UNKNOWN, false, "hardware error" },
	};
	struct ptdbg_text t;
	size_t i;

	memset(h, 0, sizeof(*h));
	ptdbg_text_init(&t, h->text, sizeof(h->text));
	for (i = 0; i < ARRAY_SIZE(causes); i++) {
		if (causes[i].code != cause)
			continue;
		h->access = causes[i].access;
		h->page = causes[i].page;
		ptdbg_put(&t, "%s", causes[i].says);
		return;
	}
	if (cause >> 63)
		ptdbg_put(&t, "interrupt %llx", cause & ~PTDBG_BIT(63));
	else
		ptdbg_put(&t, "reserved cause %llx", cause);
}
