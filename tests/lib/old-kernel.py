"""Runs a program as if the kernel lacked some system calls: they fail with ENOSYS.

    old-kernel.py landlock|seccomp|both COMMAND...
"""
import ctypes
import os
import platform
import struct
import sys

ALLOW, ERRNO, ENOSYS = 0x7fff0000, 0x00050000, 38
LANDLOCK = [444, 445, 446]
SECCOMP = [277 if platform.machine() == "aarch64" else 317]
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 22, 38

without = {"landlock": LANDLOCK, "seccomp": SECCOMP, "both": LANDLOCK + SECCOMP}[sys.argv[1]]
program = struct.pack("HBBI", 0x20, 0, 0, 0)  # the call's number
for number in without:
    program += struct.pack("HBBI", 0x15, 0, 1, number) + struct.pack("HBBI", 6, 0, 0, ERRNO | ENOSYS)
program += struct.pack("HBBI", 6, 0, 0, ALLOW)
memory = ctypes.create_string_buffer(program)


class Program(ctypes.Structure):
    _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


libc = ctypes.CDLL(None, use_errno=True)
libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
if libc.prctl(PR_SET_SECCOMP, 2, ctypes.byref(Program(len(program) // 8, ctypes.addressof(memory)))):
    sys.exit(f"old-kernel.py: {os.strerror(ctypes.get_errno())}")
os.execvp(sys.argv[2], sys.argv[2:])
