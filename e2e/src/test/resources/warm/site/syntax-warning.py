#!/usr/bin/python3
# Said by the compiler, each time: a program that is compiled once and run often must not swallow it.
print("Content-Type: text/plain\n")
value = 1000
print(value is 1000, "\d")
assert (value, "always true")
