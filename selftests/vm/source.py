# SPDX-License-Identifier: GPL-2.0-only
"""What only the kernel's source package has: kselftest, checkpatch, the source.

Taken from linux-source at set-up time and never committed. The tar ball stays
in the entry, for the lanes whose kernel is built from it.
"""

import shutil

import cache
import lanes
import packages

PACKAGE = "linux-source-6.12"
SUITE = "trixie"
SELFTESTS = "tools/testing/selftests"
WANTED = [f"{SELFTESTS}/kselftest.h", f"{SELFTESTS}/kselftest_harness.h", f"{SELFTESTS}/run_kselftest.sh",
          f"{SELFTESTS}/kselftest/*", "scripts/checkpatch.pl", "scripts/spelling.txt",
          "scripts/const_structs.checkpatch", "scripts/checkpatch*"]


def path(name=PACKAGE):
    """The entry: tree/ with the parts above, and the tar ball."""
    package = packages.one(lanes.suites()[SUITE], lanes.NATIVE, name)
    return cache.entry("source", packages.ident(package) + "_" + cache.digest(WANTED),
                       f"kernel source {package['version']}", lambda d: _make(package, d))


def _make(package, into):
    packages.unpack(lanes.suites()[SUITE], [package], into, ["./usr/src/*.tar.xz"])
    tar = next((into / "usr/src").glob("*.tar.xz"))
    tar.rename(into / "linux.tar.xz")
    shutil.rmtree(into / "usr")
    tree = into / "tree"
    tree.mkdir()
    packages.extract(["xz", "-dc", "-T0", str(into / "linux.tar.xz")],
                     ["tar", "-C", str(tree), "-x", "--strip-components=1", "--wildcards",
                      *("*/" + w for w in WANTED)], PACKAGE, lenient=True)
    return ["linux.tar.xz", f"tree/{SELFTESTS}/kselftest.h", f"tree/{SELFTESTS}/run_kselftest.sh",
            f"tree/{SELFTESTS}/kselftest/runner.sh", "tree/scripts/checkpatch.pl"]


def kselftest():
    """Directory of kselftest.h, kselftest_harness.h, run_kselftest.sh, kselftest/."""
    return path() / "tree" / SELFTESTS


def checkpatch():
    return path() / "tree" / "scripts" / "checkpatch.pl"


def tarball(name):
    return path(name) / "linux.tar.xz"
