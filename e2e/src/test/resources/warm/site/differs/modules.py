#!/usr/bin/python3
import sys

print("Content-Type: text/plain\n")
print("json" in sys.modules)
