"""Seccomp, Linux's filter of system calls: a process gives up calls for ever, for itself and all programs it starts.

The filter refuses what Landlock allows: sockets of any kind, changes to the limits and the priority of other processes,
and memory that no limit counts. With Landlock alone, a notebook could connect to the socket of `tmux` or an ssh agent.
https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

import ctypes
import errno
import os
import platform
import struct
import sys

# name of a call: its number on x86-64 and on ARM64. Newer calls have the same number on both.
_CALLS = {
    "socket": (41, 198),
    "io_uring_setup": (425, 425),  # io_uring can open sockets without the call above
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "setpriority": (141, 140),  # can change all processes of a user
    "ioprio_set": (251, 30),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "userfaultfd": (323, 282),
    "perf_event_open": (298, 241),
    "bpf": (321, 280),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
}
# calls that are refused unless a process applies them to itself; the last number is the position of the argument that
# names the process, where 0 means the caller
_OF_OTHERS = {
    "prlimit64": (302, 261, 0),
    # here the last number is the position of the argument that names the scheduling policy. Only policy 0, the default,
    # can be set, for any process, because our own threads set it.
    "sched_setscheduler": (144, 119, 1),
    "sched_setattr": (314, 274, 0),
    "sched_setaffinity": (203, 122, 0),
}
# signals to other processes: refused only if neither Landlock nor bubblewrap prevents them
_SIGNALS = {
    "kill": (62, 129, 0),
    "tkill": (200, 130, 0),
    "tgkill": (234, 131, 0),
    "rt_sigqueueinfo": (129, 138, 0),
    "rt_tgsigqueueinfo": (297, 240, 0),
    "pidfd_send_signal": (424, 424, 0),
}
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_SET_FILTER, _ALL_THREADS = 1, 1
_SECCOMP = (317, 277)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]


def available() -> bool:
    """Can this machine filter system calls, and does this file list their numbers for it?"""
    return sys.platform == "linux" and platform.machine() in _MACHINES and os.path.exists("/proc/sys/kernel/seccomp")


def shut(signals: bool) -> bool:
    """From now on, this process and those that it starts cannot open sockets or change other processes.

    signals: if True, they cannot send signals to other processes either. Returns False if no filter is possible.
    """
    if not available():
        return False
    column, machine = _MACHINES[platform.machine()]
    code = _program(column, machine, signals)
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(38, 1, 0, 0, 0)  # give up new privileges: a filter requires this first
    program = _Program(len(code) // 8, code)
    number, *arguments = (ctypes.c_long(n) for n in (_SECCOMP[column], _SET_FILTER, _ALL_THREADS))
    return library.syscall(number, *arguments, ctypes.byref(program)) == 0


def _program(column: int, machine: int, signals: bool) -> bytes:
    """Return the filter, a program in the language classic BPF.

    A step that tests something ends with two numbers: how many steps to skip if the test is true, and if it is false.
    """

    def step(code, value, yes=0, no=0):
        return struct.pack("=HBBI", code, yes, no, value)

    steps = [step(_LOAD, 4), step(_EQUAL, machine, 1, 0), step(_RETURN, _REFUSE), step(_LOAD, 0)]
    if column == 0:  # refuse all calls of x32, which has the same calls under other numbers
        steps += [step(_AT_LEAST, 0x40000000, 0, 1), step(_RETURN, _REFUSE)]
    for numbers in _CALLS.values():
        steps += [step(_EQUAL, numbers[column], 0, 1), step(_RETURN, _REFUSE)]
    for *both, argument in (_OF_OTHERS | (_SIGNALS if signals else {})).values():
        steps += [
            step(_EQUAL, both[column], 0, 5),
            step(_LOAD, 16 + 8 * argument),  # the lower 32 bits of the argument, enough for a process id
            step(_EQUAL, 0, 2, 0),
            step(_EQUAL, os.getpid(), 1, 0),
            step(_RETURN, _REFUSE),
            step(_RETURN, _ALLOW),
        ]
    return b"".join([*steps, step(_RETURN, _ALLOW)])
