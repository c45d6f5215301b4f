#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck source-path=SCRIPTDIR
#
# The kernel's own mm selftests tell the same with ptdbg as without it.
#
# Each of them runs twice without ptdbg, and once while it records everything, with
# the parameters of this test.  Compared are the exit status and all results that
# the program names.  One that differs without ptdbg tells nothing, and one that
# does nothing here does so with ptdbg as well: both are skipped, by name.  Two runs
# do not find all of the first kind, so that one that differs under ptdbg runs
# without it once more and more, and fails when it never differs there.
#
# Programs and arguments are those of the kernel's run_vmtests.sh, and some that it
# does not run.  What needs a module that Debian does not build, bash or a cgroup is
# left out.

cd "$(dirname "$0")" || exit 1
. lib/tap.sh
. lib/ptdbg.sh

SAID=/out/said
NOT_THE_SAME=", not the same"
# ksm_tests -U fails in one of ten runs
MORE=40
COMPARED_MIN=20

# list, a line a program: PAGES SECONDS PROGRAM ARGUMENTS.  PAGES is of huge pages of
# the default size, "-" as many as most of them need; SECONDS what it may take, which
# on a busy machine is much.
list() {
	cat <<-END
		- 120 hugepage-mmap
		- 120 hugepage-shm
		- 120 map_hugetlb
		- 120 hugepage-mremap
		- 120 hugepage-vmemmap
		- 120 hugetlb-madvise
		- 120 hugetlb_dio
		- 120 hugetlb_fault_after_madv
		1 120 hugetlb_madv_vs_map
		- 120 map_fixed_noreplace
		- 120 gup_test -u
		- 120 gup_test -a
		- 120 gup_test -ct -F 0x1 0 19 0x1000
		- 120 gup_longterm
		0 120 on-fault-limit
		0 120 map_populate
		0 120 mlock-random-test
		0 120 mlock2-tests
		0 120 mrelease_test
		- 120 thuge-gen
		8 120 hugetlb-soft-offline
		- 120 hugetlb-read-hwpoison
		6 120 va_high_addr_switch
		6 120 va_high_addr_switch --run-hugetlb
		- 120 mremap_dontunmap
		- 120 madv_populate
		- 120 memfd_secret
		- 120 ksm_tests -M -p 10
		- 120 ksm_tests -U
		- 120 ksm_tests -Z -p 10 -z 0
		- 120 ksm_tests -Z -p 10 -z 1
		- 120 ksm_tests -N -m 1
		- 120 ksm_tests -N -m 0
		- 120 pkey_sighandler_tests
		- 120 mkdirty
		- 120 mdwe_test
		- 120 mseal_test
		- 120 seal_elf
		- 120 droppable
		0 900 soft-dirty
		- 900 protection_keys
		- 900 cow
		- 900 migration
		- 900 pagemap_ioctl
		0 900 compaction_test
		0 900 mremap_test
		0 900 transhuge-stress -d 20
		0 900 split_huge_page_test
		0 900 khugepaged
		0 900 khugepaged -s 2
		0 900 ksm_functional_tests
		0 900 ksm_tests -H -s 100
		0 900 ksm_tests -P -s 100
		- 900 uffd-unit-tests
		0 900 uffd-stress anon 20 16
		- 900 uffd-stress hugetlb 128 32
		- 900 uffd-stress hugetlb-private 128 32
		0 900 uffd-stress shmem 20 16
		0 900 uffd-stress shmem-private 20 16
		0 900 virtual_address_range
	END
}

# results FILE: what a program said of each of its parts, without what varies
results() {
	# colours are no part of a result
	tr -d '\033' <"$1" | sed -e 's/\[[0-9;]*m//g' -e 's/0x[0-9a-f]*/ADDRESS/g' | awk '
		# TAP
		/^(not )?ok / {
			status = $1 == "ok" ? "ok" : "not ok"
			sub(/^(not )?ok [0-9]* *-? */, "")
			# what follows may be its name
			if (sub(/# *SKIP */, ""))
				status = "skip"
			print status ": " $0
			next
		}
		/^Bail out!/ { print; next }
		# the reason may say more than the result
		/^Testing .*\.\.\. *(done|skipped|failed)/ { sub(/ \[reason.*/, ""); print; next }
		/^test +[0-9]+ PASSED/ { print; next }
		/(^|[ .])(OK|Fail|FAILED|Skip|Not OK) *$/ { print }' | sort
}

# huge_pages N: that many, of memory that is as whole as can be
huge_pages() {
	echo 3 >/proc/sys/vm/drop_caches
	echo 1 >/proc/sys/vm/compact_memory
	echo "$1" >/proc/sys/vm/nr_hugepages
}

# run ROUND: the program with its arguments; its status and its results in files
run() {
	huge_pages "$pages"
	# whose doing what the kernel says is
	echo "<6>mm_selftests: $title ($1)" >/dev/kmsg
	to=$SAID/$name.$1
	set -- "./$file"
	# this one is not for root
	[ "$program" = on-fault-limit ] && set -- su nobody -c "./$file"
	# shellcheck disable=SC2086
	(cd mm && exec busybox timeout -k 5 "$limit" "$@" $args) >"$to" 2>&1 </dev/null
	code=$?
	case $code in
	# by SIGTERM, or by SIGKILL
	137 | 143) over=1 ;;
	esac
	# children of one that was ended go on
	killall -q -9 "$file"
	{
		echo "exit $code"
		results "$to"
	} >"$to.results"
}

# Was the program itself recorded?  The records have its name.
# shellcheck disable=SC2317
recorded() {
	cat $DIR/ctf/cpu* | tr '\0' '\n' | grep -qF "$comm"
}

# shellcheck disable=SC2317
exact() {
	awk '
		{ n[$1] = $2 }
		END {
			exit !(n["hits"] == n["recorded"] + n["filtered"] + n["missed"] &&
			       n["recorded"] == n["readable"] + n["overwritten"] && !n["in_flight"])
		}' $DIR/stats
}

# differs ROUND: from the first; says where
differs() {
	cmp -s "$SAID/$name.bare.results" "$SAID/$name.$1.results" && return 1
	diff "$SAID/$name.bare.results" "$SAID/$name.$1.results" | sed 's/^/#   /'
}

# never_stable: it differs without ptdbg as well, if only now and then
never_stable() {
	limit=$alone
	for more in $(seq $MORE); do
		run "bare-$more"
		differs "bare-$more" && return
	done
	return 1
}

# did_nothing: it says so of itself, or of all its parts
did_nothing() {
	[ "$outcome" = "exit 4" ] && [ "$some" = 0 ] && return
	[ "$some" -gt 0 ] && ! sed 1d "$SAID/$name.bare.results" | grep -qv '^skip: '
}

# run_recorded: the same under ptdbg
run_recorded() {
	# shellcheck disable=SC2086
	insmod $PTDBG_KO $parameters || wrong="$wrong, ptdbg does not load"
	# to be slower is no other result
	limit=$((4 * alone))
	run recorded
	echo 0 >$DIR/enable
	faults=$(($(stat_of recorded)))
	recorded || wrong="$wrong, no fault of it was recorded"
	exact || wrong="$wrong, the identities do not hold"
	rmmod ptdbg || wrong="$wrong, ptdbg does not unload"
	differs recorded && wrong="$wrong$NOT_THE_SAME"
}

# one PAGES SECONDS PROGRAM ARGUMENTS...
one() {
	pages=$1
	limit=$2
	program=$3
	shift 3
	args=$*
	[ "$pages" = - ] && pages=$enough
	title=$program${args:+ $args}
	name=$(echo "$title" | tr ' ' _)
	comm=$(echo "$program" | cut -c1-15)
	file=$program
	[ -e "mm/$file" ] || file=${program}_64
	if [ ! -e "mm/$file" ]; then
		tap_skip "$title" "it is not for this architecture"
		return
	fi
	over=
	wrong=
	alone=$limit
	start=$(cut -d. -f1 /proc/uptime)
	run bare
	[ "$over" ] || run again
	some=$(($(wc -l <"$SAID/$name.bare.results") - 1))
	if [ "$over" ]; then
		tap_skip "$title" "without ptdbg it takes longer than $limit s"
		slow="$slow $name"
	elif differs again; then
		tap_skip "$title" "it is not stable without ptdbg"
		unstable="$unstable $name"
	else
		run_recorded
		if [ "$wrong" = "$NOT_THE_SAME" ] && never_stable; then
			tap_skip "$title" "in $((more + 2)) runs without ptdbg one differs too"
			unstable="$unstable $name"
			return
		fi
		outcome=$(head -n 1 "$SAID/$name.bare.results")
		if [ ! "$wrong" ] && did_nothing; then
			tap_skip "$title" "here it skips, and does with ptdbg as well"
		else
			test -z "$wrong"
			tap_result "$title: the same ($outcome, $some results; $faults records)" ||
				echo "# ${wrong#, }"
			compared=$((compared + 1))
			all=$((all + some))
		fi
	fi
	echo "# $(($(cut -d. -f1 /proc/uptime) - start)) s"
	for round in bare again recorded; do
		[ "$wrong$over" ] || rm -f "$SAID/$name.$round"
	done
}

parameters=$*
[ -d mm ] || tap_skip_all "the kernel's mm selftests are not beside this test"
mkdir -p $SAID
echo "nobody::65534:65534:nobody:/:/bin/sh" >>/etc/passwd
echo 1 >/proc/sys/vm/overcommit_memory
huge_kib=$(awk '$1 == "Hugepagesize:" { print $2 }' /proc/meminfo)
# 256 MiB, or two for each CPU, whichever is more
enough=$((262144 / huge_kib))
[ $enough -ge $((2 * $(nproc))) ] || enough=$((2 * $(nproc)))
compared=0 all=0 unstable='' slow=''

list >/tmp/list
while read -r line <&4; do
	# shellcheck disable=SC2086
	one $line 4<&-
done 4</tmp/list
echo "# $compared programs with $all results were compared"
echo "# not stable without ptdbg:${unstable:- none}; too slow here:${slow:- none}"
check "$COMPARED_MIN and more could be compared ($compared)" test $compared -ge $COMPARED_MIN
tap_end
