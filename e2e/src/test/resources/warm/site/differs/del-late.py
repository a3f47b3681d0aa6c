#!/usr/bin/python3
# A fresh interpreter cannot read the source any more by then.
class Loud:
    def __del__(self):
        raise ValueError("in __del__")


print("Content-Type: text/plain\n")
left = Loud()
