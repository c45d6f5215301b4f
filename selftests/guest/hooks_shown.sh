#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# The hooks file tells the truth: what was asked for and refused, what is placed
# and tested, and how often each was hit.
#
# Oracles: register_kprobe() as the field shows it in the kernel's own list of
# kprobes, /sys/kernel/debug/kprobes/list; and faults that we make.

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh

tap_need "ptdbg does not load" insmod $PTDBG_KO
cat $DIR/hooks >/tmp/hooks
sed 's/^/# /' /tmp/hooks
sed 's/^/# /' /sys/kernel/debug/kprobes/list

# line NAME: that hook's line
line() {
	grep "^$1 " $DIR/hooks
}

# number WORD NAME: the number behind a word in a hook's line
number() {
	line "$2" | sed -n "s/.*$1 \([0-9]*\).*/\1/p"
}

# says NAME PATTERN; called by check
# shellcheck disable=SC2317
says() {
	line "$1" | grep -qE "$2"
}

case $(uname -m) in
x86_64) oops=page_fault_oops ;;
*) oops=die_kernel_fault ;;
esac

# x86 has no function of that name
check "do_page_fault is shown, and why not" \
	says do_page_fault '(refused: the kernel does not allow a probe there|no such function in this kernel) \(error -(22|2)\)'
check "do_page_fault has no kprobe" sh -c "! grep -q 'do_page_fault+' /sys/kernel/debug/kprobes/list"
check "handle_mm_fault is placed and tested" says handle_mm_fault 'placed at \+[0-9]+ \(.*\), tested, hits'
check "follow_page_pte is placed and tested" says follow_page_pte 'placed at \+[0-9]+ \(.*\), tested, hits'
check "force_sig_fault is placed and cannot be tested" says force_sig_fault 'placed at \+[0-9]+ \(.*\), untested, hits 0,'
check "$oops is placed and cannot be tested" says "$oops" 'placed at \+[0-9]+ \(.*\), untested, hits 0,'
for hook in handle_mm_fault follow_page_pte force_sig_fault "$oops"; do
	check "$hook: the kernel has that probe" grep -q " $hook+" /sys/kernel/debug/kprobes/list
done

# every place that is shown is the place where the kernel has it
for hook in handle_mm_fault follow_page_pte force_sig_fault "$oops"; do
	offset=$(line "$hook" | sed 's/.*placed at +\([0-9]*\) .*/\1/')
	check "$hook: at +$offset" \
		grep -qE " $hook\+$(printf '0x%x' "$offset") " /sys/kernel/debug/kprobes/list
done

# quiet: off and on again, with nobody to fault but who reads
echo 0 >$DIR/enable
hits=$(number hits handle_mm_fault)
check "calls were hit ($hits)" [ "$hits" -gt 0 ]
check "every call returned" [ "$hits" = "$(number returns handle_mm_fault)" ]
check "nothing missed" [ "$(number missed handle_mm_fault)" = 0 ]
check "off is shown" says handle_mm_fault ' off,'
check "off: the kernel has no probe of ours" \
	sh -c "! grep -qE ' (handle_mm_fault|follow_page_pte|force_sig_fault)\+' /sys/kernel/debug/kprobes/list"
echo 1 >$DIR/enable

# in a shell of its own, which dies of it
sh -c 'kill -SEGV $$' 2>/dev/null
check "a signal that is no fault is not hit" says force_sig_fault 'hits 0,'
tap_need "no program that faults" test -x ./segv
./segv 2>/dev/null
check "a fault with a signal is hit" says force_sig_fault 'hits 1,'
check "ptdbg can be removed" rmmod ptdbg
check "nothing of it is left in the list of kprobes" \
	sh -c "! grep -qE ' (handle_mm_fault|follow_page_pte|force_sig_fault)\+' /sys/kernel/debug/kprobes/list"
tap_end
