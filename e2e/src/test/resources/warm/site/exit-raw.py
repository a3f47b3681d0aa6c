#!/usr/bin/python3
import atexit
import os
import sys

atexit.register(print, "never run")
print("Content-Type: text/plain\n", flush=True)
print("never flushed")
sys.stderr.write("said before the end\n")
os._exit(5)
