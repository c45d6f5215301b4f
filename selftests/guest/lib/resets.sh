# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# For a test that goes on after a reset of its machine: the first sectors of
# /dev/vda say how far it is.

# read_stage: what was written last, or 0
read_stage() {
	stage=$(head -c 512 /dev/vda | tr -d '\0')
	echo "${stage:-0}"
}

# write_stage NUMBER
write_stage() {
	printf %s "$1" | dd of=/dev/vda bs=512 count=1 conv=sync,fsync 2>/dev/null
}
