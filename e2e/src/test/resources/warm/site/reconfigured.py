#!/usr/bin/python3
import sys

sys.stdout.reconfigure(encoding="iso-8859-1", newline="\r\n", errors="replace")
print("Content-Type: text/plain; charset=iso-8859-1\n")
print("gr\u00fc\u00dfe \u20ac")
