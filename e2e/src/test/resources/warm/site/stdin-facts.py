#!/usr/bin/python3
import os
import stat
import sys

print("Content-Type: text/plain\n")
print(sys.stdin.seekable(), sys.stdin.buffer.seekable(), sys.stdin.isatty(), sys.stdin.encoding, sys.stdin.errors)
for what in (sys.stdin, sys.stdin.buffer, sys.stdin.buffer.raw):
    try:
        print(what.tell())
    except OSError as error:
        print(error)
print(stat.S_ISFIFO(os.fstat(0).st_mode), os.environ.get("CONTENT_LENGTH"), os.environ.get("CONTENT_TYPE"))
print(repr(sys.stdin.read()), repr(sys.stdin.read()))
try:
    print(sys.stdin.seek(0))
except (OSError, ValueError) as error:
    print(error)
