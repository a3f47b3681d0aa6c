#!/usr/bin/env -S python3 -u -B
import os
import sys

print("Content-Type: text/plain\n")
print(sys.argv, sys.flags, sys.executable, getattr(sys, "orig_argv", None))
os.write(1, b"the second line\n")
