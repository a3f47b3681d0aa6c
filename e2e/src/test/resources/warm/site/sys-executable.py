#!/usr/bin/python3
import os
import sys

print("Content-Type: text/plain\n")
print(sys.executable, sys._base_executable, os.readlink("/proc/self/exe"))
