#!/usr/bin/python3
import atexit

print("Content-Type: text/plain\n")
atexit.register(print, "after the traceback")
raise ValueError("at the end of main")
