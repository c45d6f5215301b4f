# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's own selftests, from its source package: a directory of programs.

Built static by the kernel's own Makefile, for an architecture, and never
committed. What they take from libraries comes from Debian's packages of that
architecture, unpacked beside.
"""

import os
import shutil

import build
import buildroot
import cache
import lanes
import packages
import source

INSIDE = "/ptdbg-selftests"
LIBRARIES = ("libcap-dev", "libnuma-dev", "liburing-dev")
# what any of them includes, and what the Makefiles ask the compiler with
BESIDE = ("*.h", "lib.mk", "x86/check_cc.sh", "x86/trivial_*", "arm64/signal/*.h", "arm64/signal/*/*.h")
HEADERS = ("tools/include/uapi", "tools/arch/*/include", "include/vdso", "mm/gup_test.h", "lib/test_hmm_uapi.h")
# khugepaged uses it and does not include what has it
FLAGS = "-static -w -DKSFT_SKIP=4"


def path(arch, collection):
    """The directory with what tools/testing/selftests/COLLECTION makes for ARCH."""
    suite = lanes.suites()[build.PROGRAM_SUITE]
    tarball = source.tarball(source.PACKAGE)
    libraries = [packages.one(suite, arch.name, name) for name in LIBRARIES]
    key = cache.digest(tarball.parent.name, [packages.ident(p) for p in libraries], suite.include, build.PROGRAM_CC, FLAGS, 1)
    place = cache.entry("programs", f"{arch.name}_selftests-{collection}_{key}",
                        f"the kernel's {collection} selftests ({arch.name})",
                        lambda d: _make(arch, suite, collection, tarball, libraries, d))
    return place / collection


def _make(arch, suite, collection, tarball, libraries, into):
    work = into / "work"
    tree, made = work / "tree", into / collection
    tree.mkdir(parents=True)
    made.mkdir()
    below = [f"{source.SELFTESTS}/{name}" for name in (f"{collection}/*", *BESIDE)]
    packages.extract(["xz", "-dc", "-T0", str(tarball)],
                     ["tar", "-C", str(tree), "-x", "--strip-components=1", "--wildcards", "--no-wildcards-match-slash",
                      *(f"*/{name}" for name in [*below, *HEADERS])], tarball.name)
    packages.unpack(suite, libraries, work)
    include, lib = f"{INSIDE}/usr/include", f"{INSIDE}/usr/lib/{arch.triplet}"
    # the Makefile asks for liburing with the compiler alone, so that it is told here
    command = ["env", f"C_INCLUDE_PATH={include}", "make", "-k", f"-j{os.cpu_count() or 1}",
               "-C", f"{INSIDE}/tree/{source.SELFTESTS}/{collection}",
               # as uname calls it, but for one
               f"ARCH={arch.machine.replace('aarch64', 'arm64')}", f"CC={arch.triplet}-{build.PROGRAM_CC}",
               f"USERCFLAGS={FLAGS} -L{lib}", f"OUTPUT={INSIDE}/made"]
    (work / "made").mkdir()
    buildroot.enter(suite, command, [(work, INSIDE)], into / "build.log",
                    f"building the kernel's {collection} selftests for {arch.name}")
    buildroot.enter(suite, ["sh", "-c", f"{arch.triplet}-strip made/*"], [(work, INSIDE)], into / "build.log",
                    "strip", cwd=INSIDE)
    for program in sorted((work / "made").iterdir()):
        shutil.copy(program, made / program.name)
    shutil.rmtree(work)
    return [f"{collection}/{p.name}" for p in sorted(made.iterdir())]
