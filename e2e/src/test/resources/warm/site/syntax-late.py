#!/usr/bin/python3
print("Content-Type: text/plain\n")


def f():
    return = 1
