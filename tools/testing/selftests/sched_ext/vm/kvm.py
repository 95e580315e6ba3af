# SPDX-License-Identifier: GPL-2.0
"""Decides whether this host's KVM can run a guest.

That /dev/kvm exists proves nothing: on some para-virtualised hosts every guest
dies in early boot.  So a small probe guest has to boot and run a command; the
answer is kept, outside the clone, for as long as host kernel, its boot and
QEMU stay the same.
"""
import hashlib
import os

import qemu


def cache_dir():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "scx-lts")


def _answer_file():
    with open("/proc/sys/kernel/random/boot_id") as f:
        boot = f.read().strip()
    key = f"{os.uname().release} {boot} {qemu.version()}"
    return os.path.join(cache_dir(), "kvm-" + hashlib.sha256(key.encode()).hexdigest()[:16])


def usable(kernel, make_initrd, log_path):
    """True if a probe guest has booted under KVM.  make_initrd(command) -> path."""
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return False
    answer = _answer_file()
    try:
        with open(answer) as f:
            return f.read().strip() == "yes"
    except OSError:
        pass
    machine = qemu.Machine(kernel, make_initrd("exit 42"), smp="2", mem="512M", accel="kvm")
    guest = qemu.Guest(machine, log_path, lambda data: None, boot_timeout=20, timeout=20)
    good = guest.run().status == 42
    os.makedirs(os.path.dirname(answer), exist_ok=True)
    temporary = f"{answer}.{os.getpid()}"
    with open(temporary, "w") as f:
        f.write("yes\n" if good else "no\n")
    os.replace(temporary, answer)
    return good
