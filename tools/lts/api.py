#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Writes Documentation/scheduler/sched-ext-api.rst from the sources.

  api.py            writes it
  api.py --check    only says whether it is as the sources have it

Which functions are kfuncs is read from the BTF_ID_FLAGS() lines, what they do
from their kernel-doc comments by the kernel's own scripts/kernel-doc.  A kfunc
without such a comment, or one that kernel-doc has a warning for, is an error.
"""
import glob
import os
import re
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
KERNEL_DOC = os.path.join(ROOT, "build/pristine/scripts/kernel-doc")
PAGE = "Documentation/scheduler/sched-ext-api.rst"
OPS = "kernel/sched/ext/ops.h"

HEAD = """.. SPDX-License-Identifier: GPL-2.0
.. Written by tools/lts/api.py from the comments in the sources: change those.

==============================================
sched_ext: callbacks and functions, one by one
==============================================

What they are for together is in sched-ext.rst; what else BPF programs find on this
kernel is in sched-ext-bpf.rst.

"""


class Trouble(Exception):
    pass


def kernel_doc(path, *names):
    """The reST text of a file's comments, all or those of some functions."""
    command = [KERNEL_DOC, "-rst", "-sphinx-version", "3.0.0"]
    for n in names:
        command += ["-function", n]
    p = subprocess.run(command + [path], cwd=ROOT, capture_output=True, text=True, check=False)
    complaints = [l for l in p.stderr.splitlines() if "warning" in l or "error" in l]
    if p.returncode or complaints:
        raise Trouble("\n".join(complaints) or f"{path}: kernel-doc ended with status {p.returncode}")
    return p.stdout


def title(text, line):
    return f"{text}\n{line * len(text)}\n\n"


def kfuncs(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        found = re.findall(r"^BTF_ID_FLAGS\(func, (\w+)((?:, )?[^)]*)\)", f.read(), re.M)
    flags = {}
    for name, more in found:
        flags.setdefault(name, more.strip(", "))
    return flags


FLAGS = {
    "KF_ACQUIRE": "what it returns has to be given back",
    "KF_RELEASE": "takes back what another one gave",
    "KF_RET_NULL": "may return NULL",
    "KF_SLEEPABLE": "only in programs that may sleep",
    "KF_RCU": "objects that RCU protects will do",
    "KF_RCU_PROTECTED": "only in an RCU section",
    "KF_TRUSTED_ARGS": "takes trusted objects only",
}


def tidy(text):
    """kernel-doc's text without directives, indented as for readers of the file."""
    out = []
    for line in text.splitlines():
        m = re.match(r"\.\. c:(function|struct|enum|type|macro):: (.*)", line)
        if m:
            if m[1] == "function":
                out += ["::", "", "  " + re.sub(r"\bnoinline |__used ", "", m[2]).replace(" (", "(", 1)]
        else:
            out.append(re.sub(r"^   (?=\S)", "", line))
    text = "\n".join(out).replace("**Parameters**\n\n``void``\n  no arguments\n", "")
    # kernel-doc leaves several empty lines in a row
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n\n"


def page():
    text = HEAD + title("Callbacks and their arguments", "=")
    parts = re.split(r"^\.\. c:(?:struct|type):: (?:struct )?(\w+)$", kernel_doc(OPS), flags=re.M)
    for name, body in zip(parts[1::2], parts[2::2]):
        text += title("struct " + name, "-") + tidy(body)

    text += title("Functions", "=")
    seen = set()
    for path in [p for folder in ("kernel/sched/ext", "kernel/bpf")
                 for p in sorted(glob.glob(folder + "/*.c", root_dir=ROOT))]:
        names = {n: f for n, f in kfuncs(path).items() if n not in seen}
        if not names:
            continue
        seen |= set(names)
        parts = re.split(r"^(\.\. c:function:: .*?(\w+) \(.*)$", kernel_doc(path, *names), flags=re.M)
        bodies = {n: head + body for head, n, body in zip(parts[1::3], parts[2::3], parts[3::3])}
        missing = [n for n in names if n not in bodies]
        if missing:
            raise Trouble(f"{path}: no kernel-doc comment for {' '.join(missing)}")
        text += title(path, "-")
        for name, flags in names.items():
            text += title(name, "~") + tidy(bodies[name])
            said = [FLAGS[f.strip()] for f in flags.split("|") if f.strip() in FLAGS]
            if said:
                text += "**For the verifier**\n\n" + "; ".join(said) + ".\n\n"
    return text.rstrip() + "\n"


def main():
    if not os.access(KERNEL_DOC, os.X_OK):
        raise Trouble("build/pristine is not there; way out: make check or make patches")
    new, path = page(), os.path.join(ROOT, PAGE)
    if sys.argv[1:] == ["--check"]:
        try:
            with open(path, encoding="utf-8") as f:
                same = f.read() == new
        except FileNotFoundError:
            same = False
        if not same:
            raise Trouble(f"{PAGE} is not what the sources say; way out: make api")
    elif sys.argv[1:]:
        raise Trouble("usage: api.py [--check]")
    else:
        with open(path, "w", encoding="utf-8") as f:
            f.write(new)
        print(f"api: wrote {PAGE}: {new.count(chr(10))} lines")


if __name__ == "__main__":
    try:
        main()
    except Trouble as e:
        print(f"api: {e}", file=sys.stderr)
        sys.exit(1)
