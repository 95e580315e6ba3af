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

# What 6.1 refuses and the patched kernel takes on purpose, and why
DIFFERENT = {
    "spin_lock: test10 lock in subprog without unlock": "bpf/spin_lock: static functions are called with a lock held",
    "bounds checks mixing signed and unsigned, variant 10": "bpf/constant_left: what follows `if 0 > r1` is never gone to",
}


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


def build_verifier_cost():
    """test_verifier that says by -v how much was verified, and leaves out how."""
    build_verifier()
    with open(os.path.join(SOURCE, "test_verifier.c"), encoding="utf-8") as f:
        text = f.read()
    level = re.compile(r"^(#define VERBOSE_LIBBPF_LOG_LEVEL)\s+1$", re.M)
    if not level.search(text):
        raise Trouble("test_verifier.c has no VERBOSE_LIBBPF_LOG_LEVEL to change")
    write(OUT + "/test_verifier_cost.c", level.sub(r"\1 4", text))
    return compile_test("test_verifier_cost", [OUT + "/test_verifier_cost.c", "cap_helpers.c"], "-include", "stdbool.h")


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


def costs(text):
    """{test: verified instructions} of the programs that test_verifier_cost -v has loaded."""
    found, test, insns = {}, None, None
    for line in text.splitlines():
        m = re.match(r"#(\d+/\w+ .*?) ?(, verifier log:|SKIP|FAIL|$)", line)
        if m:
            test, insns = m[1], None
        m = re.match(r"processed (\d+) insns", line)
        if m and insns is None:
            insns = int(m[1])
        if re.match(r"(\d+ cases )?OK", line) and test and insns:
            found[test] = insns
    return found


def compare_costs(pristine, patched):
    """Lines that tell what takes more than 5 % more instructions to verify."""
    bad = []
    for test, insns in pristine.items():
        now = patched.get(test)
        if now is None:
            if test.partition(" ")[2] not in DIFFERENT:
                bad.append(f"{test}: {insns} instructions on pristine 6.1, not verified on the patched kernel")
        elif now > insns * 1.05:
            bad.append(f"{test}: {insns} instructions on pristine 6.1, {now} on the patched kernel")
    return bad


def compare(pristine, patched):
    """Lines that tell what is worse or missing on the patched kernel."""
    bad, differs = [], set()
    for test, verdict in pristine.items():
        now = patched.get(test, "not run")
        name = test.partition(" ")[2]
        if name in DIFFERENT and (verdict, now) == ("OK", "FAIL"):
            differs.add(name)
        elif now != verdict:
            bad.append(f"{test}: {verdict} on pristine 6.1, {now} on the patched kernel")
    bad += [f"{test}: FAIL on the patched kernel, not run on pristine 6.1"
            for test, verdict in patched.items() if verdict == "FAIL" and test not in pristine]
    # each was run as root at least, and maybe without privileges, too
    here = {test.partition(" ")[2] for test in pristine} & set(DIFFERENT)
    bad += [f"{name}: is to differ, but does not" for name in sorted(here - differs)]
    return bad
