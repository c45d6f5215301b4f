# SPDX-License-Identifier: GPL-2.0-only
#
# What people type. How the module is built is in Kbuild, which make must not
# find here: DKMS passes KERNELRELEASE, so one file cannot serve both.

KERNEL ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KERNEL)/build
LANE ?=
TEST ?=
J ?=

VM := selftests/vm
LAB := python3 $(VM)/lab.py
lane = $(if $(LANE),--lane '$(LANE)')
# a guest test and nothing else
test = $(if $(TEST),--only guest --test '$(TEST)')
jobs = $(if $(J),-j $(J))

.PHONY: all modules modules_install install clean
# the reader, for this machine
.PHONY: tools install-tools
tools:
	@$(MAKE) -C tools

install-tools:
	@$(MAKE) -C tools install

.PHONY: vm gdb demo check check-full lint host-check fuzz bench soak lanes help

all: modules

# kbuild finds ARCH, CROSS_COMPILE and CC in the environment of this make
modules modules_install clean: | kdir
	$(MAKE) -C $(KDIR) M=$(CURDIR) $@

install: modules_install
	depmod -a $(KERNEL)

.PHONY: kdir
kdir:
	@test -e "$(KDIR)/Makefile" || { \
	echo "There are no kernel headers at $(KDIR): install the package linux-headers-$(KERNEL), or name another tree with KDIR=." >&2; \
	exit 1; }

vm:
	@$(VM)/setup.sh $(if $(LANE),check,demo)
	@$(LAB) vm $(lane)

gdb:
	@$(VM)/setup.sh check
	@$(LAB) gdb $(lane)

demo:
	@$(VM)/setup.sh demo
	@$(LAB) demo

check:
	@$(VM)/setup.sh check
	@$(LAB) check $(lane) $(test) $(jobs)

check-full:
	@$(VM)/setup.sh check
	@$(LAB) check --size full $(lane) $(test) $(jobs)

lint:
	@$(VM)/setup.sh check
	@$(LAB) lint $(lane)

host-check:
	@$(MAKE) -s -C selftests/host check

fuzz:
	@$(VM)/setup.sh check
	@$(LAB) fuzz $(if $(FUZZ_SECONDS),--seconds '$(FUZZ_SECONDS)')

bench:
	@$(VM)/setup.sh bench
	@$(LAB) bench $(lane) $(if $(JSON),--json '$(JSON)') $(if $(SVG),--svg '$(SVG)')

soak:
	@$(VM)/setup.sh check
	@$(LAB) soak $(lane) $(if $(MINUTES),--minutes '$(MINUTES)')

lanes:
	@$(LAB) list

help:
	@echo "make                  build ptdbg.ko for the running kernel, or for KDIR= ARCH= CROSS_COMPILE="
	@echo "make install          build and install it for that kernel (as root)"
	@echo "make tools            build the reader, tools/build/ptdbg"
	@echo "make install-tools    install it with its man pages and completions, to PREFIX=/usr/local"
	@echo "make clean            remove what the build made"
	@echo "make demo             boot a riscv64 kernel and watch the founding bug explained"
	@echo "make vm [LANE=]       a shell in a VM with the module beside it"
	@echo "make gdb [LANE=]      the same, stopped for gdb, which then knows ptdbg"
	@echo "make check [LANE=]    every test: lint, host tests, guest tests on every lane"
	@echo "make check-full       the same tests at full size; TEST= takes only that guest test"
	@echo "make lint [LANE=]     checkpatch, sparse, W=1, shellcheck"
	@echo "make host-check       only the tests of the pure code"
	@echo "make fuzz [FUZZ_SECONDS=]  the fuzzers of the reader, for an hour"
	@echo "make bench [LANE=] [JSON=] [SVG=]  what a page fault costs, in guest instructions"
	@echo "make soak [LANE=] [MINUTES=]  everything at once under ptdbg, for 10 minutes"
	@echo "make lanes            the kernels that tests run on"
	@echo "demo, vm, check, soak and lint install what they need (Debian packages) and"
	@echo "keep downloads and builds in \$${PTDBG_CACHE:-~/.cache/ptdbg}."
