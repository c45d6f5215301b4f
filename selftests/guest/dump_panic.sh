#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# The kernel dies, and nothing is left of the machine but its memory, which the host
# dumps and reads (dump_panic_host.sh).
#
#	dump_panic.sh founding	the bug that ptdbg was made for; not on amd64, where
#				pfn 0 has a struct page
#	dump_panic.sh injected	a page whose entry was changed, and then the struct
#				page that belongs to it

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh
. lib/host.sh

echo 0 >/proc/sys/kernel/randomize_va_space
echo /tmp/core >/proc/sys/kernel/core_pattern
echo 1 >/proc/sys/kernel/panic_on_oops

tap_need "ptdbg does not load" insmod $PTDBG_KO
tap_need "the injector does not load" insmod $INJECT_KO
ask_host "dump panic"
case $1-$(uname -m) in
injected-*) ./last_words bad_page ;;
*-riscv64) ./bad_echo 3fbd117000 "hello from a program with a bad page" ;;
*) ./bad_echo 7fbd117000 "hello from a program with a bad page" ;;
esac
tap_dies
