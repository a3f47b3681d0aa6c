#!/usr/bin/python3 -bq
import sys

print("Content-Type: text/plain\n")
print(sys.flags)
print(str(b"x"))
print(b"x" == "x")
