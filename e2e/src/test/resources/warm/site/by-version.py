#!/usr/bin/python3.11
import sys

print("Content-Type: text/plain\n")
print(sys.argv, sys.executable, getattr(sys, "orig_argv", None))
