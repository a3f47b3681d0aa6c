#!/usr/bin/python3
"""Ten bytes, each in a write of its own."""
import sys

out = sys.stdout.buffer
out.write(b"Content-Type: text/plain\n\n")
out.flush()
for digit in b"0123456789":
    out.write(bytes([digit]))
    out.flush()
