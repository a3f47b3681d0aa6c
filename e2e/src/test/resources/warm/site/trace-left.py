#!/usr/bin/python3
# A trace function that is still there when the program ends sees what is run then.
import atexit
import sys

print("Content-Type: text/plain\n", flush=True)


def trace(frame, event, argument):
    if event == "call":
        print("call", frame.f_code.co_name)


def last():
    pass


atexit.register(last)
sys.settrace(trace)
