#!/usr/bin/python3 -Xutf8
import sys

print("Content-Type: text/plain\n")
print(sys.flags.utf8_mode, sys._xoptions, sys.stdout.encoding, sys.stdout.errors)
