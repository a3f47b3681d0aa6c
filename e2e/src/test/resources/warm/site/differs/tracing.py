#!/usr/bin/python3
# A trace function that is left in place sees how a fork ends.
import sys

print("Content-Type: text/plain\n")


def trace(frame, event, argument):
    if event == "call":
        print("call", frame.f_code.co_name)


sys.settrace(trace)
