#!/usr/bin/python3
import json
import sys

print("Content-Type: text/plain\n", flush=True)
print(sys.getrecursionlimit())


def deeper(n):
    return deeper(n + 1)


for limit in (None, 150, 5000):
    if limit:
        sys.setrecursionlimit(limit)
    try:
        deeper(0)
    except RecursionError as error:
        print(limit, error)
sys.setrecursionlimit(1000)
nested = []
for _ in range(100000):
    nested = [nested]
for function in (json.dumps, repr):
    try:
        function(nested)
    except RecursionError as error:
        print(type(error).__name__, error)
while nested:
    nested = nested.pop()
try:
    sys.setrecursionlimit(1)
except RecursionError:
    print("too low")
