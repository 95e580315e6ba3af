# SPDX-License-Identifier: GPL-2.0
"""Runs one guest: QEMU's command line, its channels, and how it ended.

A guest has these channels, each a socket pair of which QEMU inherits one end,
so that nothing is left behind on the host whatever dies first:

    console  kernel log, to the log file; SysRq keys go in as break + key
    out      what the command printed, to our standard output
    ctl      lines from the guest:  up | exit STATUS | sysrq KEY
    qmp      QEMU's monitor

Only "exit STATUS" on ctl is a result.  A guest that goes away or falls silent
without it is an error, whatever it printed: see Outcome.
"""
import ctypes
import json
import os
import re
import selectors
import signal
import socket
import subprocess
import time

import tsc

# Exit statuses of the harness itself; a command's own status passes unchanged.
PANIC, LOST, TIMEOUT, UNUSABLE = 120, 121, 124, 125

REPORT = re.compile(
    rb"(WARNING: |BUG: |INFO: (?:rcu|task .* blocked|possible|suspicious)|"
    rb"rcu: INFO: |UBSAN: |Oops: |general protection fault|unreferenced object)")


class Unusable(Exception):
    """QEMU cannot be used as asked; the text says why and what to do."""


class Outcome:
    """How a guest ended: the status to leave with and a sentence for it.

    show_from is the place in the log (bytes) from which on all of it is worth
    showing, whatever its length; None where its last lines do.
    """

    def __init__(self, status, why=None, show_log=False, show_from=None):
        self.status, self.why = status, why
        self.show_log, self.show_from = show_log, show_from


def version(binary="qemu-system-x86_64"):
    """QEMU's version as a tuple, from its own mouth."""
    try:
        text = subprocess.run([binary, "--version"], capture_output=True,
                              text=True, check=True).stdout
    except FileNotFoundError:
        raise Unusable(f"{binary} is not installed: run 'make setup', or install "
                       "qemu-system-x86 (10 or newer for ICOUNT=1)") from None
    except subprocess.CalledProcessError as e:
        raise Unusable(f"{binary} --version failed: {e.stderr.strip()}") from None
    m = re.search(r"version (\d+)\.(\d+)\.(\d+)", text)
    if not m:
        raise Unusable(f"cannot read the version of {binary}: {text.splitlines()[:1]}")
    return tuple(map(int, m.groups()))


class Machine:
    """What the guest is made of; turned into QEMU's arguments by arguments()."""

    def __init__(self, kernel, initrd, smp="4", numa=0, mem="2G", accel="tcg",
                 icount=False, shift=0, append="", share_root=False,
                 binary="qemu-system-x86_64"):
        self.kernel, self.initrd, self.smp, self.numa = kernel, initrd, smp, numa
        self.mem, self.accel, self.icount, self.shift = mem, accel, icount, shift
        self.append, self.share_root, self.binary = append, share_root, binary
        self.cpus = int(re.match(r"(?:cpus=)?(\d+)", smp).group(1))

    def kernel_arguments(self):
        args = ["console=ttyS0,115200", "rdinit=/init", "panic=-1", "oops=panic",
                "sysrq_always_enabled", "unknown_nmi_panic", "random.trust_cpu=on",
                # a dump of all tasks overwrites nothing that was not read yet
                "log_buf_len=4M",
                # TCG's counters tick together; the kernel's check of that
                # compares clocks that a busy host delays, and gives up on it
                "tsc=reliable",
                # sched_ext's own watchdog, at 30 s, comes first; and a guest that
                # waits for the host's CPUs has no stall
                "rcupdate.rcu_cpu_stall_timeout=60"]
        if self.icount:
            args += ["nokaslr", "tsc_early_khz=1000000"]
        elif self.accel == "tcg" and tsc.khz():
            args.append(f"tsc_early_khz={tsc.khz()}")
        return " ".join(args + [self.append]).strip()

    def arguments(self):
        if self.icount:
            # also the wall clock counts instructions: the kernel waits for its tick
            accel = ["-accel", "tcg,thread=single", "-icount", f"shift={self.shift},sleep=off",
                     "-rtc", "base=2026-01-01,clock=vm"]
        elif self.accel == "kvm":
            accel = ["-accel", "kvm"]
        else:
            accel = ["-accel", "tcg,thread=multi"]
        args = [self.binary, "-nodefaults", "-no-user-config", "-display", "none",
                "-no-reboot", "-machine", "q35", "-cpu",
                self._cpu_model(),
                *accel, "-smp", self.smp, "-m", self.mem,
                "-kernel", self.kernel, "-initrd", self.initrd,
                "-append", self.kernel_arguments()]
        if self.numa > 1:
            args += self._numa_arguments()
        if self.share_root:
            args += ["-fsdev", "local,id=root,path=/,security_model=none,"
                     "readonly=on,multidevs=remap",
                     "-device", "virtio-9p-pci,fsdev=root,mount_tag=host"]
        return args

    def _cpu_model(self):
        if self.accel == "kvm" and not self.icount:
            return "host"
        # TCG's "max" is an AMD of no family in particular, whose SMT siblings
        # the kernel does not recognise; those of an Intel it does
        return "max,vendor=GenuineIntel" if "threads=" in self.smp else "max"

    def _numa_arguments(self):
        """Equal shares of memory and neighbouring CPUs for each node."""
        if self.cpus % self.numa:
            raise Unusable(f"NUMA={self.numa} does not divide {self.cpus} CPUs")
        total, share = _bytes(self.mem), self.cpus // self.numa
        args = []
        for node in range(self.numa):
            args += ["-object", f"memory-backend-ram,id=mem{node},size={total // self.numa}",
                     "-numa", f"node,nodeid={node},memdev=mem{node},"
                     f"cpus={node * share}-{(node + 1) * share - 1}"]
        return args


def _bytes(size):
    m = re.fullmatch(r"(\d+)([MG]?)", size.upper())
    if not m:
        raise Unusable(f"MEM={size}: give a number with M or G, such as MEM=2G")
    return int(m.group(1)) << {"": 20, "M": 20, "G": 30}[m.group(2)]


def _die_with_parent():
    # PR_SET_PDEATHSIG: a harness that was SIGKILLed leaves no guest running
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    # Ctrl-C is for the harness, which then ends the guest
    os.setpgid(0, 0)


class Guest:
    """One run of a Machine."""

    def __init__(self, machine, log_path, out, boot_timeout, timeout, silence=0, sysrq=()):
        self.machine, self.log_path, self.out = machine, log_path, out
        self.boot_timeout, self.timeout, self.silence = boot_timeout, timeout, silence
        self.sysrq = sorted(sysrq, key=lambda k: k[1])    # (key, seconds after "up")
        self.status = None
        self.up = False
        self.reports = []
        self._tail = b""
        self._ctl_buffer = b""
        self._qmp_buffer = b""

    # --- life ---------------------------------------------------------------

    def run(self):
        self._log = open(self.log_path, "wb", buffering=0)
        self._selector = selectors.DefaultSelector()
        self._channels = {}
        fds, extra = [], []
        for name in ("console", "out", "ctl", "qmp"):
            ours, theirs = socket.socketpair()
            ours.setblocking(False)
            self._channels[name] = ours
            self._selector.register(ours, selectors.EVENT_READ, name)
            fds.append(theirs)
            extra += ["-chardev", f"socket,id={name},fd={theirs.fileno()}"]
        for name in ("console", "out", "ctl"):
            extra += ["-serial", f"chardev:{name}"]
        extra += ["-mon", "chardev=qmp,mode=control"]
        argv = self.machine.arguments() + extra
        self._log.write(("# " + " ".join(argv) + "\n").encode())
        self._process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
            pass_fds=[s.fileno() for s in fds], preexec_fn=_die_with_parent)
        for s in fds:
            s.close()
        self._qmp("qmp_capabilities")
        try:
            return self._watch()
        finally:
            self._end()

    def _watch(self):
        started = self._heard_at = time.monotonic()
        while self.status is None:
            now = time.monotonic()
            while self.up and self.sysrq and now >= self._up_at + self.sysrq[0][1]:
                self.press(self.sysrq.pop(0)[0])
            # (when, what has not come by then)
            if not self.up:
                limits = [(started + self.boot_timeout,
                           f"no sign of life after {self.boot_timeout:g} s of booting")]
            else:
                limits = [(self._up_at + self.timeout,
                           f"no result after {self.timeout:g} s of running the command")
                          ] if self.timeout else []
                if self.silence:
                    limits += [(self._heard_at + self.silence,
                                f"not a word from the command for {self.silence:g} s")]
            deadline, missing = min(limits, default=(now + 3600, ""))
            if now >= deadline:
                return self._timed_out(missing)
            wait = deadline - now
            if self.up and self.sysrq:
                wait = min(wait, self._up_at + self.sysrq[0][1] - now)
            if not self._read(max(wait, 0)):
                return self._gone()
        # QEMU closes its ends when it quits: all that was sent is read by then
        self._qmp("quit")
        self._drain(10)
        return Outcome(self.status)

    def _end(self):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._drain(1)
        for s in self._channels.values():
            s.close()
        self._selector.close()
        self._log.close()

    # --- channels -----------------------------------------------------------

    def _read(self, wait):
        """Handles what has arrived within `wait` s; False once all have closed."""
        if not self._selector.get_map():
            return False
        for key, _ in self._selector.select(min(wait, 5)):
            try:
                data = key.fileobj.recv(65536)
            except BlockingIOError:
                continue
            except ConnectionResetError:
                data = b""
            if not data:
                self._selector.unregister(key.fileobj)
            else:
                getattr(self, "_on_" + key.data)(data)
        return True

    def _drain(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._read(max(end - time.monotonic(), 0)):
            pass

    def _on_console(self, data):
        self._log.write(data.replace(b"\r", b""))
        self._tail = (self._tail + data)[-65536:]

    def _on_out(self, data):
        self._heard_at = time.monotonic()
        self.out(data)

    def _on_ctl(self, data):
        self._ctl_buffer += data
        *lines, self._ctl_buffer = self._ctl_buffer.split(b"\n")
        for line in lines:
            words = line.decode("utf-8", "replace").split()
            if words == ["up"]:
                self.up = True
                self._up_at = self._heard_at = time.monotonic()
            elif len(words) == 2 and words[0] == "exit" and words[1].isdigit():
                self.status = int(words[1])
            elif len(words) == 2 and words[0] == "sysrq" and len(words[1]) == 1:
                self.press(words[1])

    def _on_qmp(self, data):
        pass        # nothing that QEMU answers changes what we do

    def _qmp(self, command, **arguments):
        message = {"execute": command}
        if arguments:
            message["arguments"] = arguments
        try:
            self._channels["qmp"].send(json.dumps(message).encode() + b"\n")
        except OSError:
            pass    # QEMU is gone; _read() notices

    def press(self, key):
        """SysRq from outside: a break on the serial console, then the key."""
        self._qmp("chardev-send-break", id="console")
        self._drain(0.3)
        try:
            self._channels["console"].send(key.encode())
        except OSError:
            pass

    # --- ends without a result ----------------------------------------------

    def _timed_out(self, missing):
        """Says where the guest hangs, in the log, before it is ended."""
        asked = self._log.tell()
        for key in "lw":
            self.press(key)
            self._drain(3)
        if not self._answered():
            # interrupts are off somewhere: the panic that an NMI raises prints
            # that CPU's stack
            self._qmp("inject-nmi")
            self._drain(3)
        return Outcome(TIMEOUT, "time-out: " + missing, True, asked)

    def _answered(self):
        return b"sysrq: " in self._tail[-32768:]

    def _gone(self):
        """QEMU ended by itself."""
        try:
            code = self._process.wait(10)
        except subprocess.TimeoutExpired:
            code = None
        panic = re.search(rb"Kernel panic - not syncing: ([^\r\n]*)", self._tail)
        if panic:
            return Outcome(PANIC, "kernel panic: " + panic[1].decode(errors="replace"), True)
        if re.search(rb"Oops: |BUG: ", self._tail):
            return Outcome(PANIC, "kernel oops", True)
        if code and code < 0:
            return Outcome(LOST, f"QEMU was killed by signal {-code}", True)
        if code:
            return Outcome(LOST, f"QEMU failed with status {code}", True)
        return Outcome(LOST, "the guest reset or switched itself off before the "
                       "command ended" if self.up else
                       "the guest reset or switched itself off while booting", True)


def kernel_reports(log_path):
    """Lines of a log in which the kernel complains."""
    try:
        with open(log_path, "rb") as f:
            return [l.decode(errors="replace").rstrip() for l in f if REPORT.search(l)]
    except OSError:
        return []


def interactive(machine, log_path):
    """The guest's console on this terminal; the status of its shell is not asked."""
    argv = machine.arguments() + [
        "-chardev", f"stdio,id=console,mux=on,signal=off,logfile={log_path}",
        "-serial", "chardev:console", "-serial", "null", "-serial", "null",
        "-mon", "chardev=console,mode=readline"]
    return subprocess.call(argv)
