#!/usr/bin/python3 -u
import sys

print("Content-Type: text/plain\n")
for stream in (sys.stdin, sys.stdout, sys.stderr):
    print(repr(stream), stream.line_buffering, stream.write_through, type(stream.buffer), stream.seekable())
