# SPDX-License-Identifier: GPL-2.0-only
"""Builds ptdbg.ko, the test modules and the guest programs of a lane.

Sources are copied out of the clone first, so that the clone stays clean and
lanes can build side by side; the result is a cache entry keyed by the sources,
the kernel and the build root.
"""

import os
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

import buildroot
import cache
import lanes
import packages
import source
from run import Failed, run

CLONE = Path(__file__).resolve().parents[2]
INSIDE = "/ptdbg"               # where the copy is bound in the build root
GUEST = "selftests/guest"
TEST_MODULES = f"{GUEST}/modules"
# sparse dies of riscv extensions it does not know, and checks the same without
CHECK = f"""#!/bin/sh
left=$#
while [ $left -gt 0 ]; do
	word=$1
	shift
	case $word in
	-march=rv*) word=${{word%%_*}} ;;
	esac
	set -- "$@" "$word"
	left=$((left - 1))
done
exec {INSIDE}-sparse/usr/bin/sparse "$@"
"""
PROGRAM_SUITE = "trixie"        # has the cross compilers and their libc
PROGRAM_CC = "gcc-14"
READER = "ptdbg"                # the program of tools/


def tree():
    """The sources to build: this clone, or PTDBG_TREE (to try the lab itself)."""
    return Path(os.environ.get("PTDBG_TREE") or CLONE).resolve()


def sources(*places):
    """Files below PLACES of the tree, relative, without what builds leave behind."""
    top = tree()
    out = []
    for place in places:
        start = top / place
        found = [start] if start.is_file() else start.rglob("*")
        for path in found:
            name = path.relative_to(top)
            if path.is_file() and re.search(r"(\.[chS]|\.lds|Kbuild|Makefile|\.mk|\.inc|\.def|\.html|\.css|\.js)$", path.name) \
               and not path.name.endswith(".mod.c") and not any(p.startswith(".") for p in name.parts):
                out.append(name)
    return sorted(set(out))


def _sums(names):
    top = tree()
    return [(str(n), cache.file_sum(top / n)) for n in names]


def _copy(names, into):
    top = tree()
    for name in names:
        dest = into / name
        dest.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(top / name, dest)


@dataclass(frozen=True)
class Modules:
    path: Path                  # holds ptdbg.ko, *.ko, unstripped/*.ko, build.log

    @property
    def files(self):
        return sorted(self.path.glob("*.ko"))

    @property
    def whole(self):
        """ptdbg.ko with all that debuggers and objdump want to know."""
        return self.path / "unstripped/ptdbg.ko"

    @property
    def log(self):
        return (self.path / "build.log").read_text(errors="replace")


def modules(lane, kernel, lint=False):
    """ptdbg.ko and the test modules for KERNEL; with LINT, W=1 and sparse.

    The checkers change no object code, so a build with them serves both.
    """
    names = sources("Kbuild", "module", TEST_MODULES)
    if Path("Kbuild") not in names:
        raise Failed(f"{tree()} has no Kbuild: nothing to build")
    key = cache.digest(_sums(names), kernel.key, lane.compiler, lane.suite.include, CHECK, 2)
    # by kernel, for lanes may share one
    linted, plain = (f"{kernel.release}_{word}_{key}" for word in ("lint", "build"))
    lint = lint or cache.has("module", linted)
    return Modules(cache.entry("module", linted if lint else plain,
                               f"{'lint' if lint else 'build'} modules for {lane.name}",
                               lambda d: _modules(lane, kernel, names, d, lint)))


def _modules(lane, kernel, names, into, lint):
    work = into / "src"
    _copy(names, work)
    log = into / "build.log"
    binds = [*kernel.binds, (work, INSIDE)]
    command = ["make", f"-j{os.cpu_count() or 1}", "-C", kernel.kdir,
               f"ARCH={lane.arch.kernel_arch}", f"CROSS_COMPILE={lane.arch.triplet}-",
               f"CC={lane.compiler}"]
    if lint:
        binds.append((sparse(lane.suite), f"{INSIDE}-sparse"))
        command += ["W=1", "C=1", f"CHECK={INSIDE}-sparse/check"]
    parts = [""] + ([f"/{TEST_MODULES}"] if any(str(n).startswith(TEST_MODULES) for n in names) else [])
    for part in parts:
        extra = [f"KBUILD_EXTRA_SYMBOLS={INSIDE}/Module.symvers"] if part else []
        buildroot.enter(lane.suite, [*command, f"M={INSIDE}{part}", *extra, "modules"], binds, log,
                        f"building modules for {lane.name}")
    kos = sorted(work.rglob("*.ko"))
    if not kos:
        raise Failed(f"the build for {lane.name} made no module")
    (into / "unstripped").mkdir()
    for ko in kos:
        shutil.move(ko, into / "unstripped" / ko.name)
    # debug info is most of a module, and the guest has no use for it
    shutil.copytree(into / "unstripped", work / "strip")
    buildroot.enter(lane.suite, ["sh", "-c", f"{lane.arch.triplet}-strip --strip-debug *.ko"], binds, log,
                    "strip", cwd=f"{INSIDE}/strip")
    for ko in (work / "strip").glob("*.ko"):
        shutil.copyfile(ko, into / ko.name)
    shutil.rmtree(work)
    return [k.name for k in kos] + ["build.log"]


def sparse(suite):
    """The sparse of SUITE, unpacked alone: as a package it would bring LLVM."""
    package = packages.one(suite, lanes.NATIVE, "sparse")

    def make(into):
        packages.unpack(suite, [package], into, ["./usr/bin/sparse"])
        (into / "check").write_text(CHECK)
        (into / "check").chmod(0o755)
        return ["usr/bin/sparse", "check"]
    return cache.entry("sparse", f"{packages.ident(package)}_{cache.digest(CHECK)}",
                       f"sparse ({suite.archive})", make)


def warnings(modules_built):
    """The complaints in a build log, paths as in the clone."""
    out = []
    for line in modules_built.log.splitlines():
        if re.search(r"\b(warning|error):|^WARNING:|^ERROR:", line):
            out.append(line.replace(f"{INSIDE}/", ""))
    return out


def programs(lane, names, kselftest):
    """Static guest programs (NAMES.c of selftests/guest) for LANE's architecture.

    KSELFTEST: some of them include the kernel's kselftest headers.
    """
    if not names:
        return []
    suite = lanes.suites()[PROGRAM_SUITE]
    files = sources("module/uapi", "module/core", GUEST, "tools")
    files = [f for f in files if not str(f).startswith(TEST_MODULES) or f.suffix == ".h"]
    for name in names:
        if name != READER and Path(f"{GUEST}/{name}.c") not in files:
            raise Failed(f"tests.toml names program {name}, but {GUEST}/{name}.c is not there")
    libs = [f for f in files if f.match(f"{GUEST}/lib/*.c")]
    headers = source.kselftest() if kselftest else None
    used = [f for f in files if f.suffix == ".h" or f in libs]
    library = _library(lane.arch, suite, used, headers) if set(names) - {READER} else None
    place = None
    for name in names:
        if name == READER:
            yield reader(lane.arch)
            continue
        main = Path(f"{GUEST}/{name}.c")
        # one that is too much for a file has a directory of its name besides
        own = [f for f in files if f.match(f"{GUEST}/{name}/*.c")]
        # a program that includes the decoders is linked with them
        core = [f for f in files if f.match("module/core/*.c")] \
            if '#include "core/' in (tree() / main).read_text() else []
        key = cache.digest(_sums([main, *used, *core, *own]), suite.include, headers and headers.name, 5)
        place = cache.entry("programs", f"{lane.arch.name}_{name}_{key}", f"program {name} ({lane.arch.name})",
                            lambda d: _program(lane, suite, main, own + core, library, files, headers, d))
        yield place / name


def reader(arch):
    """The reader, built static for ARCH."""
    suite = lanes.suites()[PROGRAM_SUITE]
    files = sources("module/uapi", "module/core", "tools")
    key = cache.digest(_sums(files), suite.include, 1)

    def make(into):
        work = into / "src"
        _copy(files, work)
        buildroot.enter(suite, ["make", "-s", "-C", "tools", f"CC={arch.triplet}-{PROGRAM_CC}",
                                "LDFLAGS=-static", f"O={INSIDE}/out"],
                        [(work, INSIDE)], into / "build.log", f"building the reader for {arch.name}", cwd=INSIDE)
        shutil.copy(work / "out" / READER, into / READER)
        shutil.rmtree(work)
        return [READER]
    return cache.entry("programs", f"{arch.name}_{READER}_{key}", f"the reader ({arch.name})", make) / READER


def reader_here():
    """The reader with what this machine has libraries for, built by its own compiler."""
    files = sources("module/uapi", "module/core", "tools")
    # what it would do, with which libraries
    plan = run(["make", "-s", "-n", "-C", tree() / "tools", "O=/out"], what="make -n tools")
    key = cache.digest(_sums(files), plan)

    def make(into):
        work = into / "src"
        _copy(files, work)
        run(["make", "-s", "-C", work / "tools", f"O={into}"], log=into / "build.log", what="building the reader")
        shutil.rmtree(work)
        return [READER]
    return cache.entry("programs", f"here_{READER}_{key}", "the reader (this machine)", make) / READER


def _flags(headers):
    """(compiler flags, what to bind) for guest programs."""
    flags = ["-static", "-O2", "-g0", "-Wall", "-Wextra", "-D_GNU_SOURCE", "-pthread",
             f"-I{INSIDE}/module", f"-I{INSIDE}/module/uapi", f"-I{INSIDE}/{GUEST}", f"-I{INSIDE}/{GUEST}/lib"]
    if not headers:
        return flags, []
    # they are the kernel's own: no concern of our warnings
    return [*flags, "-isystem", f"{INSIDE}-kselftest"], [(headers, f"{INSIDE}-kselftest")]


def _library(arch, suite, files, headers):
    """What the guest programs share, as an archive."""
    key = cache.digest(_sums(files), suite.include, headers and headers.name, 1)

    def make(into):
        work = into / "src"
        _copy(files, work)
        (work / "objects").mkdir()
        flags, binds = _flags(headers)
        compiler = shlex.join([f"{arch.triplet}-{PROGRAM_CC}", *flags])
        buildroot.enter(suite, ["sh", "-ec", f"{compiler} -c {INSIDE}/{GUEST}/lib/*.c; "
                                f"{arch.triplet}-ar rc ../library.a *.o"],
                        [(work, INSIDE), *binds], into / "build.log",
                        f"building the library of the guest programs for {arch.name}", cwd=f"{INSIDE}/objects")
        shutil.copy(work / "library.a", into / "library.a")
        shutil.rmtree(work)
        return ["library.a"]
    return cache.entry("programs", f"{arch.name}_library_{key}", f"library of the guest programs ({arch.name})",
                       make) / "library.a"


def _program(lane, suite, main, more, library, files, headers, into):
    work = into / "src"
    _copy(files, work)
    shutil.copy(library, work / "library.a")
    flags, binds = _flags(headers)
    buildroot.enter(suite, [f"{lane.arch.triplet}-{PROGRAM_CC}", *flags, "-o", f"{INSIDE}/{main.stem}.out",
                            str(main), *map(str, more), "library.a"],
                    [(work, INSIDE), *binds], into / "build.log", f"building {main} for {lane.arch.name}", cwd=INSIDE)
    shutil.copy(work / f"{main.stem}.out", into / main.stem)
    shutil.rmtree(work)
    return [main.stem]
