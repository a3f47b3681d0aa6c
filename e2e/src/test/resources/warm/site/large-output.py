#!/usr/bin/python3
import sys

print("Content-Type: text/plain\n")
for number in range(48000):
    print("%08d" % number, "x" * 54)
sys.stdout.flush()
