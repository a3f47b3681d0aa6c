#!/usr/bin/python3
import sys

print("Content-Type: text/plain\n")
print(sys.getrecursionlimit())
depth = 0


def deeper():
    global depth
    depth += 1
    deeper()


try:
    deeper()
except RecursionError as error:
    print(error)
print(depth)
sys.setrecursionlimit(150)
depth = 0
try:
    deeper()
except RecursionError as error:
    print(error)
print(depth)
