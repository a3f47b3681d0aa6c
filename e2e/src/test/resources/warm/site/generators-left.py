#!/usr/bin/python3
import contextlib

print("Content-Type: text/plain\n")


def numbers():
    try:
        yield 1
        yield 2
    finally:
        print("the generator ends")


@contextlib.contextmanager
def held():
    print("enter")
    try:
        yield
    finally:
        print("leave")


numbers_left = numbers()
next(numbers_left)
context_left = held()
context_left.__enter__()
stack = contextlib.ExitStack()
stack.callback(print, "not called by itself")
print("main is done")
