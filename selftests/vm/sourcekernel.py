# SPDX-License-Identifier: GPL-2.0-only
"""Kernels built from the source package: for what Debian's own kernels lack.

tinyconfig plus the lane's options, so that it builds in minutes. Kept in the
cache by source version and options, in the shape that kernel.py gives
Debian's: a directory that boots and one that modules are built against.
"""

import os
import re
import shutil

import buildroot
import cache
import packages
import source
from run import Failed

INSIDE = "/ptdbg-kernel"


def fragment(lane):
    """The options as a config file: "X" is X=y, "X=n" is unset."""
    lines = []
    for option in lane.config:
        name, _, value = option.partition("=")
        lines.append(f"# CONFIG_{name} is not set" if value == "n" else f"CONFIG_{name}={value or 'y'}")
    return "\n".join(lines) + "\n"


def make(lane):
    """(image directory, headers directory, KDIR in the build root, key)."""
    tarball = source.tarball(lane.source)
    key = cache.digest(tarball.parent.name, fragment(lane), lane.compiler, lane.build_suite.include, 1)
    place = cache.entry("kernel", f"{lane.name}_{key}", f"kernel of {lane.name}, from source",
                        lambda d: _make(lane, tarball, d))
    return place / "image", place / "headers", f"/usr/src/linux-headers-{lane.name}", key


def _make(lane, tarball, into):
    tree = into / "tree"
    tree.mkdir()
    packages.extract(["xz", "-dc", "-T0", str(tarball)],
                     ["tar", "-C", str(tree), "-x", "--strip-components=1",
                      "--exclude=*/Documentation/*/*", "--exclude=*/tools/testing"],
                     tarball.name)
    (tree / "lab.config").write_text(fragment(lane))
    log = into / "build.log"
    # their scripts look for a compiler of the plain name where none is said
    variables = [f"ARCH={lane.arch.kernel_arch}", f"CC={lane.compiler}", f"HOSTCC={lane.compiler}",
                 f"CROSS_COMPILE={lane.arch.triplet}-", "LOCALVERSION="]

    def step(*argv):
        buildroot.enter(lane.build_suite, argv, [(tree, INSIDE)], log, f"building the kernel of {lane.name}",
                        cwd=INSIDE)

    step("make", *variables, "tinyconfig")
    step("sh", "-c", "cat lab.config >>.config")
    step("make", *variables, "olddefconfig")
    _check_config(lane, (tree / ".config").read_text())
    step("make", f"-j{os.cpu_count() or 1}", *variables, "all")
    step("make", *variables, "run-command",
         f"KBUILD_RUN_COMMAND=$(srctree)/scripts/package/install-extmod-build {INSIDE}/lab-headers")
    return _keep(lane, tree, into)


def _check_config(lane, config):
    """Kconfig drops what it cannot satisfy, silently: not with us."""
    have = dict(re.findall(r"^CONFIG_(\w+)=(.*)$", config, re.M))
    for option in lane.config:
        name, _, value = option.partition("=")
        if have.get(name, "n") != (value or "y"):
            raise Failed(f"the kernel of {lane.name} would have {name}={have.get(name, 'n')}, "
                         f"and lanes.toml asks for {value or 'y'}")


def _keep(lane, tree, into):
    image, usr = into / "image", into / "headers/usr/src"
    (image / "modules").mkdir(parents=True)
    (image / "modules/order").write_text("")        # all that is needed is built in
    boot = {"x86": "bzImage"}.get(lane.arch.kernel_arch, "Image")
    shutil.copy(tree / f"arch/{lane.arch.kernel_arch}/boot/{boot}", image / "vmlinuz")
    shutil.copy(tree / ".config", image / "config")
    shutil.copy(tree / "System.map", image / "System.map")
    shutil.copy(tree / "include/config/kernel.release", image / "release")
    more = []
    if any(o.startswith("DEBUG_INFO_") for o in lane.config):
        # what debuggers read; where there is no debug info it is of no use
        (tree / "vmlinux").rename(image / "vmlinux")
        more.append("image/vmlinux")
    usr.mkdir(parents=True)
    headers = usr / f"linux-headers-{lane.name}"
    (tree / "lab-headers").rename(headers)
    shutil.copy(tree / ".config", headers / ".config")
    shutil.rmtree(tree)
    top = headers.relative_to(into)
    return ["image/vmlinuz", "image/release", "image/config", "image/modules/order",
            top / "Module.symvers", top / "Makefile", top / "scripts/mod/modpost", *more]
