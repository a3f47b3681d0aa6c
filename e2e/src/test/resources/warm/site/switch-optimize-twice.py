#!/usr/bin/python3 -OO
"""A docstring."""
import sys

print("Content-Type: text/plain\n")
assert False, "not under -OO"
print(sys.flags.optimize, __debug__, __doc__, sys.flags)
