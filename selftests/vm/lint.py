# SPDX-License-Identifier: GPL-2.0-only
"""Lint: checkpatch, sparse and W=1 on every lane, shellcheck, mandoc. One case each."""

import subprocess
from concurrent.futures import ThreadPoolExecutor

import build
import cache
import kernel
import report
import source
from run import Failed, Unavailable, progress, run

# checkpatch types that do not apply, and why. All else is an error.
IGNORED = {
    # kselftest programs and the reader are user space: __u8 and friends only
    # where the record ABI needs them, which "PREFER_KERNEL_TYPES" cannot know
    "PREFER_KERNEL_TYPES",
    # names that libc has chosen: Elf64_Phdr, PRIx64
    "CAMELCASE",
}


def _files(*suffixes):
    names = run(["git", "-C", build.tree(), "ls-files", "--cached", "--others", "--exclude-standard"])
    return [n for n in names.splitlines() if n.endswith(suffixes) and (build.tree() / n).exists()]


def checkpatch():
    result = report.Result("", "lint: checkpatch")
    files = [f for f in _files(".c", ".h") if f.split("/")[0] in ("module", "tools", "selftests")]
    script = source.checkpatch()
    elsewhere = cache.home()
    # it looks for names in ROOT/include of a kernel, which there is none of
    (elsewhere / "checkpatch" / "include").mkdir(parents=True, exist_ok=True)
    for name in files:
        # from elsewhere: it leaves a list of names where it is run
        done = subprocess.run(
            ["perl", script, "--strict", "--no-tree", f"--root={elsewhere}/checkpatch", "--no-summary", "--terse", "--show-types",
             "--ignore", ",".join(sorted(IGNORED)), "-f", build.tree() / name],
            cwd=elsewhere, capture_output=True, text=True)
        lines = [l.replace(f"{build.tree()}/", "") for l in (done.stdout + done.stderr).splitlines() if l.strip()]
        if done.returncode or lines:
            result.output += lines
            result.fail(f"checkpatch {name}", f"{len(lines)} complaints")
        else:
            result.cases.append(report.Case(f"checkpatch {name}", "pass"))
    return result


def module(lane):
    """W=1 and sparse on the module build of LANE."""
    result = report.Result("", f"lint: W=1, sparse {lane.name}")
    try:
        result.output = build.warnings(build.modules(lane, kernel.of(lane), lint=True))
    except Unavailable as e:
        return report.unavailable("", result.test, e)
    except Failed as e:
        result.output = str(e).splitlines()
        result.fail("build", "does not build")
        return result
    if result.output:
        result.fail("build", f"{len(result.output)} warnings")
    else:
        result.cases.append(report.Case("build", "pass"))
    return result


def shell():
    result = report.Result("", "lint: shellcheck")
    for name in _files(".sh", ".bash", ".ci/run"):
        done = subprocess.run(["shellcheck", "-x", "-f", "gcc", name], cwd=build.tree(),
                              capture_output=True, text=True)
        if done.returncode:
            result.output += (done.stdout + done.stderr).splitlines()
            result.fail(f"shellcheck {name}", "complaints")
        else:
            result.cases.append(report.Case(f"shellcheck {name}", "pass"))
    return result


def manual():
    result = report.Result("", "lint: mandoc")
    for name in sorted(n for n in _files(".4", ".8") if n.startswith("tools/man/")):
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", name], cwd=build.tree(),
                              capture_output=True, text=True)
        if done.returncode or done.stdout:
            result.output += (done.stdout + done.stderr).splitlines()
            result.fail(f"mandoc {name}", "complaints")
        else:
            result.cases.append(report.Case(f"mandoc {name}", "pass"))
    return result


def all_of(chosen):
    """Every check, its complaints printed as they come."""
    checks = [shell, manual, checkpatch, *(lambda lane=l: module(lane) for l in chosen)]
    out = []
    # what one fetches, another can build beside
    with ThreadPoolExecutor(4) as pool:
        for result in pool.map(lambda check: check().settle(), checks):
            progress.say(f"  {result.test}: {result.cell()}")
            if result.outcome == "fail":
                progress.say("\n".join("    " + l for l in result.output))
            out.append(result)
    return out
