#!/usr/bin/python3 -I
import os
import sys

print("Content-Type: text/plain\n")
print(sys.flags, os.path.dirname(os.path.abspath(__file__)) in sys.path, sys.path, sys.argv)
