#!/usr/bin/python3
print("Content-Type: text/plain\n", flush=True)


def deeper(n):
    return deeper(n + 1)


deeper(0)
