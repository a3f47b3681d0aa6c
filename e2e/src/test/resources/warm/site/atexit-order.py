#!/usr/bin/python3
import atexit
import sys

print("Content-Type: text/plain\n")


def fail():
    print("fails")
    raise ValueError("in atexit")


def again():
    print("registers another")
    atexit.register(print, "the last")


for number in range(3):
    atexit.register(print, "number", number)
atexit.register(fail)
atexit.register(again)
atexit.register(lambda: sys.stderr.write("said at the end\n"))
atexit.register(sys.exit, 5)
atexit.unregister(sys.exit)
print("main is done")
