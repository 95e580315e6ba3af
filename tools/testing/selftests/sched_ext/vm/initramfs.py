# SPDX-License-Identifier: GPL-2.0
"""Writes the guest's first file system: a cpio archive, without needing cpio.

Owns the format ("newc", see Documentation/driver-api/early-userspace/) and the
question which files a program needs to run.  Knows nothing of QEMU.
"""
import os
import shutil
import stat
import subprocess


class Missing(Exception):
    """A file that has to go into the archive is not there."""


class Initramfs:
    def __init__(self):
        self._entries = []
        self._names = set()

    def _add(self, name, mode, data=b"", rdev=(0, 0)):
        name = name.strip("/")
        if not name or name in self._names:
            return
        parent = os.path.dirname(name)
        if parent:
            self._add(parent, stat.S_IFDIR | 0o755)
        self._names.add(name)
        self._entries.append((name, mode, data, rdev))

    def directory(self, name):
        self._add(name, stat.S_IFDIR | 0o755)

    def text(self, name, data, mode=0o644):
        if isinstance(data, str):
            data = data.encode()
        self._add(name, stat.S_IFREG | mode, data)

    def symlink(self, name, target):
        self._add(name, stat.S_IFLNK | 0o777, target.encode())

    def device(self, name, major, minor):
        self._add(name, stat.S_IFCHR | 0o600, rdev=(major, minor))

    def file(self, name, source):
        """The host's file `source`, symlinks followed, under `name`."""
        with open(source, "rb") as f:
            mode = 0o755 if os.access(source, os.X_OK) else 0o644
            self._add(name, stat.S_IFREG | mode, f.read())

    def program(self, path):
        """A host program with the libraries that its loader would map."""
        self.file(path, path)
        for lib in needed_libraries(path):
            self.file(lib, lib)

    def write(self, out):
        for ino, (name, mode, data, rdev) in enumerate(self._entries, 1):
            _record(out, ino, name, mode, data, rdev)
        _record(out, 0, "TRAILER!!!", 0, b"", (0, 0))


def _record(out, ino, name, mode, data, rdev):
    raw = name.encode() + b"\0"
    fields = (ino, mode, 0, 0, 2 if stat.S_ISDIR(mode) else 1, 0, len(data),
              0, 0, rdev[0], rdev[1], len(raw), 0)
    header = b"070701" + b"".join(b"%08X" % f for f in fields)
    # header and name together, then the data, are each padded to four bytes
    out.write(header + raw + b"\0" * (-(len(header) + len(raw)) % 4))
    out.write(data + b"\0" * (-len(data) % 4))


def needed_libraries(path):
    """Absolute paths of what the dynamic loader maps for `path`, itself included."""
    with open(path, "rb") as f:
        if f.read(4) != b"\x7fELF":
            return []
    ldd = subprocess.run(["ldd", path], capture_output=True, text=True)
    libs = []
    for line in ldd.stdout.splitlines():
        words = line.split()
        if "=>" in words and words[-1] == "found":
            raise Missing(f"{path} needs the library {words[0]}, which this host lacks")
        libs += [w for w in words if w.startswith("/")]
    return libs


def find_program(name):
    """A program by name or path, as the shell would find it (and in sbin)."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
    found = shutil.which(name, path=path)
    if not found:
        raise Missing(f"no program '{name}' on this host")
    return os.path.abspath(found)


def static_busybox():
    """busybox linked statically: it must run before any library is in sight."""
    try:
        path = find_program("busybox")
    except Missing:
        raise Missing("busybox is not installed: apt-get install busybox-static") from None
    if needed_libraries(path):
        raise Missing(f"{path} is linked dynamically: apt-get install busybox-static")
    return path
