#!/usr/bin/python3 -u
import os
import sys

print("Content-Type: text/plain\n")
print("a line")
os.write(1, b"then a write\n")
sys.stdout.write("half a line")
os.write(1, b", then a write\n")
print(sys.stdout.write_through, sys.stdout.line_buffering, type(sys.stdout.buffer).__name__)
