#!/usr/bin/python3
import importlib
import json
import sys

print("Content-Type: text/plain\n")
print(json.dumps({"a": 1}), hasattr(json, "marked"))
json.marked = True
again = importlib.reload(json)
print(again is json, json.marked, json.loads("[1]"))
del sys.modules["json"]
import json as fresh

print(fresh is json, hasattr(fresh, "marked"))
importlib.invalidate_caches()
