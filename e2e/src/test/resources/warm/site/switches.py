#!/usr/bin/python3 -sEB
"""A docstring."""
import sys

print("Content-Type: text/plain\n")
assert False or True
print(sys.flags, __debug__, __doc__, sys.path[:1], sys.dont_write_bytecode)
