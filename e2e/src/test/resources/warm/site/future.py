#!/usr/bin/python3
"""A script with a docstring."""
from __future__ import annotations

print("Content-Type: text/plain\n")


def f(a: not_defined, b: int = 1) -> "text":
    """And a function with one."""


print(f.__annotations__, __doc__, f.__doc__)
x: int = 3
print(__annotations__)
