#!/usr/bin/python3
# The frame below counts, too.
print("Content-Type: text/plain\n")
depth = 0


def deeper():
    global depth
    depth += 1
    deeper()


try:
    deeper()
except RecursionError:
    print(depth)
