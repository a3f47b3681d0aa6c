#!/usr/bin/python3
import os


class Thing:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        os.write(1, b"del %s\n" % self.name)


os.write(1, b"Content-Type: text/plain\n\n")
one = Thing(b"one")
_two = Thing(b"two")
three = [Thing(b"three")]
four = Thing(b"four")
four.itself = four
five = lambda thing=Thing(b"five"): thing
