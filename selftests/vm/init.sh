#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# /init of the guest: makes the system usable, then does what /lab.env asks for.
#
# MODE=test   run the kselftests named in /kselftest/order, one by one
# MODE=demo   run /kselftest/ptdbg/demo.sh, its output shown as it comes
# MODE=shell  give the user a shell on the console
# MODE=gdb    the same, with ptdbg loaded; where it is goes to ptdbg.sections
#
# Results leave through the virtio port ptdbg.tap, one line each; the first
# character says what the line is (channel.py has the list):
#   @ control    T test output    K kernel log    P plain text to show
# Files that a test leaves in /out leave through ptdbg.out, as a tar archive
# whose size was announced by "@out NAME BYTES".

/bin/busybox mkdir -p /bin /sbin /usr/bin /dev /proc /sys /tmp /run /root /out
/bin/busybox --install -s /bin
export PATH=/bin:/sbin:/usr/bin HOME=/root TERM=linux
mount -t proc proc /proc
mount -t sysfs sysfs /sys
# the kernel may have done this one itself
grep -q ' /dev ' /proc/mounts || mount -t devtmpfs dev /dev
# kselftest's runner writes to /dev/stdout by name
ln -sf /proc/self/fd /dev/fd
ln -sf /proc/self/fd/0 /dev/stdin
ln -sf /proc/self/fd/1 /dev/stdout
ln -sf /proc/self/fd/2 /dev/stderr
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
# a kernel without debugfs or tracefs is a lane too
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
hostname ptdbg
ip link set lo up 2>/dev/null

# shellcheck source=/dev/null
. /lab.env

while read -r module; do
	insmod "/modules/$module" || echo "lab: $module does not load"
done </modules/order

# Prints the device of the virtio port called $1, once the driver has made it.
port() {
	tries=0
	while [ $tries -lt 500 ]; do
		for dir in /sys/class/virtio-ports/*; do
			if [ "$(cat "$dir/name" 2>/dev/null)" = "$1" ]; then
				echo "/dev/${dir##*/}"
				return
			fi
		done
		usleep 20000
		tries=$((tries + 1))
	done
	echo /dev/console
}

# Line by line, so that what was said before a crash has left the guest.
each_line() {
	while IFS= read -r line || [ -n "$line" ]; do
		printf '%s %s\n' "$1" "$line"
	done >&3
}

send_log() {
	dmesg | awk -v mark="ptdbg-lab: begin $1\$" '
		$0 ~ mark { on = 1; next }
		on { print "K " $0 }
		END { if (!on) print "@overrun" }' >&3
}

send_out() {
	[ -n "$(ls -A /out)" ] || return
	tar -C /out -cf /tmp/out.tar . 2>/dev/null
	echo "@out $1 $(wc -c </tmp/out.tar)" >&3
	cat /tmp/out.tar >"$OUT_PORT"
	rm -f /tmp/out.tar
}

run_tests() {
	# fd 4, so that a test that reads its input does not eat the list
	while read -r name limit <&4; do
		rm -rf /out
		mkdir /out
		echo "<6>ptdbg-lab: begin $name" >/dev/kmsg
		echo "@begin $name" >&3
		/kselftest/run_kselftest.sh -o "$limit" -t "ptdbg:$name" \
			</dev/null 2>&1 4<&- | each_line T
		send_log "$name"
		send_out "$name"
		if [ -d /sys/module/ptdbg ]; then
			echo "@loaded $name" >&3
			rmmod ptdbg
		fi
		echo "@end $name" >&3
	done 4</kselftest/order
}

run_demo() {
	echo "<6>ptdbg-lab: begin demo" >/dev/kmsg
	echo "@begin demo" >&3
	{
		sh /kselftest/ptdbg/demo.sh </dev/null 2>&1
		echo $? >/tmp/code
	} | each_line P
	send_out demo
	echo "@code $(cat /tmp/code)" >&3
	echo "@end demo" >&3
}

if [ "$MODE" = gdb ]; then
	insmod /ptdbg.ko && grep . /sys/module/ptdbg/sections/.* >"$(port ptdbg.sections)"
	MODE=shell
fi
if [ "$MODE" = shell ]; then
	cat <<-HINT

	ptdbg lab: $PTDBG_LANE, Linux $(uname -r)
	  insmod /ptdbg.ko              start recording
	  ls / >/dev/null               cause some faults
	  cat /sys/kernel/debug/ptdbg   see them
	  cat /sys/kernel/debug/ptdbg.d/hooks
	Test programs are in /kselftest/ptdbg. Ctrl-A X or "exit" leaves.

	HINT
	cd /root || exit
	setsid cttyhack sh -l
	reboot -f
fi

# messages of the tests belong on the console too: it is all that is left of a
# kernel that dies
echo 7 >/proc/sys/kernel/printk 2>/dev/null
exec 3>"$(port ptdbg.tap)"
OUT_PORT=$(port ptdbg.out)
echo "@hello 1 $(uname -r) $(uname -m) $(cut -d' ' -f1 /proc/uptime)" >&3
case $MODE in
test) run_tests ;;
demo) run_demo ;;
*) echo "@error unknown mode $MODE" >&3 ;;
esac
echo "@done" >&3
# QEMU ends at a reset (-no-reboot), and every kernel can do that; not every one
# can power off
reboot -f
