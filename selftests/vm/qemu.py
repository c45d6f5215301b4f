# SPDX-License-Identifier: GPL-2.0-only
"""One virtual machine: the QEMU command line, its life and its end."""

import contextlib
import json
import os
import platform
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import debugger
import monitor
import outside
from channel import ASK, Channel, Closed, TimedOut
from run import Failed, reap, run, spawn

DISK = 128 << 20    # bytes; sparse

def accelerator(lane):
    """KVM only where it really works: /dev/kvm alone can hang every guest."""
    tcg = list(lane.arch.tcg)
    if lane.arch.machine != platform.machine() or not os.access("/dev/kvm", os.R_OK | os.W_OK) \
       or os.environ.get("PTDBG_NO_KVM"):
        return tcg
    if lane.arch.name == "amd64":
        # nested hosts may offer the device without the CPU behind it
        if not re.search(r"^flags\s*:.*\b(vmx|svm)\b", Path("/proc/cpuinfo").read_text(), re.M):
            return tcg
    return list(lane.arch.kvm)


def emulated(lane):
    """Is the guest's CPU QEMU's, and not the host's?"""
    return accelerator(lane) == list(lane.arch.tcg)


def _device_tree(lane, machine, place):
    """QEMU's own device tree for MACHINE, with the lane's word on the MMU."""
    run([*machine, "-machine", f"dumpdtb={place}"], what="the device tree of QEMU")
    # as long as the old one, so that nothing moves
    wanted = lane.mmu_type.encode()
    blob = re.sub(rb"riscv,sv\d\d(?=\0)", wanted, place.read_bytes())
    if blob.count(wanted) == 0:
        raise Failed(f"{machine[0]} says nothing of the MMU in its device tree")
    place.write_bytes(blob)
    return ["-dtb", str(place)]


@dataclass(frozen=True)
class Machine:
    """What a boot may have that is not its lane's; see tests.py."""
    cmdline: str = ""
    smp: int | None = None
    memory: int | None = None
    qemu: tuple = ()

    @property
    def ends(self):
        """Does a reset end it?"""
        return "reboot=reset" not in self.qemu


def command(lane, kernel, initrd, its=Machine(), extra=()):
    append = f"console={lane.arch.console} quiet panic=-1 log_buf_len=4M {lane.cmdline} {its.cmdline}"
    # only an emulator counts instructions
    tcg = "-icount" in its.qemu
    smp = str(its.smp or lane.smp)
    if lane.source:
        # without ACPI a kernel knows the CPUs of the MP table, which has one of each socket
        smp += f",sockets={smp}"
    # a test may want what a reset leaves: "-action reboot=reset" after this
    machine = [*lane.arch.qemu, *(lane.arch.tcg if tcg else accelerator(lane)), "-m", str(its.memory or lane.memory),
               "-smp", smp, "-no-reboot", *its.qemu]
    if lane.mmu_type:
        extra = [*_device_tree(lane, machine, initrd.with_suffix(".dtb")), *extra]
    return [*machine, "-kernel", str(kernel.image / "vmlinuz"), "-initrd", str(initrd),
            "-append", " ".join(append.split()), "-nic", "none", *extra]


class VM:
    """A guest with a channel; a context manager that leaves nothing behind.

    KO is the module with what a debugger wants to know of it.
    """

    def __init__(self, lane, kernel, initrd, console, ko, its=Machine()):
        self.console = console
        self.ko = ko
        self.arch = lane.arch.name
        self.channel = Channel()
        self.stub = self.channel.place / "gdb"
        self.monitor = self.channel.place / "qmp"
        argv = command(lane, kernel, initrd, its,
                       ["-display", "none", "-monitor", "none", "-serial", f"file:{console}",
                        # of no weight while nobody connects
                        "-chardev", f"socket,id=gdb,path={self.stub},server=on,wait=off", "-gdb", "chardev:gdb",
                        "-qmp", f"unix:{self.monitor},server=on,wait=off",
                        *self.channel.qemu_args(), *self._disk()])
        # should we be killed, the VM must not outlive us
        argv = ["setpriv", "--pdeathsig", "KILL", "--", *argv]
        self.argv = argv
        self.errors = console.with_suffix(".qemu")
        with open(self.errors, "wb") as errors:
            try:
                self.child = spawn(argv, stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)
            except FileNotFoundError as e:
                raise Failed(f"{e.filename} is not installed: run selftests/vm/setup.sh") from None

    def _disk(self):
        """A disk of zeros, for the guest to swap to."""
        image = self.channel.place / "disk"
        with open(image, "wb") as disk:
            disk.truncate(DISK)
        return ["-drive", f"file={image},format=raw,if=none,id=disk",
                "-device", "virtio-blk-pci,drive=disk"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child.poll() is None:
            self.child.kill()
        reap(self.child)
        self.channel.close()

    def line(self, until):
        """The next line of the channel; notices that QEMU died before it spoke."""
        while True:
            try:
                return self.channel.line(min(until, time.monotonic() + 1))
            except TimedOut:
                if self.child.poll() is not None:
                    raise Closed() from None
                if time.monotonic() >= until:
                    raise

    def answer(self, question, until):
        """What the guest asks through ptdbg.ask: look at it from outside."""
        if question == "dump":
            self.channel.say(monitor.dump(self.monitor, self.console))
            return
        if question == "dump virtual":
            self.channel.say(monitor.dump(self.monitor, self.console, monitor.VIRTUAL))
            return
        if question == "dump panic":
            self._dump_panicked(until)
            return
        if question.startswith("snapshot "):
            self._snapshot(question.split()[1])
            return
        asked = re.match(r"\w+ (\d+)", question)
        blob = self.channel.blob(int(asked.group(1)) if asked else 0, until, ASK)
        if question.startswith("gdb "):
            lines = debugger.answer(self.stub, self.ko, blob)
        else:
            lines = outside.answer(self.stub, self.arch, question, blob)
        self.channel.say(lines)

    def _dump_panicked(self, until):
        """The guest is about to panic: a dump of it after that, and its end."""
        while "end Kernel panic" not in self.console_text():
            if self.child.poll() is not None or time.monotonic() >= until:
                return
            time.sleep(0.1)
        for line in monitor.dump(self.monitor, self.console):
            # to where a host's part finds it
            self.console.with_suffix(".dump").write_text(line + "\n")
        self.child.kill()

    def _snapshot(self, name):
        """A snapshot beside the console, and how to run it; NAME is the answer to this machine."""
        try:
            monitor.snapshot(self.monitor, self.console.with_suffix(f".{name}"))
        except (OSError, ValueError) as e:
            self.channel.say([f"failed {e}"])
            return
        self.console.with_suffix(".argv").write_text(json.dumps(
            {"argv": self.argv, "channel": str(self.channel.place), "console": str(self.console)}))
        self.channel.say([name])

    def ended(self, patience):
        """Wait for QEMU to end by itself."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.child.wait(patience)
        return self.child.poll()

    def console_text(self):
        with contextlib.suppress(OSError):
            return self.console.read_text(errors="replace")
        return ""

    def why_gone(self):
        """("panic"|"lost", detail), after the channel closed or went silent."""
        code = self.ended(10)
        text = self.console_text()
        m = re.search(r"Kernel panic - not syncing.*", text)
        if m:
            return "panic", m.group(0).strip()
        if code == 0:
            return "panic", "the guest reset or powered off without saying so"
        if code is None:
            return "lost", "the channel closed while QEMU went on"
        detail = self.errors.read_text(errors="replace").strip() or \
            (f"killed by signal {-code}" if code < 0 else f"exit code {code}")
        return "lost", f"QEMU ended: {detail}"
