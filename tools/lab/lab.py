# SPDX-License-Identifier: GPL-2.0
"""What the programs of the lab share: where things are, and what they measure."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
REPO = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.join(REPO, "build")
VMDIR = os.path.join(REPO, "tools/testing/selftests/sched_ext/vm")
VM = os.path.join(VMDIR, "vm")


class Trouble(Exception):
    """What the user can do something about; its text says what."""


def compiled(name):
    """The path of the lab's C program of that name, built if it is older than its source."""
    out = os.path.join(BUILD, "obj", "lab", name)
    source = os.path.join(HERE, name + ".c")
    if os.path.exists(out) and os.path.getmtime(out) > os.path.getmtime(source):
        return out
    os.makedirs(os.path.dirname(out), exist_ok=True)
    p = subprocess.run(["gcc", "-O2", "-Wall", "-static", "-o", out + ".tmp", source], check=False)
    if p.returncode:
        raise Trouble(f"{source} cannot be built statically (gcc and libc6-dev are needed)")
    os.replace(out + ".tmp", out)
    return out


def schedulers():
    """The names of the schedulers in SCHED=, or of all; each is built."""
    asked = os.environ.get("SCHED", "").split()
    there = sorted(d for d in os.listdir(os.path.join(REPO, "scheds")) if d.startswith("scx_"))
    for n in asked or there:
        if n not in there:
            raise Trouble(f"SCHED={n}: there is no such scheduler (there are {' '.join(there)})")
        if not os.access(os.path.join(BUILD, "bin", n), os.X_OK):
            raise Trouble(f"the scheduler {n} is not in build/bin: run 'make scheds'")
    return asked or there


def numbers(name, default):
    """The numbers above 0 in the environment variable NAME."""
    text = os.environ.get(name) or str(default)
    if not all(n.isdecimal() and int(n) for n in text.split()):
        raise Trouble(f"{name}={text}: wanted is a number above 0")
    return [int(n) for n in text.split()]


def number(name, default):
    """As numbers(), of one."""
    first, *more = numbers(name, default)
    if more:
        raise Trouble(f"{name}={os.environ[name]}: wanted is one number")
    return first


def run(main):
    """The program's frame: exits with main()'s status, or says what is wrong."""
    name = os.path.basename(sys.argv[0])
    try:
        sys.exit(main())
    except Trouble as e:
        print(f"{name}: {e}", file=sys.stderr)
        sys.exit(1)
    except subprocess.CalledProcessError as e:
        sys.exit(e.returncode)
    except KeyboardInterrupt:
        sys.exit(130)
