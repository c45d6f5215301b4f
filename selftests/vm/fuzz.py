# SPDX-License-Identifier: GPL-2.0-only
"""The fuzzers of tools/fuzz: built, run for a while, and what they found.

Each begins with the corpus in the repository, and with seeds made by today's
code.  A check throws away what else it comes upon; `make fuzz` keeps it in
fuzz/corpus of the cache and goes on from there.  Inputs that break something
go to fuzz/found of the cache in both cases.
"""

import base64
import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import build
import cache
import report
from run import Failed, progress, reap, run, spawn

PLACE = "tools/fuzz"
SECONDS = {"ci": 60, "full": 600}
# what one input may take: the machine may be busy with VMs
PATIENCE = 60


def names():
    return sorted(p.stem.removeprefix("fuzz_") for p in (build.tree() / PLACE).glob("fuzz_*.c"))


def _missing():
    """Why there can be no fuzzing here, or nothing."""
    if not shutil.which("clang"):
        return "clang is not installed"
    runtime = Path(run(["clang", "-print-runtime-dir"]).strip())
    places = (runtime, runtime.parent / "linux")
    if not any(list(p.glob("libclang_rt.fuzzer*")) for p in places):
        return "libFuzzer is not installed: it is in the package libclang-rt-NN-dev"
    return ""


def _build():
    """(directory of the fuzzers, directory of the seeds)"""
    place = build.tree() / PLACE / "build"
    with progress.step("building the fuzzers"):
        run(["make", "-s", f"-j{os.cpu_count() or 1}", "-C", place.parent], what="building the fuzzers")
        seeds = place / "seeds.d"
        shutil.rmtree(seeds, ignore_errors=True)
        run([place / "seeds", seeds], what="making seeds")
    return place, seeds


def _judge(result, name, output, code, found, program):
    """What a run came to; FOUND is where its findings begin."""
    text = output.decode(errors="replace")
    result.output = text.splitlines()
    stats = dict(re.findall(r"stat::(\w+):\s+(\d+)", text))
    runs = int(stats.get("number_of_executed_units", 0))
    edges = re.findall(r"\bcov: (\d+)", text)
    written = re.findall(r"Test unit written to (\S+)", text)
    if code == 0 and runs and edges and not written:
        result.cases.append(report.Case(f"{name}: {runs} inputs, {edges[-1]} edges", "pass"))
        return
    why = next((l for l in result.output if re.search(r"ERROR: |runtime error|not true", l)), f"ended with {code}")
    result.fail(name, re.sub(r"^==\d+==\s*", "", why))
    for path in written:
        with contextlib.suppress(OSError):
            data = base64.b64encode(Path(path).read_bytes()).decode()
            result.output += [f"# the input is {path}, base64:", f"# {data}",
                              f"# again: {program} {path}"]
    if not written:
        result.output.append(f"# no input was kept in {found}*")


def _one(name, seconds, programs, seeds, grown, scratch):
    result = report.Result("", f"fuzz: {name}")
    found = cache.home() / "fuzz" / "found"
    found.mkdir(parents=True, exist_ok=True)
    # not every fuzzer has both
    begin = [d for d in (seeds / name, build.tree() / PLACE / "corpus" / name) if d.is_dir()]
    new = (grown or scratch / "new") / name
    new.mkdir(parents=True, exist_ok=True)
    program = programs / f"fuzz_{name}"
    argv = [program, f"-max_total_time={seconds}", f"-timeout={PATIENCE}", "-close_fd_mask=3",
            "-print_final_stats=1", f"-artifact_prefix={found}/{name}-", new, *begin]
    env = {**os.environ, "FUZZ_SCRATCH": str(scratch), "ASAN_OPTIONS": "quarantine_size_mb=16"}
    with progress.step(f"fuzz {name}"):
        child = spawn([str(a) for a in argv], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                      stderr=subprocess.STDOUT, env=env, cwd=scratch)
        output = child.stdout.read()
        code = reap(child)
    _judge(result, name, output, code, f"{found}/{name}-", program)
    return result.settle()


def all_of(seconds, keep=False):
    """Every fuzzer, SECONDS for all of them together; one case each."""
    why = _missing()
    if why:
        return [report.Result("", "fuzz", [report.Case("fuzz", "skip", why)]).settle()]
    try:
        programs, seeds = _build()
    except Failed as e:
        result = report.Result("", "fuzz: build", output=str(e).splitlines())
        result.fail("build", "does not build")
        progress.say(str(e))
        return [result]
    jobs = os.cpu_count() or 1
    each = max(1, seconds * jobs // len(names()))
    grown = cache.home() / "fuzz" / "corpus" if keep else None
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    out = []
    with tempfile.TemporaryDirectory(prefix="ptdbg-fuzz-", dir=memory) as scratch, ThreadPoolExecutor(jobs) as pool:
        if keep:
            progress.say(f"  {each} s for each of {len(names())} fuzzers; findings go to {cache.home() / 'fuzz/found'}")
        for result in pool.map(lambda n: _one(n, each, programs, seeds, grown, Path(scratch)), names()):
            progress.say(f"  {result.test}: {result.cell()}, {result.cases[0].name}")
            if result.outcome == "fail":
                progress.say("\n".join("    " + l[:4000] for l in result.output[-60:]))
            out.append(result)
    return out
