#!/usr/bin/python3
import atexit
import os
import sys


def leave():
    sys.exit(int(os.environ["QUERY_STRING"]))


print("Content-Type: text/plain\n")
atexit.register(print, "still run")
atexit.register(leave)
print("main is done")
sys.exit(3)
