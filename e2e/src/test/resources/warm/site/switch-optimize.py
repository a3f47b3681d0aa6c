#!/usr/bin/python3 -O
"""A docstring."""
import sys

print("Content-Type: text/plain\n")
assert False, "not under -O"
print(sys.flags.optimize, __debug__, __doc__, sys.flags)
