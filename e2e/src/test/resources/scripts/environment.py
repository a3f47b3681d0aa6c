#!/usr/bin/python3
"""Prints its environment as the kernel got it: NAME=value, each ended by a NUL."""
import sys

with open("/proc/self/environ", "rb") as environ:
    entries = environ.read()
sys.stdout.buffer.write(b"Content-Type: application/octet-stream\n\n" + entries)
