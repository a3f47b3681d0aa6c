#!/usr/bin/python3
import json
import sys

print("Content-Type: text/plain\n")
for limit in range(1, 12):
    try:
        sys.setrecursionlimit(limit)
        print("can be", limit)
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
