#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# The bug that ptdbg was made for, end to end (field note N1): a program with a
# PTE that leads to pfn 0 dumps core, follow_page_pte() takes the struct page of
# pfn 0 for real, and the kernel oopses.  Afterwards the text file and the
# kernel log must explain it.
#
# Oracles: on riscv64 the numbers of the field note; elsewhere the injector's
# word for where pfn 0 would have its struct page, and the kernel's own report
# of the address it died of.  The kernel reads page->compound_head first, which
# lies 8 bytes into struct page.

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh

case $(uname -m) in
riscv64)
	page=3fbd117000
	golden_pte=0040000000000053
	# of the kernel of the field note, in two paging modes
	case $PTDBG_LANE in
	*-6.12-sv39) golden_dead=ffffffc4fe000008 ;;
	*-6.12-sv57) golden_dead=ff1bfffffe000008 ;;
	esac
	;;
*)
	page=7fbd117000
	# nearby, where pages are larger
	[ "$(page_kb)" = 4 ] || page=7fbd120000
	;;
esac

# what the kernel calls the word in struct page that it died of
word=compound_head
case $(uname -r) in
[1-6].*) ;;
*) word=compound_info ;;
esac

# the addresses of the field note must be free
echo 0 >/proc/sys/kernel/randomize_va_space
echo /tmp/core >/proc/sys/kernel/core_pattern

tap_need "ptdbg does not load" insmod $PTDBG_KO
tap_need "the injector does not load" insmod $INJECT_KO

# it dies holding locks, so nobody waits for it
./bad_echo $page "hello from a program with a bad page" >/tmp/echo.out 2>&1 &

# called by wait_for
# shellcheck disable=SC2317
oops_told() {
	grep -q '^\[.*/[0-9]* oops ' "$TEXT"
}
check "the kernel oopsed, and ptdbg has a record of it" wait_for 30 oops_told

mkdir -p /out
cp /tmp/echo.out /out/echo.txt
cat $TEXT >/out/ptdbg.txt
dmesg >/out/dmesg.txt
cp -r $DIR/ctf /out/ctf
sed 's/^/# /' /tmp/echo.out

said=$(grep '^bad_echo: pid' /tmp/echo.out)
pid=$(echo "$said" | sed 's/.*pid \([0-9]*\),.*/\1/')
pte=$(echo "$said" | sed 's/.*-> \([0-9a-f]*\),.*/\1/')
page0=$(echo "$said" | sed 's/.*at //')
# -1 wraps in 64 bits as it does in the kernel
dead=$(printf %x $((0x$page0 + 8)))

if [ -n "$golden_pte" ]; then
	check "the PTE is that of the field note" test "$pte" = "$golden_pte"
fi
if [ -n "$golden_dead" ]; then
	check "it dies at the address of the field note" test "$dead" = "$golden_dead"
fi
has "the kernel died of that address" "virtual address $dead" /out/dmesg.txt

last_record "/$pid gup $page" /out/ptdbg.txt >/tmp/gup
last_record "/$pid oops " /out/ptdbg.txt >/tmp/oops
sed 's/^/# /' /tmp/gup /tmp/oops

has "gup record: who, what and where" "bad_echo/$pid gup $page" /tmp/gup
has "gup record: the vma" "vma $page-$(printf %x $((0x$page + 3 * $(page_kb) * 1024))) rw-p anon" /tmp/gup
check "gup record: every level of the chain" test "$(grep -c '\[...\] @' /tmp/gup)" = \
	"$(sed -n 's/^# ptdbg.* \([0-9]\) levels.*/\1/p' /out/ptdbg.txt)"
if [ -n "$golden_pte" ]; then
	has "gup record: the PTE, decoded" \
		"$pte -> pfn 0  V R U A, reserved bit 54" /tmp/gup
else
	has "gup record: the PTE, decoded" "$pte -> pfn 0 " /tmp/gup
fi
has "gup record: the page" "page pfn 0: not RAM" /tmp/gup
has "gup record: the verdict" "!! bad pfn: its struct page would be $page0" /tmp/gup

# follow_page_pte() itself, or on some kernels what it calls first
ip=$(sed -n 's/.*pc : \([^ +]*+0x[0-9a-f]*\).*/\1/p' /out/dmesg.txt | head -n 1)
has "oops record: what and where" "bad_echo/$pid oops read $dead ip $ip" /tmp/oops
has "oops record: what the address is" \
	"vmemmap: struct page of pfn 0 + 8 ($word); pfn 0 is not RAM" /tmp/oops
because="because: the gup of $page above found PTE $pte with that pfn"
has "oops record: the cause" "$because" /tmp/oops

grep 'ptdbg: ' /out/dmesg.txt >/tmp/said
sed 's/^/# /' /tmp/said
has "kernel log: what the address is" \
	"ptdbg: $dead: vmemmap: struct page of pfn 0 + 8 ($word); pfn 0 is not RAM" /tmp/said
has "kernel log: the cause" "ptdbg: $because" /tmp/said
has "kernel log: the last records of the task" "bad_echo/$pid gup $page" /tmp/said

check "the verdict is counted" test "$(stat_of verdict_bad_pfn)" -ge 1
check "the system goes on: ptdbg still records" \
	sh -c "busybox true; grep -q 'busybox\|true' $TEXT"
check "the injector can be removed" rmmod ptdbg_inject
check "ptdbg can be removed" rmmod ptdbg
tap_end
