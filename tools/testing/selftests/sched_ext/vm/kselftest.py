# SPDX-License-Identifier: GPL-2.0
"""6.1's own BPF selftests, on pristine 6.1 and on the patched kernel: what differs?

The sources are those of the kernel tree itself (build/pristine), compiled against
the libbpf that everything here uses. Left out are map_tests that need a BPF object
of their own (task_storage_map), and test_progs, which needs a kernel with far more
in it than the guest's.
"""
import os
import re
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
REPO = os.path.normpath(os.path.join(HERE, *[os.pardir] * 5))
BUILD = os.path.join(REPO, "build")
TREE = os.path.join(BUILD, "pristine")
SOURCE = os.path.join(TREE, "tools/testing/selftests/bpf")
OUT = os.path.join(BUILD, "obj/kselftest")
TOOLCHAIN = os.path.join(BUILD, "toolchain")

FLAGS = ["-O1", "-g", "-w", "-D_GNU_SOURCE", "-isystem", TOOLCHAIN + "/usr/include", "-I" + OUT,
         "-I" + SOURCE, f"-I{TREE}/tools/include", f"-I{TREE}/tools/include/uapi"]
LIBS = [TOOLCHAIN + "/usr/lib64/libbpf.a", "-lelf", "-lz", "-lrt", "-lpthread"]


class Trouble(Exception):
    """Something that keeps a selftest from being built or run."""


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def compile_test(name, sources, *flags):
    out = os.path.join(OUT, name)
    cmd = ["gcc", *FLAGS, *flags, "-o", out + ".tmp", *(os.path.join(SOURCE, s) for s in sources), *LIBS]
    p = subprocess.run(cmd, capture_output=True, text=True, check=False)
    if p.returncode:
        raise Trouble(f"{name} does not build\n{p.stderr[-3000:]}")
    os.replace(out + ".tmp", out)
    return out


def listing(folder, leave_out=()):
    """The .c files of a folder, relative to SOURCE."""
    return sorted(f"{folder}/{f}" for f in os.listdir(os.path.join(SOURCE, folder))
                  if f.endswith(".c") and f not in leave_out)


def build_verifier():
    tests = "".join(f'#include "{f}"\n' for f in listing("verifier"))
    write(OUT + "/verifier/tests.h", "#ifdef FILL_ARRAY\n" + tests + "#endif\n")
    return compile_test("test_verifier", ["test_verifier.c", "cap_helpers.c"], "-include", "stdbool.h")


def build_maps():
    files = listing("map_tests", ["task_storage_map.c"])
    names = [os.path.basename(f)[:-2] for f in files]
    write(OUT + "/map_tests/tests.h", "".join(f"DEFINE_TEST({n})\n" for n in names))
    return compile_test("test_maps", ["test_maps.c", *files], "-include", "linux/compiler.h")


def results(text):
    """{test: verdict} of what either program prints."""
    found = {}
    for line in text.splitlines():
        m = re.match(r"#(\d+/\w+) (.*?) ?(OK|FAIL|SKIP)\b", line)
        if m:
            found[f"{m[1]} {m[2]}"] = m[3]
            continue
        m = re.match(r"(test_\w+):(PASS|SKIP)|(test_maps): (OK)|(Failed .*)", line)
        if m:
            found[m[1] or m[3] or m[5]] = m[2] or m[4] or "FAIL"
    return found


def compare(pristine, patched):
    """Lines that tell what is worse or missing on the patched kernel."""
    bad = []
    for test, verdict in pristine.items():
        now = patched.get(test, "not run")
        if now != verdict:
            bad.append(f"{test}: {verdict} on pristine 6.1, {now} on the patched kernel")
    bad += [f"{test}: FAIL on the patched kernel, not run on pristine 6.1"
            for test, verdict in patched.items() if verdict == "FAIL" and test not in pristine]
    return bad
