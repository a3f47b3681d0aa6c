#!/usr/bin/python3
import _bz2
import _ctypes
import _lzma
import array
import ctypes
import ctypes.util
import fcntl
import grp
import hashlib
import mmap
import readline
import select
import syslog
import termios
import unicodedata

print("Content-Type: text/plain\n")
print(unicodedata.name("\u00e4"), array.array("i", [1, 2]), ctypes.sizeof(ctypes.c_long), grp.getgrgid(0).gr_name)
memory = mmap.mmap(-1, 4096)
memory.write(b"anonymous")
print(memory[:9], fcntl.fcntl(1, fcntl.F_GETFD), sorted(hashlib.algorithms_guaranteed)[:2])
poll = select.epoll()
print(poll.fileno(), ctypes.CDLL(None).getpid() > 0)
poll.close()
