#!/usr/bin/python3 -Wd
print("Content-Type: text/plain\n")
open("/dev/null")
import sys

print(sys.warnoptions, sys.flags)
