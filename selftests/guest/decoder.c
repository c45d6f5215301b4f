// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptdbg's decoder against this kernel's own functions (modules/judge.c), for
 * thousands of entries at every level.
 *
 * The decoder is linked into this program, and knows of the machine only what
 * the trace environment says: what is right here is right on any host that reads
 * a trace.  Entries are made up: all bits random, or with the bits fixed that
 * make a leaf, a PROT_NONE page or a swap entry of them.
 *
 * The kernel's functions do not look at all that the decoder looks at.  Where
 * the two differ for that reason the comparison says why; all else must agree.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/entry.h"
#include "control.h"
#include "kselftest.h"
#include "modules/judge.h"
#include "traceenv.h"

#define JUDGE_KO	"./ptdbg_judge.ko"
#define PER_LEVEL_CI	1000
#define PER_LEVEL_FULL	100000
#define SHOWN		5

static struct ptdbg_mode mode;
static int judge_fd;
static u64 seed = 0x9e3779b97f4a7c15;

/* xorshift64*: the same entries in every run */
static u64 random_u64(void)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return seed * 2685821657736338717ULL;
}

static void read_swap(const char *text, struct ptdbg_swap *s)
{
	const char *value = env_value(text, "swap");
	unsigned int i, shift, bits;

	if (sscanf(value, "type:%u+%u", &shift, &bits) != 2)
		die("swap: %.80s", value);
	s->type_shift = shift;
	s->type_bits = bits;
	if (sscanf(strchr(value, ' '), " offset:%u+%u", &shift, &bits) != 2)
		die("swap: %.80s", value);
	s->offset_shift = shift;
	s->offset_bits = bits;
	s->inverted = env_part(value, "inverted");
	s->pfn_bits = env_part(value, "pfn_bits");
	s->young_dirty = env_part(value, "young_dirty");
	s->exclusive = env_part(value, "exclusive");
	s->soft_dirty = env_part(value, "soft_dirty");
	s->uffd_wp = env_part(value, "uffd_wp");
	s->markers = env_part(value, "markers");
	s->files = env_part(value, "files");
	for (i = 0; i < PTDBG_SWAP_UNKNOWN; i++)
		s->type[i] = env_part(env_value(text, "swap_types"),
				      ptdbg_swapkind_name(i));
}

static void read_mode(void)
{
	char *text = trace_env();
	unsigned int i, arch;

	for (arch = 0; arch < PTDBG_NR_ARCHES; arch++) {
		if (!strncmp(env_value(text, "architecture"), ptdbg_arch_name(arch),
			     strlen(ptdbg_arch_name(arch))))
			break;
	}
	if (!ptdbg_mode_init(&mode, arch, atoi(env_value(text, "page_shift")),
			     atoi(env_value(text, "va_bits")), atoi(env_value(text, "lpa2"))))
		die("no such paging mode");
	mode.phys_bits = atoi(env_value(text, "phys_bits"));
	mode.enc_mask = strtoull(env_value(text, "enc_mask"), NULL, 16);
	mode.enc_shared = atoi(env_value(text, "enc_shared"));
	mode.rsw60t59 = atoi(env_value(text, "rsw60t59"));
	mode.soft.invalid = strtoull(env_value(text, "invalid_bits"), NULL, 16);
	mode.soft.invalid_huge = strtoull(env_value(text, "invalid_bits_huge"), NULL,
					  16);
	for (i = 0; i < PTDBG_NR_SOFT; i++)
		mode.soft.bit[i] = env_part(env_value(text, "software_bits"),
					    ptdbg_softbit_name(i));
	read_swap(text, &mode.soft.swap);
	free(text);
}

/* "ptdbg decode --kernel" must have the numbers of this kernel. */
static void test_kernels(void)
{
	static const char *const versions[] = { "6.1", "6.12", "7.2" };
	struct ptdbg_mode known = mode;
	struct utsname u;
	unsigned int i;
	size_t n;

	uname(&u);
	memset(&known.soft, 0, sizeof(known.soft));
	ptdbg_mode_init(&known, mode.arch, mode.page_shift, mode.va_bits,
			mode.lpa2);
	known.rsw60t59 = mode.rsw60t59;
	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		n = strlen(versions[i]);
		if (!strncmp(u.release, versions[i], n) && u.release[n] == '.')
			break;
	}
	if (i == ARRAY_SIZE(versions)) {
		ksft_test_result_skip("no numbers for a kernel %s\n", u.release);
		return;
	}
	/* the numbers of swap types depend on its configuration */
	if (!strstr(u.version, "Debian")) {
		ksft_test_result_skip("--kernel means Debian's, and this one is not\n");
		return;
	}
	ksft_test_result(ptdbg_mode_kernel(&known, versions[i]) &&
			 !memcmp(&known.soft, &mode.soft, sizeof(mode.soft)),
			 "--kernel %s is this kernel\n", versions[i]);
}

/* Is this one of the words of a text? */
static bool has_word(const char *text, const char *word)
{
	size_t n = strlen(word);
	const char *p;

	for (p = text; (p = strstr(p, word)); p++) {
		if ((p == text || p[-1] == ' ') &&
		    (!p[n] || p[n] == ' ' || p[n] == ','))
			return true;
	}
	return false;
}

/**
 * struct trial - an entry and both opinions
 * @raw: the entry
 * @level: root is 0
 * @up: levels below
 * @a: the kernel's
 * @e: ptdbg's
 * @bits: ptdbg's, as text
 * @wrong: the first thing they differ in, or NULL
 */
struct trial {
	u64 raw;
	unsigned int level;
	unsigned int up;
	struct judge_answer a;
	struct ptdbg_entry e;
	char bits[256];
	const char *wrong;
};

static bool kernel_says(const struct trial *t, enum judge_fact f)
{
	return t->a.is & PTDBG_BIT(f);
}

static void agree(struct trial *t, enum judge_fact f, bool ours, const char *name)
{
	if ((t->a.known & PTDBG_BIT(f)) && kernel_says(t, f) != ours && !t->wrong)
		t->wrong = name;
}

static void must(struct trial *t, bool good, const char *name)
{
	if (!good && !t->wrong)
		t->wrong = name;
}

/* x86: A and D alone may be an erratum; pgd_none() alone counts them */
static bool erratum(const struct trial *t)
{
	return mode.arch == PTDBG_X86_64 && t->up <= 3 && t->raw &&
	       !(t->raw & ~0x60ULL);
}

static void compare_kind(struct trial *t)
{
	const struct ptdbg_entry *e = &t->e;
	bool present = e->hw_present || e->kind == PTDBG_ENTRY_LEAF;

	agree(t, JUDGE_NONE, e->kind == PTDBG_ENTRY_NONE, "none");
	/*
	 * Above the PMD the kernel asks for the bit that the hardware asks for;
	 * PROT_NONE pages of 1G are hugetlb's, which reads them as PTEs.  arm64
	 * takes all that is not zero for a table above the PUD.
	 */
	if (t->up >= 2 && mode.arch != PTDBG_ARM64)
		present = e->hw_present;
	if (t->up == 2 && mode.arch == PTDBG_ARM64)
		present = e->hw_present || (t->raw & mode.soft.invalid);
	if (t->up >= 3 && mode.arch == PTDBG_ARM64)
		present = t->raw;
	agree(t, JUDGE_PRESENT, present, "present");
	agree(t, JUDGE_SWAP, e->kind == PTDBG_ENTRY_NOT_PRESENT, "swap");
	/*
	 * A leaf that the hardware does not use need not have the bit by which
	 * the kernel knows huge pages, and then has no business there.  What is
	 * not legal the kernel does not know.
	 */
	if (e->hw_present && e->kind != PTDBG_ENTRY_BAD)
		agree(t, JUDGE_LEAF, e->kind == PTDBG_ENTRY_LEAF, "leaf");
}

static void compare_pfn(struct trial *t)
{
	const struct ptdbg_entry *e = &t->e;
	u64 pfn = t->a.pfn;

	if (!(t->a.known & PTDBG_BIT(JUDGE_PFN)))
		return;
	if (e->kind != PTDBG_ENTRY_TABLE && e->kind != PTDBG_ENTRY_LEAF)
		return;
	/* a leaf that the kernel takes for a table: see compare_kind() */
	if (e->kind == PTDBG_ENTRY_LEAF && t->up && !kernel_says(t, JUDGE_LEAF))
		return;
	/* low bits of a huge pfn: reserved here, and on riscv part of it there */
	pfn &= ~(t->e.kind == PTDBG_ENTRY_LEAF ? (1ULL << t->e.order) - 1 : 0);
	if (mode.arch == PTDBG_RISCV64 && !t->up && t->raw >> 63) {
		/*
		 * The kernel clears the lowest bit of any NAPOT pfn, also where
		 * the size is not one that there is, and none without Svnapot.
		 */
		if (e->order == 0)
			pfn |= e->pfn & -e->pfn;
	}
	must(t, pfn == e->pfn, "pfn");
}

/* Flags of a leaf, present or not, by the words that ptdbg has for them. */
static void compare_words(struct trial *t)
{
	const char *b = t->bits;

	/* 7.2 has another name for the bit in pages of the kernel */
	agree(t, JUDGE_SOFT_DIRTY,
	      has_word(b, "SOFT_DIRTY") || has_word(b, "KERNEL_4K"), "soft-dirty");
	agree(t, JUDGE_UFFD_WP, has_word(b, "UFFD_WP"), "uffd-wp");
	agree(t, JUDGE_SPECIAL, has_word(b, "SPECIAL"), "special");
	agree(t, JUDGE_DEVMAP, has_word(b, "DEVMAP"), "devmap");
	agree(t, JUDGE_PROTNONE, t->e.prot_none, "PROT_NONE");
	switch (mode.arch) {
	case PTDBG_X86_64:
		agree(t, JUDGE_YOUNG, has_word(b, "A"), "young");
		agree(t, JUDGE_DIRTY,
		      has_word(b, "D") || has_word(b, "SAVED_DIRTY"), "dirty");
		agree(t, JUDGE_EXEC, !has_word(b, "XD"), "exec");
		/* with CET a dirty page without R/W is a shadow stack */
		if (has_word(b, "R/W") || !has_word(b, "D"))
			agree(t, JUDGE_WRITE, has_word(b, "R/W"), "write");
		break;
	case PTDBG_ARM64:
		agree(t, JUDGE_YOUNG, has_word(b, "AF"), "young");
		agree(t, JUDGE_WRITE, has_word(b, "DBM"), "write");
		agree(t, JUDGE_DIRTY, has_word(b, "DIRTY") ||
		      (has_word(b, "DBM") && !has_word(b, "AP[2]")), "dirty");
		agree(t, JUDGE_USER, has_word(b, "AP[1]"), "user");
		agree(t, JUDGE_USER_EXEC, !has_word(b, "UXN"), "exec");
		break;
	case PTDBG_RISCV64:
		agree(t, JUDGE_YOUNG, has_word(b, "A"), "young");
		agree(t, JUDGE_DIRTY, has_word(b, "D"), "dirty");
		agree(t, JUDGE_WRITE, has_word(b, "W"), "write");
		agree(t, JUDGE_USER, has_word(b, "U"), "user");
		agree(t, JUDGE_EXEC, has_word(b, "X"), "exec");
		break;
	}
}

/* What a walk decides by: without words. */
static void compare_access(struct trial *t)
{
	const struct ptdbg_entry *e = &t->e;

	if (mode.arch == PTDBG_ARM64) {
		must(t, e->user == (kernel_says(t, JUDGE_USER) ||
				    kernel_says(t, JUDGE_USER_EXEC)), "e.user");
		must(t, !e->user || e->exec == kernel_says(t, JUDGE_USER_EXEC),
		     "e.exec");
		/* the kernel's bit for it, and what AP[2] allows by itself */
		must(t, e->write || !kernel_says(t, JUDGE_WRITE), "e.write");
		must(t, e->young == kernel_says(t, JUDGE_YOUNG), "e.young");
		return;
	}
	agree(t, JUDGE_USER, e->user, "e.user");
	agree(t, JUDGE_EXEC, e->exec, "e.exec");
	if (mode.arch == PTDBG_RISCV64)
		agree(t, JUDGE_YOUNG, e->young, "e.young");
	/* see compare_words() */
	if (e->write || !kernel_says(t, JUDGE_DIRTY))
		agree(t, JUDGE_WRITE, e->write, "e.write");
}

static void compare_swap(struct trial *t)
{
	static const u8 kinds[] = {
		[PTDBG_SWAP_FILE] = JUDGE_KIND_SWAP,
		[PTDBG_SWAP_HWPOISON] = JUDGE_KIND_HWPOISON,
		[PTDBG_SWAP_MIGRATION_READ] = JUDGE_KIND_MIGRATION_READ,
		[PTDBG_SWAP_MIGRATION_READ_EXCLUSIVE] =
			JUDGE_KIND_MIGRATION_READ_EXCLUSIVE,
		[PTDBG_SWAP_MIGRATION_WRITE] = JUDGE_KIND_MIGRATION_WRITE,
		[PTDBG_SWAP_DEVICE_WRITE] = JUDGE_KIND_DEVICE_WRITE,
		[PTDBG_SWAP_DEVICE_READ] = JUDGE_KIND_DEVICE_READ,
		[PTDBG_SWAP_EXCLUSIVE_WRITE] = JUDGE_KIND_EXCLUSIVE_WRITE,
		[PTDBG_SWAP_EXCLUSIVE_READ] = JUDGE_KIND_EXCLUSIVE,
		[PTDBG_SWAP_EXCLUSIVE] = JUDGE_KIND_EXCLUSIVE,
		[PTDBG_SWAP_MARKER] = JUDGE_KIND_MARKER,
		[PTDBG_SWAP_ERROR] = JUDGE_KIND_ERROR,
		[PTDBG_SWAP_UNKNOWN] = JUDGE_KIND_OTHER,
	};
	struct ptdbg_swapped s;

	/* the level has no such function: hugetlb reads these as PTEs */
	if (!(t->a.known & PTDBG_BIT(JUDGE_SWAP_PFN)))
		return;
	must(t, ptdbg_swap_decode(&mode.soft.swap, t->raw, &s), "swap layout");
	must(t, s.type == t->a.type, "swap type");
	must(t, s.offset == t->a.offset, "swap offset");
	must(t, kinds[s.kind] == t->a.kind, "swap kind");
	must(t, s.marker == t->a.marker, "marker");
	agree(t, JUDGE_SWAP_PFN, s.has_pfn, "swap has a pfn");
	must(t, !s.has_pfn || s.pfn == t->a.swap_pfn, "swap pfn");
	agree(t, JUDGE_EXCLUSIVE, s.exclusive, "swap exclusive");
	agree(t, JUDGE_SWAP_SOFT_DIRTY, s.soft_dirty, "swap soft-dirty");
	agree(t, JUDGE_SWAP_UFFD_WP, s.uffd_wp, "swap uffd-wp");
}

static void compare(struct trial *t)
{
	ptdbg_entry_decode(&mode, t->level, t->raw, &t->e);
	ptdbg_entry_bits(&mode, t->level, t->raw, t->bits, sizeof(t->bits));
	if (erratum(t))
		return;
	compare_kind(t);
	compare_pfn(t);
	if (t->e.kind == PTDBG_ENTRY_LEAF)
		compare_words(t);
	if (t->e.kind == PTDBG_ENTRY_LEAF && t->e.hw_present && !t->up)
		compare_access(t);
	if (t->e.kind == PTDBG_ENTRY_NOT_PRESENT)
		compare_swap(t);
}

/* A swap entry of a type that the kernel has, with few or many offset bits. */
static u64 random_swap(void)
{
	const struct ptdbg_swap *s = &mode.soft.swap;
	u64 offset = random_u64() >> (64 - s->offset_bits);
	u64 raw, type = random_u64() & ((1ULL << s->type_bits) - 1);

	offset >>= random_u64() % s->offset_bits;
	if (s->inverted)
		offset = ~offset & (PTDBG_BIT(s->offset_bits) - 1);
	raw = type << s->type_shift | offset << s->offset_shift;
	if (random_u64() & 1)
		raw |= (PTDBG_BIT(s->exclusive) | PTDBG_BIT(s->soft_dirty) |
			PTDBG_BIT(s->uffd_wp)) & random_u64() & ~1ULL;
	return raw;
}

/* An entry; I makes the kinds take turns. */
static u64 random_entry(unsigned int i)
{
	/* pfns as they are: few of the high bits */
	u64 low = random_u64() & (random_u64() >> (random_u64() & 63));
	u64 raw = random_u64();

	switch (i % 8) {
	case 0:
		return raw;
	case 1:
		return raw | 1;
	case 2:
		return low | 1;
	/* arm64: page or table; x86: PS */
	case 3:
		return low | (mode.arch == PTDBG_ARM64 ? 3 : 0x81);
	/* the hardware does not use it: PROT_NONE and pages being split */
	case 4:
		return (raw & ~1ULL) | mode.soft.invalid;
	case 5:
		return (low & ~1ULL) | (mode.soft.invalid_huge & random_u64());
	case 6:
		return random_swap();
	}
	/* one bit, or two */
	return PTDBG_BIT(random_u64() & 63) | PTDBG_BIT(random_u64() & 63);
}

static void ask(struct trial *t, unsigned int n)
{
	static struct judge_question q[JUDGE_MAX];
	static struct judge_answer a[JUDGE_MAX];
	unsigned int i;

	for (i = 0; i < n; i++)
		q[i] = (struct judge_question){ .raw = t[i].raw, .up = t[i].up };
	if (write(judge_fd, q, n * sizeof(*q)) != (ssize_t)(n * sizeof(*q)) ||
	    read(judge_fd, a, n * sizeof(*a)) != (ssize_t)(n * sizeof(*a)))
		die("the judge does not answer: %s", strerror(errno));
	for (i = 0; i < n; i++)
		t[i].a = a[i];
}

static void show(const struct trial *t)
{
	ksft_print_msg("%s: %016llx \"%s\" kind %u pfn %llx\n", t->wrong,
		       t->raw, t->bits, t->e.kind, t->e.pfn);
	ksft_print_msg("  kernel: known %x is %x pfn %llx\n", t->a.known,
		       t->a.is, (u64)t->a.pfn);
	ksft_print_msg("  swap %u offset %llx kind %u pfn %llx marker %x\n",
		       t->a.type, (u64)t->a.offset, t->a.kind,
		       (u64)t->a.swap_pfn, t->a.marker);
}

static void test_level(unsigned int level, unsigned int count)
{
	static struct trial trials[JUDGE_MAX];
	unsigned int kinds[PTDBG_ENTRY_BAD + 1] = { 0 };
	unsigned int i, n, done, wrong = 0;
	struct trial *t;

	for (done = 0; done < count; done += n) {
		n = count - done < JUDGE_MAX ? count - done : JUDGE_MAX;
		memset(trials, 0, sizeof(trials));
		for (i = 0; i < n; i++) {
			trials[i].raw = random_entry(done + i);
			trials[i].level = level;
			trials[i].up = mode.levels - 1 - level;
		}
		ask(trials, n);
		for (i = 0; i < n; i++) {
			t = &trials[i];
			compare(t);
			kinds[t->e.kind]++;
			if (t->wrong && wrong++ < SHOWN)
				show(t);
		}
	}
	ksft_print_msg("%s: %u tables, %u leaves, %u not present, %u not legal\n",
		       ptdbg_level_name(&mode, level), kinds[PTDBG_ENTRY_TABLE],
		       kinds[PTDBG_ENTRY_LEAF], kinds[PTDBG_ENTRY_NOT_PRESENT],
		       kinds[PTDBG_ENTRY_BAD]);
	/* a test that never saw what it is about has not been one */
	if (level + 1 < mode.levels && !kinds[PTDBG_ENTRY_TABLE])
		wrong++;
	if (level + 2 >= mode.levels && (!kinds[PTDBG_ENTRY_LEAF] ||
					 !kinds[PTDBG_ENTRY_NOT_PRESENT]))
		wrong++;
	ksft_test_result(!wrong, "%s: %u entries, %u differ\n",
			 ptdbg_level_name(&mode, level), count, wrong);
}

int main(void)
{
	unsigned int level;

	ksft_print_header();
	need_module(PTDBG_KO, "");
	need_module(JUDGE_KO, "");
	judge_fd = open("/dev/ptdbg_judge", O_RDWR | O_CLOEXEC);
	if (judge_fd < 0)
		die("/dev/ptdbg_judge: %s", strerror(errno));
	read_mode();
	ksft_set_plan(mode.levels + 1);
	test_kernels();
	for (level = 0; level < mode.levels; level++)
		test_level(level, full_size() ? PER_LEVEL_FULL : PER_LEVEL_CI);
	close(judge_fd);
	need_no_module("ptdbg_judge");
	need_no_module("ptdbg");
	ksft_finished();
}
