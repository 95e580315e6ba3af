# SPDX-License-Identifier: GPL-2.0
"""How fast the host's time stamp counter ticks, for the guest's kernel to know.

Under TCG the guest's counter is the host's.  A kernel that boots finds its rate
out by comparing it to a timer for some milliseconds; on a busy host it has been
seen to be wrong by a factor of six, whereupon a second of the guest's clock is
not a second, and every time-out and watchdog in it goes wrong.
"""
import ctypes
import functools
import mmap
import platform
import time

# rdtsc; shl $32, %rdx; or %rdx, %rax; ret
RDTSC = bytes.fromhex("0f3148c1e2204809d0c3")


def _reader():
    code = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(RDTSC)
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    function = ctypes.CFUNCTYPE(ctypes.c_uint64)(address)
    function.code = code    # lives as long as the function
    return function


def _sample(rdtsc):
    """(ns, ticks) of one moment: the tightest of several attempts."""
    best = None
    for _ in range(50):
        before = time.monotonic_ns()
        ticks = rdtsc()
        after = time.monotonic_ns()
        if best is None or after - before < best[0]:
            best = (after - before, (before + after) // 2, ticks)
    return best[1:]


@functools.lru_cache(maxsize=1)
def khz():
    """Ticks a millisecond, or None where that cannot be found out."""
    if platform.machine() != "x86_64":
        return None
    try:
        rdtsc = _reader()
    except (OSError, ValueError):
        return None     # no memory may be written and executed here
    start = _sample(rdtsc)
    time.sleep(0.1)
    end = _sample(rdtsc)
    return round((end[1] - start[1]) * 1e6 / (end[0] - start[0]))


if __name__ == "__main__":
    print(khz())
