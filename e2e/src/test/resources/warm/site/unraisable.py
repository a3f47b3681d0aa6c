#!/usr/bin/python3
import sys


class Loud:
    def __del__(self):
        raise ValueError("in __del__")

    def __repr__(self):
        return "<loud>"


print("Content-Type: text/plain\n")
loud = Loud()
del loud
sys.unraisablehook = lambda event: print("hook:", event.exc_type.__name__, event.exc_value)
loud = Loud()
del loud
left = Loud()
