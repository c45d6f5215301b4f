#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# json_commands.sh PTDBG DIR OUT: --json of the commands beside report, on the
# recording DIR of test_json.c: 25 faults and 25 gups in 50 seconds.  What they
# must say is in their text, or counted by hand.  OUT: a file to work with.

ptdbg=$1
dir=$2
out=$3
rm -f "$out.wrong"

# same WHAT: standard input is what is in $out; in a pipe it is a shell of its own
same() {
	diff - "$out" >&2 && [ -s "$out" ] && return
	echo "# $1: not the same" >&2
	: >"$out.wrong"
}

"$ptdbg" tables --json "$dir" | jq -r '"\(.level) pfn \(.pfn[2:]) records \(.records)"' >"$out"
"$ptdbg" tables "$dir" | sed -n 's/ DMA32 node 0 \(records [0-9]*\).*/ \1/p' | same tables

"$ptdbg" stat --json "$dir" |
	jq -c '[.records, .faults, .process[0].name, (.took | map(.faults) | add)]' >"$out"
echo '[50,25,"task0/700",25]' | same stat

"$ptdbg" stat --json "$dir" | jq -c '.level | map([.name, .records])' >"$out"
echo '[["PTE",50]]' | same "stat by level"

"$ptdbg" stat --json -i 10 -b kind "$dir" | jq -c '[.time, .records, .lost, .kind[0].name]' >"$out"
for n in 1 2 3 4 5; do
	echo "[${n}0000000000,10,0,\"file\"]"
done | same "stat by intervals"

"$ptdbg" decode --json --mode sv39 40000000000053 0 | jq -c '[.level, .entry, .kind, .pfn, .text]' >"$out"
same decode <<END
["PTE","0x40000000000053","leaf","0x0","V R U A, reserved bit 54"]
["PTE","0x0","none",null,null]
END

"$ptdbg" doctor --json | jq -c '.findings[0] | [.what, has("ok")]' >"$out"
echo '["root",true]' | same doctor
[ ! -e "$out.wrong" ]
