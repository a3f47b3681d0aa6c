#!/usr/bin/python3
import sys

print("Content-Type: text/plain\n")
print("one line", file=sys.stderr)
sys.stderr.write("half a ")
sys.stderr.write("line\n")
print("\u00e4 \u20ac \udc80 \x07", file=sys.stderr)
print("without an end", end="", file=sys.stderr)
